public import Foundation
import Registry

/// Passwords.
extension Administration {
    /// Gives an account another password, which has to be changed at the next sign-in; its sessions and locks end.
    ///
    /// It is for other accounts than one's own, and needs `users:write` and all that the account may do.
    ///
    /// - Parameters:
    ///   - name: The account's name.
    ///   - password: The password; nil for a generated one.
    ///   - principal: Who does it.
    ///   - now: The time.
    /// - Returns: The account, and its password where that was generated.
    /// - Throws: ``AdministrationError`` that says what cannot be, or ``RegistryError``.
    public func resetPassword(
        of name: String,
        to password: String? = nil,
        by principal: Principal,
        at now: Date
    ) async throws -> AccountWithPassword {
        try principal.refuseToken()
        try principal.require(.writeUsers)
        if let password { try await self.settings(PasswordPolicy.self).check(password, of: name, field: "password") }
        let generated = password == nil ? GeneratedSecret.make() : nil
        let hash = try await self.passwords.makeHash(password ?? generated ?? "")
        let account = try await self.registry.changeAccounts(at: now) { accounts in
            var account = try accounts.changeable(name, by: principal)
            guard account.id != principal.account else {
                throw AdministrationError(
                    "one's own password is changed by whoever knows the old one, not reset", .forbidden)
            }
            account.passwordHash = hash
            account.mustChangePassword = true
            account.passwordChangedAt = now
            try accounts.update(account)
            try accounts.deleteSessions(of: account.id)
            try accounts.forgetFailures(of: account.name)
            try accounts.record(NewEvent(.passwordReset, by: principal.decider, object: account.auditObject))
            return try AccountDescription(accounts.existing(name), in: accounts)
        }
        return AccountWithPassword(account: account, password: generated)
    }

    /// Changes the password of whoever has signed in; his other sessions end.
    ///
    /// - Parameters:
    ///   - old: The password so far. A wrong one counts as a failure to sign in.
    ///   - new: The password from now on.
    ///   - principal: Who does it.
    ///   - now: The time.
    /// - Throws: ``AdministrationError`` that says what is wrong, or ``RegistryError``.
    public func changePassword(
        from old: String,
        to new: String,
        by principal: Principal,
        at now: Date
    ) async throws {
        _ = try principal.signedInAccount()
        try await self.settings(PasswordPolicy.self).check(new, of: principal.name, field: "newPassword")
        let confirmed = try await self.confirm(old, field: "oldPassword", of: principal, at: now)
        guard PasswordHash.normalized(new) != PasswordHash.normalized(old) else {
            throw AdministrationError("the new password is the old one: take another", field: "newPassword")
        }
        let hash = try await self.passwords.makeHash(new)
        try await self.registry.changeAccounts(at: now) { accounts in
            var account = try confirmed.account(in: accounts)
            account.passwordHash = hash
            account.mustChangePassword = false
            account.passwordChangedAt = now
            try accounts.update(account)
            try accounts.deleteSessions(of: account.id, except: principal.session)
            try accounts.record(NewEvent(.passwordChanged, by: principal.decider, object: account.auditObject))
        }
    }

    /// Makes sure that whoever has signed in knows the password too: a session may have been left open.
    ///
    /// - Parameters:
    ///   - password: What he has typed.
    ///   - field: What it is called in the API.
    ///   - principal: Who asks.
    ///   - now: The time.
    /// - Returns: What is looked at again in the transaction in which something is changed.
    /// - Throws: ``AdministrationError`` that says what is wrong, or ``RegistryError``.
    func confirm(
        _ password: String,
        field: String,
        of principal: Principal,
        at now: Date
    ) async throws -> ConfirmedPassword {
        let id = try principal.signedInAccount()
        let claimant = Claimant(name: principal.name, address: principal.address)
        let tried = try await self.registry.readAccounts(at: now) { accounts in
            try ConfirmedPassword.checkLock(of: claimant, in: accounts)
            return try accounts.account(id)
        }
        let trial = try await self.passwords.tryPassword(password, keptAs: tried?.passwordHash)
        guard let tried, trial.isRight else {
            try await self.registry.changeAccounts(at: now) { accounts in
                try ConfirmedPassword.checkLock(of: claimant, in: accounts)
                try claimant.fail(accounts.account(id), "wrong password in a session", in: accounts)
            }
            throw AdministrationError("the password is wrong", field: field)
        }
        return ConfirmedPassword(claimant: claimant, tried: tried)
    }
}

/// That somebody who has signed in knows the password.
struct ConfirmedPassword: Sendable {
    fileprivate var claimant: Claimant
    fileprivate var tried: AccountRecord

    /// The account, as long as the password still is the one that was tried and not too many others were.
    func account(in accounts: AccountTransaction) throws -> AccountRecord {
        try Self.checkLock(of: self.claimant, in: accounts)
        guard let account = try accounts.account(self.tried.id), account.passwordHash == self.tried.passwordHash,
            !account.isDisabled
        else {
            throw AdministrationError("somebody else has changed the account meanwhile: sign in again", .changed)
        }
        return account
    }

    fileprivate static func checkLock(of claimant: Claimant, in accounts: AccountTransaction) throws {
        guard let lock = try AccountLock.find(claimant.name, from: claimant.network, in: accounts) else { return }
        throw AdministrationError(SignInError.locked(until: lock.until).description, .tooMany)
    }
}
