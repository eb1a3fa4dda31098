public import Foundation
import Registry

/// Signing in.
extension Administration {
    /// Signs somebody in.
    ///
    /// Whether nobody has the name, or the password is wrong, can be told neither by the answer nor by how long it takes.
    ///
    /// - Parameters:
    ///   - name: The account's name, in whatever case.
    ///   - password: The password.
    ///   - code: The code that the authenticator shows, or a recovery code; nil where none was asked for yet.
    ///   - address: From where.
    ///   - userAgent: By which program, as that says itself.
    ///   - now: The time.
    /// - Returns: The session.
    /// - Throws: ``SignInError``, ``AdministrationError`` of the kind `tooMany`, or ``RegistryError``.
    public func signIn(
        name: String,
        password: String,
        code: String? = nil,
        address: String?,
        userAgent: String? = nil,
        at now: Date
    ) async throws -> SignIn {
        let claimant = Claimant(name: name, address: address)
        // Where somebody changes the password meanwhile, the new one counts.
        for _ in 0..<3 {
            let (lock, account) = try await self.registry.readAccounts(at: now) { accounts in
                (
                    try AccountLock.find(name, from: claimant.network, in: accounts),
                    try accounts.account(named: name)
                )
            }
            if let lock { throw SignInError.locked(until: lock.until) }
            let attempt = SignInAttempt(
                claimant: claimant,
                code: code,
                userAgent: userAgent,
                tried: account,
                trial: try await self.passwords.tryPassword(password, keptAs: account?.passwordHash),
                secret: Credential.session(),
                masterKey: self.masterKey
            )
            switch try await self.registry.changeAccounts(at: now, attempt.decide) {
            case .signedIn(let signIn): return signIn
            case .refused(let error): throw error
            case .changedMeanwhile: continue
            }
        }
        throw SignInError.wrongCredentials
    }
}
