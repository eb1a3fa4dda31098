import CertificateAuthority
public import Foundation
import Registry

/// What an authenticator is set up with.
public struct AuthenticatorSetup: Hashable, Sendable {
    /// What codes are made from, in base32, for whoever types it.
    public var secret: String
    /// The address that is shown as a QR code.
    public var address: String
}

/// Codes beside the password.
extension Administration {
    /// What an authenticator calls the installation.
    static let issuer = "UCM"

    /// Whether codes are needed for the account of whoever has signed in, and how many recovery codes are left.
    ///
    /// - Parameters:
    ///   - principal: Who asks.
    ///   - now: The time.
    /// - Returns: Both; nil for a token and at the machine itself.
    /// - Throws: ``RegistryError``.
    func ownCodes(of principal: Principal, at now: Date) async throws -> (isNeeded: Bool, recoveryCodesLeft: Int)? {
        guard principal.session != nil, let id = principal.account else { return nil }
        return try await self.registry.readAccounts(at: now) { accounts in
            guard let account = try accounts.account(id) else { return nil }
            return (account.sealedCodes != nil, try accounts.recoveryCodeCount(of: id))
        }
    }

    /// Begins to set up codes for the account of whoever has signed in; they are needed once he has shown one.
    ///
    /// - Parameters:
    ///   - principal: Who does it.
    ///   - now: The time.
    /// - Returns: What the authenticator needs, which is shown once.
    /// - Throws: ``AdministrationError`` where he needs codes already, or ``RegistryError``.
    public func beginTOTP(by principal: Principal, at now: Date) async throws -> AuthenticatorSetup {
        let id = try principal.signedInAccount()
        try principal.requireChangedPassword()
        let codes = TOTP.generate()
        let sealed = try self.masterKey.seal(codes.secret, for: SealPurpose.oneTimeCodes(account: id))
        try await self.registry.changeAccounts(at: now) { accounts in
            guard var account = try accounts.account(id) else {
                throw AdministrationError.unknownAccount(principal.name)
            }
            guard account.sealedCodes == nil else {
                throw AdministrationError(
                    "codes are needed for this account already: turn that off first, with the password", .conflict)
            }
            account.sealedNewCodes = sealed
            try accounts.update(account)
        }
        return AuthenticatorSetup(
            secret: Base32.encode(codes.secret),
            address: codes.address(of: principal.name, issuer: Self.issuer)
        )
    }

    /// Shows that the authenticator is set up: from now on a code is needed to sign in, and other sessions end.
    ///
    /// - Parameters:
    ///   - code: What the authenticator shows.
    ///   - principal: Who does it.
    ///   - now: The time.
    /// - Returns: The recovery codes, each good for one sign-in, which are shown once.
    /// - Throws: ``AdministrationError`` that says what is wrong, or ``RegistryError``.
    public func confirmTOTP(code: String, by principal: Principal, at now: Date) async throws -> [String] {
        let id = try principal.signedInAccount()
        try principal.requireChangedPassword()
        let recoveryCodes = RecoveryCode.make()
        let masterKey = self.masterKey
        try await self.registry.changeAccounts(at: now) { accounts in
            guard var account = try accounts.account(id), let sealed = account.sealedNewCodes else {
                throw AdministrationError("no authenticator is being set up: begin with that", .conflict)
            }
            let codes = TOTP(secret: try masterKey.open(sealed, for: SealPurpose.oneTimeCodes(account: id)))
            guard let step = codes.step(of: code, at: now, after: nil) else {
                throw AdministrationError(
                    "the code is not the one of now: look whether the clock of the authenticator is right",
                    field: "code"
                )
            }
            let old = account
            account.sealedCodes = sealed
            account.sealedNewCodes = nil
            account.lastStep = step
            try accounts.update(account)
            try accounts.replaceRecoveryCodes(by: recoveryCodes.compactMap(RecoveryCode.digest), of: id)
            try accounts.deleteSessions(of: id, except: principal.session)
            try accounts.record(.accountChanged, by: principal.decider, from: old, to: account)
        }
        return recoveryCodes
    }

    /// Makes other recovery codes for whoever has signed in; the ones before are worthless.
    ///
    /// - Parameters:
    ///   - password: His password. A wrong one counts as a failure to sign in.
    ///   - principal: Who does it.
    ///   - now: The time.
    /// - Returns: The codes, which are shown once.
    /// - Throws: ``AdministrationError`` that says what is wrong, or ``RegistryError``.
    public func makeRecoveryCodes(password: String, by principal: Principal, at now: Date) async throws -> [String] {
        try principal.requireChangedPassword()
        let confirmed = try await self.confirm(password, field: "password", of: principal, at: now)
        let codes = RecoveryCode.make()
        try await self.registry.changeAccounts(at: now) { accounts in
            let account = try confirmed.account(in: accounts)
            guard account.sealedCodes != nil else {
                throw AdministrationError("no codes are needed for this account", .conflict)
            }
            try accounts.replaceRecoveryCodes(by: codes.compactMap(RecoveryCode.digest), of: account.id)
            try accounts.record(
                NewEvent(
                    .accountChanged,
                    by: principal.decider,
                    object: account.auditObject,
                    detail: "new recovery codes"
                )
            )
        }
        return codes
    }

    /// Lets whoever has signed in do so without codes again; his other sessions end.
    ///
    /// - Parameters:
    ///   - password: His password. A wrong one counts as a failure to sign in.
    ///   - principal: Who does it.
    ///   - now: The time.
    /// - Throws: ``AdministrationError`` that says what is wrong, or ``RegistryError``.
    public func disableOwnTOTP(password: String, by principal: Principal, at now: Date) async throws {
        try principal.requireChangedPassword()
        let confirmed = try await self.confirm(password, field: "password", of: principal, at: now)
        try await self.registry.changeAccounts(at: now) { accounts in
            try accounts.disableCodes(of: try confirmed.account(in: accounts), by: principal)
        }
    }

    /// Lets somebody else sign in without codes who has lost his authenticator; his sessions end.
    ///
    /// Needs `users:write` and all that the account may do.
    ///
    /// - Parameters:
    ///   - name: The account's name.
    ///   - principal: Who does it.
    ///   - now: The time.
    /// - Throws: ``AdministrationError`` that says what cannot be, or ``RegistryError``.
    public func disableTOTP(of name: String, by principal: Principal, at now: Date) async throws {
        try principal.refuseToken()
        try await self.registry.changeAccounts(at: now) { accounts in
            let account = try accounts.changeable(name, by: principal)
            guard account.id != principal.account else {
                throw AdministrationError("for one's own account this needs the password", .forbidden)
            }
            try accounts.disableCodes(of: account, by: principal)
        }
    }
}

extension AccountTransaction {
    fileprivate func disableCodes(of account: AccountRecord, by principal: Principal) throws {
        guard account.sealedCodes != nil else {
            throw AdministrationError("no codes are needed for the user \(account.name)", .conflict)
        }
        let old = account
        var account = account
        (account.sealedCodes, account.sealedNewCodes, account.lastStep) = (nil, nil, nil)
        try self.update(account)
        try self.replaceRecoveryCodes(by: [], of: account.id)
        try self.deleteSessions(of: account.id, except: principal.session)
        try self.record(.accountChanged, by: principal.decider, from: old, to: account)
    }
}
