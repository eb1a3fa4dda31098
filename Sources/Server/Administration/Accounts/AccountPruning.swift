import CertificateAuthority
import Foundation
import Registry

/// What is forgotten of those who sign in.
extension Registry {
    /// Forgets failures to sign in that count no more, and the oldest beyond what anybody needs.
    ///
    /// - Parameter now: The time.
    /// - Returns: How many were forgotten.
    /// - Throws: ``RegistryError``.
    @discardableResult
    func pruneSignInFailures(at now: Date) async throws -> Int {
        try await self.pruneSignInFailures(before: now.addingTimeInterval(-AccountLock.memory), keepingAtMost: 100_000)
    }

    /// Forgets sessions that are over.
    ///
    /// - Parameter now: The time.
    /// - Returns: How many were forgotten.
    /// - Throws: ``RegistryError``, or `DecodingError` where this version does not know what is stored.
    @discardableResult
    func pruneSessions(at now: Date) async throws -> Int {
        let settings =
            try await self.setting(AccountSettings.name).map(AccountSettings.init(json:)) ?? AccountSettings()
        return try await self.pruneSessions(at: now, lastUsedBefore: now.addingTimeInterval(-settings.idleTime))
    }
}
