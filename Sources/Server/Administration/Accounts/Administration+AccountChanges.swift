public import Foundation
import Registry

/// Making, changing and deleting accounts; needs `users:write`, and nobody gives more than he has.
extension Administration {
    /// Makes an account, whose password has to be changed at the first sign-in.
    ///
    /// - Parameters:
    ///   - order: What is wanted.
    ///   - principal: Who makes it.
    ///   - now: The time.
    /// - Returns: The account, and its password where that was generated.
    /// - Throws: ``AdministrationError`` that says what cannot be, or ``RegistryError``.
    public func createAccount(
        _ order: AccountOrder,
        by principal: Principal,
        at now: Date
    ) async throws -> AccountWithPassword {
        try principal.require(.writeUsers)
        try AccountName.check(order.name)
        try AccountName.checkText(order.fullName, of: "the full name", field: "fullName")
        if let password = order.password {
            try await self.settings(PasswordPolicy.self).check(password, of: order.name, field: "password")
        }
        let password = order.password ?? GeneratedSecret.make()
        let account = NewAccount(
            name: order.name,
            fullName: order.fullName,
            passwordHash: try await self.passwords.makeHash(password),
            role: order.role
        )
        let made = try await self.registry.changeAccounts(at: now) { accounts in
            _ = try accounts.assignable(account.role, by: principal)
            guard let id = try accounts.insert(account, by: principal.decider), let made = try accounts.account(id)
            else {
                throw AdministrationError("there is a user \(account.name) already", .conflict, field: "name")
            }
            try accounts.record(.accountCreated, by: principal.decider, from: nil, to: made)
            return try AccountDescription(made, in: accounts)
        }
        return AccountWithPassword(account: made, password: order.password == nil ? password : nil)
    }

    /// Changes an account; another role, or being disabled, ends its sessions.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - change: What is changed.
    ///   - revision: What it was when somebody looked at it; nil for whatever it is.
    ///   - principal: Who changes it.
    ///   - now: The time.
    /// - Returns: The account as it is now.
    /// - Throws: ``AdministrationError`` that says what cannot be, or ``RegistryError``.
    @discardableResult
    public func changeAccount(
        _ name: String,
        _ change: AccountChange,
        expecting revision: String? = nil,
        by principal: Principal,
        at now: Date
    ) async throws -> AccountDescription {
        try principal.require(.writeUsers)
        if let fullName = change.fullName {
            try AccountName.checkText(fullName, of: "the full name", field: "fullName")
        }
        return try await self.registry.changeAccounts(at: now) { accounts in
            let old = try accounts.existing(name)
            try old.check(revision: revision)
            var new = old
            change.apply(to: &new)
            guard new != old else { return try AccountDescription(old, in: accounts) }
            let decidesOnPower = new.role != old.role || new.isDisabled != old.isDisabled
            if decidesOnPower { _ = try accounts.changeable(name, by: principal) }
            if new.role != old.role { _ = try accounts.assignable(new.role, by: principal) }
            try accounts.update(new)
            if decidesOnPower {
                try accounts.checkAdministratorStays()
                try accounts.deleteSessions(of: old.id, except: principal.session)
            }
            try accounts.record(.accountChanged, by: principal.decider, from: old, to: new)
            return try AccountDescription(accounts.existing(name), in: accounts)
        }
    }

    /// Deletes an account with its sessions and tokens; what it did stays recorded.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - revision: What it was when somebody looked at it; nil for whatever it is.
    ///   - principal: Who deletes it.
    ///   - now: The time.
    /// - Throws: ``AdministrationError`` that says why it has to stay, or ``RegistryError``.
    public func deleteAccount(
        _ name: String,
        expecting revision: String? = nil,
        by principal: Principal,
        at now: Date
    ) async throws {
        try await self.registry.changeAccounts(at: now) { accounts in
            let account = try accounts.changeable(name, expecting: revision, by: principal)
            try accounts.deleteAccount(account.id)
            try accounts.checkAdministratorStays()
            try accounts.record(.accountDeleted, by: principal.decider, from: account, to: nil)
        }
    }
}
