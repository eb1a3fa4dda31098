public import Foundation
public import Registry

/// Where devices find what the CAs publish.
extension Administration {
    /// The settings.
    ///
    /// - Throws: ``RegistryError``, or `DecodingError` where this version does not know what is stored.
    public func publication() async throws -> PublicationSettings {
        try await PublicationSettings(in: self.registry)
    }

    /// Changes the settings, for what is issued from now on.
    ///
    /// - Parameters:
    ///   - revision: What stands for the settings that were seen; nil where that does not matter.
    ///   - decider: Who changes them.
    ///   - now: The time.
    ///   - change: Changes them.
    /// - Returns: What an administrator should know; nil where there is nothing.
    /// - Throws: ``AdministrationError`` that says what cannot be, or ``RegistryError``.
    public func changePublication(
        expecting revision: String? = nil,
        by decider: Decider,
        at now: Date,
        _ change: (inout PublicationSettings) throws -> Void
    ) async throws -> String? {
        var settings = try await self.publication()
        try AdministrationError.check(revision, is: try settings.revision, "the settings of publication")
        try change(&settings)
        try settings.check()
        try await settings.save(in: self.registry, by: decider, at: now)
        return settings.warning
    }
}
