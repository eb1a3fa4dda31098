public import CertificateAuthority
public import Foundation
import Registry

/// How long people stay signed in.
public struct AccountSettings: Hashable, Sendable {
    /// After how many minutes without use a session is over.
    public var idleMinutes = 30
    /// After how many minutes a session is over in any case.
    public var absoluteMinutes = 720

    /// Makes the settings of a new installation.
    public init() {}

    var idleTime: TimeInterval { TimeInterval(self.idleMinutes) * 60 }
    var absoluteTime: TimeInterval { TimeInterval(self.absoluteMinutes) * 60 }

    /// When a session is over that is not used any more.
    func end(of session: SessionRecord) -> Date {
        min(
            session.expiresAt, session.createdAt.addingTimeInterval(self.absoluteTime),
            session.lastUsedAt.addingTimeInterval(self.idleTime))
    }
}

extension AccountSettings: StoredSettings {
    private enum CodingKeys: String, CodingKey {
        case idleMinutes, absoluteMinutes
    }

    /// Reads stored settings.
    ///
    /// - Throws: `DecodingError` where a value is none that this version knows.
    public init(from decoder: any Decoder) throws {
        self.init()
        let values = try decoder.container(keyedBy: CodingKeys.self)
        try values.update(&self.idleMinutes, .idleMinutes)
        try values.update(&self.absoluteMinutes, .absoluteMinutes)
    }

    /// By which name they are stored.
    static let name = "accounts"

    /// Refuses settings that make no sense.
    func check() throws(AdministrationError) {
        // The last use is written once a minute, so less than a few minutes could not be told.
        for (field, minutes) in [("idleMinutes", self.idleMinutes), ("absoluteMinutes", self.absoluteMinutes)]
        where !(5...43_200).contains(minutes) {
            throw AdministrationError("\(field) has to be 5 to 43200 (30 days), not \(minutes)", field: field)
        }
        guard self.idleMinutes <= self.absoluteMinutes else {
            throw AdministrationError("idleMinutes cannot be more than absoluteMinutes", field: "idleMinutes")
        }
    }
}

extension AccountTransaction {
    /// The settings as they are set.
    func accountSettings() throws -> AccountSettings {
        try self.setting(AccountSettings.name).map(AccountSettings.init(json:)) ?? AccountSettings()
    }
}

/// How people sign in.
extension Administration {
    /// How long people stay signed in.
    ///
    /// - Throws: ``RegistryError``, or `DecodingError` where this version does not know what is stored.
    public func accountSettings() async throws -> AccountSettings {
        try await self.registry.setting(AccountSettings.name).map(AccountSettings.init(json:)) ?? AccountSettings()
    }

    /// Changes how long people stay signed in, those too who are.
    ///
    /// - Parameters:
    ///   - revision: What stands for the settings that were seen; nil where that does not matter.
    ///   - principal: Who changes it.
    ///   - now: The time.
    ///   - change: Changes it.
    /// - Throws: ``AdministrationError`` that says what cannot be, or ``RegistryError``.
    public func changeAccountSettings(
        expecting revision: String? = nil,
        by principal: Principal,
        at now: Date,
        _ change: (inout AccountSettings) throws -> Void
    ) async throws {
        try principal.require(.writeSettings)
        var settings = try await self.accountSettings()
        try AdministrationError.check(revision, is: try settings.revision, "the settings of sessions")
        try change(&settings)
        try settings.check()
        try await self.registry.set(AccountSettings.name, to: try settings.json(), by: principal.decider, at: now)
    }

    /// What a password has to be.
    ///
    /// - Throws: ``RegistryError``, or `DecodingError` where this version does not know what is stored.
    public func passwordPolicy() async throws -> PasswordPolicy {
        try await self.registry.setting(PasswordPolicy.name).map(PasswordPolicy.init(json:)) ?? PasswordPolicy()
    }

    /// Changes what a password has to be, for those that are set from now on.
    ///
    /// - Parameters:
    ///   - revision: What stands for the settings that were seen; nil where that does not matter.
    ///   - principal: Who changes it.
    ///   - now: The time.
    ///   - change: Changes it.
    /// - Throws: ``AdministrationError`` that says what cannot be, or ``RegistryError``.
    public func changePasswordPolicy(
        expecting revision: String? = nil,
        by principal: Principal,
        at now: Date,
        _ change: (inout PasswordPolicy) throws -> Void
    ) async throws {
        try principal.require(.writeSettings)
        var policy = try await self.passwordPolicy()
        try AdministrationError.check(revision, is: try policy.revision, "the password policy")
        try change(&policy)
        try policy.check()
        try await self.registry.set(PasswordPolicy.name, to: try policy.json(), by: principal.decider, at: now)
    }
}
