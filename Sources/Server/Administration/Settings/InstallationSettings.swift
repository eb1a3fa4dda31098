import CertificateAuthority
import Foundation
import Registry

/// A group of settings of the whole installation, which the registry keeps as one text.
protocol InstallationSettings: StoredSettings, Hashable, Sendable {
    /// Under which name they are stored.
    static var name: String { get }
    /// What they are called in a sentence: `the limits`.
    static var title: String { get }
    /// What a change of them is called in the audit log.
    static var changeKind: EventKind { get }
    /// The settings of a new installation.
    init()
    /// Refuses settings that make no sense.
    associatedtype Refusal: Error
    func check() throws(Refusal)
}

extension InstallationSettings {
    static var changeKind: EventKind { .settingChanged }

    /// Reads the settings; those of a new installation where none were set.
    init(in registry: Registry) async throws {
        try self.init(stored: try await registry.setting(Self.name))
    }

    /// The settings of a text that is stored; those of a new installation where there is none.
    init(stored text: String?) throws {
        self = try text.map(Self.init(json:)) ?? Self()
    }

    /// Records the settings, unless others were recorded since.
    ///
    /// - Parameters:
    ///   - old: What was stored when they were read; nil for nothing.
    ///   - registry: Where they are kept.
    ///   - decider: Who decides it.
    ///   - now: The time.
    /// - Returns: Whether it was still so.
    /// - Throws: ``RegistryError``.
    func save(over old: String?, in registry: Registry, by decider: Decider, at now: Date) async throws -> Bool {
        try await registry.replaceSetting(
            Self.name, old, by: try self.json(), initially: try Self().json(), event: Self.changeKind, by: decider,
            at: now)
    }
}

/// Settings of the whole installation.
extension Administration {
    /// The settings as they are.
    ///
    /// - Throws: ``RegistryError``, or `DecodingError` where this version does not know what is stored.
    func settings<Settings: InstallationSettings>(_ kind: Settings.Type = Settings.self) async throws -> Settings {
        try await Settings(in: self.registry)
    }

    /// Changes settings, for whatever happens from now on.
    ///
    /// Where somebody else changes them at the same time, both changes are kept.
    ///
    /// - Parameters:
    ///   - kind: Which ones.
    ///   - revision: What stands for the settings that were seen; nil where that does not matter.
    ///   - decider: Who changes them.
    ///   - now: The time.
    ///   - change: Changes them.
    /// - Throws: What refuses settings that cannot be; ``AdministrationError`` of the kind `changed`; ``RegistryError``.
    func change<Settings: InstallationSettings>(
        _ kind: Settings.Type = Settings.self,
        expecting revision: String? = nil,
        by decider: Decider,
        at now: Date,
        _ change: (inout Settings) throws -> Void
    ) async throws {
        for _ in 0..<5 {
            let old = try await self.registry.setting(Settings.name)
            var settings = try Settings(stored: old)
            try AdministrationError.check(revision, is: try settings.revision, Settings.title)
            try change(&settings)
            try settings.check()
            if try await settings.save(over: old, in: self.registry, by: decider, at: now) { return }
        }
        throw AdministrationError("\(Settings.title) are being changed by others all the time: try again", .conflict)
    }
}
