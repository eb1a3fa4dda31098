public import Foundation
import Registry

/// API tokens.
extension Administration {
    /// How many usable tokens an account has at most.
    private static let maximumTokens = 100

    /// Who has a token.
    ///
    /// - Parameters:
    ///   - secret: The token.
    ///   - address: From where it is used.
    ///   - now: The time.
    /// - Returns: Who it is, with what both the token permits and the account may do now; nil where there is no such token,
    ///   or it is over, revoked or of a disabled account.
    /// - Throws: ``RegistryError``.
    public func principal(forToken secret: String, address: String?, at now: Date) async throws -> Principal? {
        guard secret.hasPrefix(Credential.tokenPrefix), let digest = Credential.digest(secret) else { return nil }
        let found = try await self.registry.readAccounts(at: now) { accounts -> (Principal, TokenRecord)? in
            guard let token = try accounts.token(digest: digest), try TokenDescription(token).isUsable(at: now),
                let account = try accounts.account(token.account), !account.isDisabled
            else { return nil }
            let principal = Principal(
                account: account.id,
                name: account.name,
                role: account.role,
                permissions: try Set(json: token.scopes).intersection(accounts.permissions(ofRole: account.role)),
                means: .token(token.id, name: token.name),
                mustChangePassword: false,
                address: address
            )
            return (principal, token)
        }
        guard let (principal, token) = found else { return nil }
        if token.lastUsedAt.map({ now.timeIntervalSince($0) >= Self.useInterval }) ?? true {
            try await self.registry.changeAccounts(at: now) { try $0.noteUse(ofToken: token.id, from: address) }
        }
        return principal
    }

    /// Tokens, the newest first, also those that are over or revoked.
    ///
    /// One's own need no permission; those of others need `users:read`.
    ///
    /// - Parameters:
    ///   - name: Whose; nil for everybody's.
    ///   - last: Only those before the one with this number; nil for all.
    ///   - limit: How many at most.
    ///   - principal: Who asks.
    ///   - now: The time.
    /// - Returns: The tokens.
    /// - Throws: ``AdministrationError`` or ``RegistryError``.
    public func tokens(
        of name: String?,
        after last: Int64? = nil,
        limit: Int = 100,
        by principal: Principal,
        at now: Date
    ) async throws -> [TokenDescription] {
        try await self.registry.readAccounts(at: now) { accounts in
            let account = try accounts.readable(name, by: principal)
            return try accounts.tokens(of: account?.id, after: last, limit: limit).map(TokenDescription.init)
        }
    }

    /// Makes a token for one's own account; at the machine itself, for any.
    ///
    /// - Parameters:
    ///   - order: What is wanted.
    ///   - name: Whose it is; nil for the account of whoever makes it.
    ///   - principal: Who makes it.
    ///   - now: The time.
    /// - Returns: The token, and its secret, which is shown once.
    /// - Throws: ``AdministrationError`` that says what cannot be, or ``RegistryError``.
    public func createToken(
        _ order: TokenOrder,
        for name: String? = nil,
        by principal: Principal,
        at now: Date
    ) async throws -> MadeToken {
        try principal.refuseToken()
        try principal.requireChangedPassword()
        try order.check(at: now)
        try principal.requireAll(order.scopes, of: "the token")
        let secret = Credential.token()
        guard let digest = Credential.digest(secret) else { throw RegistryError.failed("a token has no secret") }
        let token = try await self.registry.changeAccounts(at: now) { accounts in
            guard let account = try name.map(accounts.existing) ?? principal.account.flatMap(accounts.account) else {
                throw AdministrationError("whose the token is has to be said", field: "account")
            }
            guard account.id == principal.account || principal.means == .machine else {
                throw AdministrationError("everybody makes his own tokens", .forbidden)
            }
            try order.check(for: account, in: accounts, atMost: Self.maximumTokens)
            let id = try accounts.insert(
                NewToken(
                    digest: digest,
                    account: account.id,
                    name: order.name,
                    scopes: order.scopes.json,
                    expiresAt: order.expiresAt
                ),
                by: principal.decider
            )
            guard let token = try accounts.token(id) else { throw RegistryError.failed("a token is not recorded") }
            try accounts.record(
                NewEvent(
                    .tokenCreated, by: principal.decider, object: token.auditObject, after: token.auditState))
            return try TokenDescription(token)
        }
        return MadeToken(token: token, secret: secret)
    }

    /// Revokes a token.
    ///
    /// Whoever has signed in needs no permission for his own, and a token none for itself; others need `users:write`.
    ///
    /// - Parameters:
    ///   - id: Which one.
    ///   - principal: Who revokes it.
    ///   - now: The time.
    /// - Throws: ``AdministrationError`` where there is none of that number, or it is revoked already; or ``RegistryError``.
    public func revokeToken(_ id: Int64, by principal: Principal, at now: Date) async throws {
        try principal.requireChangedPassword()
        try await self.registry.changeAccounts(at: now) { accounts in
            guard let token = try accounts.token(id), principal.mayRevoke(token) else {
                throw AdministrationError("there is no token \(id): ucm token list shows all of them", .notFound)
            }
            guard try accounts.revokeToken(id) else {
                throw AdministrationError("the token \(id) was revoked before", .conflict)
            }
            try accounts.record(
                NewEvent(
                    .tokenRevoked, by: principal.decider, object: token.auditObject, before: token.auditState))
        }
    }
}

extension Principal {
    fileprivate func mayRevoke(_ token: TokenRecord) -> Bool {
        if self.permissions.contains(.writeUsers) { return true }
        return switch self.means {
        case .session: token.account == self.account
        case .token(let id, _): token.id == id
        case .machine: true
        }
    }
}
