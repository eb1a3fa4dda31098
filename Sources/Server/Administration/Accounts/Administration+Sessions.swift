public import Foundation
import Registry

/// A session as people see it.
public struct SessionDescription: Hashable, Sendable {
    /// The number in the registry.
    public var id: Int64
    /// Whose it is.
    public var account: String
    /// When it began.
    public var createdAt: Date
    /// When it was used last, to the minute.
    public var lastUsedAt: Date
    /// When it is over, if it is not used any more.
    public var expiresAt: Date
    /// From where it was used last.
    public var address: String?
    /// By which program, as that says itself.
    public var userAgent: String?
    /// Whether it is the one of whoever asks.
    public var isCurrent: Bool
}

/// Sessions.
extension Administration {
    /// How often the last use of a session or token is written, in seconds.
    static let useInterval: TimeInterval = 60

    /// Who has a session.
    ///
    /// - Parameters:
    ///   - secret: What the browser has in its cookie.
    ///   - address: From where it is used.
    ///   - now: The time.
    /// - Returns: Who it is, with the permissions that he has now; nil where there is no such session, or it is over.
    /// - Throws: ``RegistryError``.
    public func principal(forSession secret: String, address: String?, at now: Date) async throws -> Principal? {
        guard let digest = Credential.digest(secret) else { return nil }
        let found = try await self.registry.readAccounts(at: now) { accounts -> (Principal, SessionRecord)? in
            guard let session = try accounts.session(digest: digest),
                let account = try accounts.account(session.account),
                !account.isDisabled, try accounts.accountSettings().end(of: session) > now
            else { return nil }
            let principal = Principal(
                account: account.id,
                name: account.name,
                role: account.role,
                permissions: try accounts.permissions(ofRole: account.role),
                means: .session(session.id),
                mustChangePassword: account.mustChangePassword,
                address: address
            )
            return (principal, session)
        }
        guard let (principal, session) = found else { return nil }
        if now.timeIntervalSince(session.lastUsedAt) >= Self.useInterval {
            try await self.registry.changeAccounts(at: now) { try $0.noteUse(ofSession: session.id, from: address) }
        }
        return principal
    }

    /// Ends the session of whoever asks for it.
    ///
    /// - Throws: ``AdministrationError`` where he has none, or ``RegistryError``.
    public func signOut(_ principal: Principal, at now: Date) async throws {
        guard let session = principal.session else {
            throw AdministrationError("only whoever has signed in can sign out", .forbidden)
        }
        try await self.registry.changeAccounts(at: now) { accounts in
            guard try accounts.deleteSession(session) else { return }
            try accounts.record(
                NewEvent(.signedOut, by: principal.decider, object: "user \(principal.name)"))
        }
    }

    /// Sessions that go on, the newest first.
    ///
    /// One's own need no permission; those of others need `users:read`.
    ///
    /// - Parameters:
    ///   - name: Whose; nil for everybody's.
    ///   - last: Only those before the one with this number; nil for all.
    ///   - limit: How many at most.
    ///   - principal: Who asks.
    ///   - now: The time.
    /// - Returns: The sessions.
    /// - Throws: ``AdministrationError`` or ``RegistryError``.
    public func sessions(
        of name: String?,
        after last: Int64? = nil,
        limit: Int = 100,
        by principal: Principal,
        at now: Date
    ) async throws -> [SessionDescription] {
        try await self.registry.readAccounts(at: now) { accounts in
            let account = try accounts.readable(name, by: principal)
            let settings = try accounts.accountSettings()
            var (found, last) = ([SessionDescription](), last)
            // Those that are over are still there for a while.
            while found.count < limit {
                let page = try accounts.sessions(of: account?.id, after: last, limit: max(limit, 100))
                guard let end = page.last?.id else { break }
                found += page.filter { settings.end(of: $0) > now }.map { session in
                    SessionDescription(session, settings, isCurrent: session.id == principal.session)
                }
                last = end
            }
            return Array(found.prefix(max(limit, 0)))
        }
    }

    /// Ends a session; one's own needs no permission, those of others need `users:write`.
    ///
    /// - Parameters:
    ///   - id: Which one.
    ///   - principal: Who ends it.
    ///   - now: The time.
    /// - Throws: ``AdministrationError`` where there is none of that number, or ``RegistryError``.
    public func revokeSession(_ id: Int64, by principal: Principal, at now: Date) async throws {
        try principal.requireChangedPassword()
        try await self.registry.changeAccounts(at: now) { accounts in
            let isOwn: (SessionRecord) -> Bool = { $0.account == principal.account && principal.session != nil }
            guard let session = try accounts.session(id),
                isOwn(session) || principal.permissions.contains(.writeUsers)
            else { throw AdministrationError("there is no session \(id)", .notFound) }
            try accounts.deleteSession(id)
            try accounts.record(
                NewEvent(
                    .sessionRevoked,
                    by: principal.decider,
                    object: "user \(session.accountName)",
                    detail: "session \(id)"
                )
            )
        }
    }
}

extension SessionDescription {
    init(_ session: SessionRecord, _ settings: AccountSettings, isCurrent: Bool) {
        self.init(
            id: session.id,
            account: session.accountName,
            createdAt: session.createdAt,
            lastUsedAt: session.lastUsedAt,
            expiresAt: settings.end(of: session),
            address: session.clientAddress,
            userAgent: session.userAgent,
            isCurrent: isCurrent
        )
    }
}
