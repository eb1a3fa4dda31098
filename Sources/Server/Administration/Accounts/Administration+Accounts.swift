public import Foundation
public import Registry

/// An account as people see it.
public struct AccountDescription: Hashable, Sendable {
    /// The number in the registry.
    public var id: Int64
    /// The name, unique in whatever case.
    public var name: String
    /// What the person is called.
    public var fullName: String
    /// The role, by name.
    public var role: String
    /// Whether the password is one that somebody else has given out.
    public var mustChangePassword: Bool
    /// Whether nobody can sign in with it.
    public var isDisabled: Bool
    /// Whether a code is needed beside the password.
    public var needsCode: Bool
    /// How many recovery codes are left.
    public var recoveryCodesLeft: Int
    /// When the password was set.
    public var passwordChangedAt: Date
    /// When somebody signed in last.
    public var lastSignInAt: Date?
    /// When it was made.
    public var createdAt: Date
    /// Who made it.
    public var createdBy: String
    /// From where and until when nobody can sign in, because of what was wrong before.
    public var locks: [AccountLock]
    /// Changes with every change by somebody.
    public var revision: String
}

/// Accounts.
extension Administration {
    /// Accounts by name; needs `users:read`.
    ///
    /// - Parameters:
    ///   - filter: Which ones.
    ///   - last: Only those behind this name; nil for all.
    ///   - limit: How many at most.
    ///   - principal: Who asks.
    ///   - now: The time.
    /// - Returns: The accounts.
    /// - Throws: ``AdministrationError`` or ``RegistryError``.
    public func accounts(
        _ filter: AccountFilter = AccountFilter(),
        after last: String? = nil,
        limit: Int = 100,
        by principal: Principal,
        at now: Date
    ) async throws -> [AccountDescription] {
        try principal.require(.readUsers)
        return try await self.registry.readAccounts(at: now) { accounts in
            try accounts.accounts(filter, after: last, limit: limit)
                .map { try AccountDescription($0, in: accounts) }
        }
    }

    /// An account; another one than one's own needs `users:read`.
    ///
    /// - Parameters:
    ///   - name: Its name, in whatever case.
    ///   - principal: Who asks.
    ///   - now: The time.
    /// - Returns: The account.
    /// - Throws: ``AdministrationError`` or ``RegistryError``.
    public func account(_ name: String, by principal: Principal, at now: Date) async throws -> AccountDescription {
        try await self.registry.readAccounts(at: now) { accounts in
            guard let account = try accounts.readable(name, by: principal) else {
                throw AdministrationError.unknownAccount(name)
            }
            return try AccountDescription(account, in: accounts)
        }
    }

    /// Lets somebody sign in again from everywhere, whatever was wrong before; needs `users:write`.
    ///
    /// - Parameters:
    ///   - name: The account's name.
    ///   - principal: Who does it.
    ///   - now: The time.
    /// - Returns: Whether anything had been wrong.
    /// - Throws: ``AdministrationError`` or ``RegistryError``.
    @discardableResult
    public func unlockAccount(_ name: String, by principal: Principal, at now: Date) async throws -> Bool {
        try principal.require(.writeUsers)
        return try await self.registry.changeAccounts(at: now) { accounts in
            let account = try accounts.changeable(name, by: principal)
            guard try accounts.forgetFailures(of: account.name) > 0 else { return false }
            try accounts.record(NewEvent(.accountUnlocked, by: principal.decider, object: account.auditObject))
            return true
        }
    }
}

extension AccountDescription {
    init(_ account: AccountRecord, in accounts: AccountTransaction) throws {
        self.init(
            id: account.id,
            name: account.name,
            fullName: account.fullName,
            role: account.role,
            mustChangePassword: account.mustChangePassword,
            isDisabled: account.isDisabled,
            needsCode: account.sealedCodes != nil,
            recoveryCodesLeft: try accounts.recoveryCodeCount(of: account.id),
            passwordChangedAt: account.passwordChangedAt,
            lastSignInAt: account.lastSignInAt,
            createdAt: account.createdAt,
            createdBy: account.createdBy,
            locks: try AccountLock.all(of: account.name, in: accounts),
            revision: "\(account.revision)"
        )
    }
}
