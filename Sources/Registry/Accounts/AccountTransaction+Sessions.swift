public import Foundation

/// Sessions.
extension AccountTransaction {
    /// The session whose secret has this digest; nil where there is none.
    ///
    /// - Throws: ``RegistryError``.
    public func session(digest: [UInt8]) throws -> SessionRecord? {
        try self.connection.query("\(SessionRecord.selection) WHERE digest = $1", [.bytes(digest)])
            .first.map(SessionRecord.init)
    }

    /// A session by its number; nil where there is none.
    ///
    /// - Throws: ``RegistryError``.
    public func session(_ id: Int64) throws -> SessionRecord? {
        try self.connection.query("\(SessionRecord.selection) WHERE session.id = $1", [.integer(id)])
            .first.map(SessionRecord.init)
    }

    /// Sessions, the newest first.
    ///
    /// - Parameters:
    ///   - account: Whose; nil for everybody's.
    ///   - last: Only those before the one with this number; nil for all.
    ///   - limit: How many at most.
    /// - Returns: The sessions, also those that are over and not yet forgotten.
    /// - Throws: ``RegistryError``.
    public func sessions(of account: Int64?, after last: Int64? = nil, limit: Int) throws -> [SessionRecord] {
        var conditions = SQLConditions()
        if let account { conditions.add("account_id =", .integer(account)) }
        if let last { conditions.add("session.id <", .integer(last)) }
        let limit = conditions.parameter(.integer(Int64(max(limit, 0))))
        return try self.connection.query(
            "\(SessionRecord.selection) \(conditions.clause) ORDER BY session.id DESC LIMIT \(limit)",
            conditions.values
        ).map(SessionRecord.init)
    }

    /// Begins a session.
    ///
    /// - Parameter session: The session.
    /// - Returns: Its number.
    /// - Throws: ``RegistryError``.
    public func insert(_ session: NewSession) throws -> Int64 {
        try Registry.identity(
            self.connection.query(
                """
                INSERT INTO session
                    (digest, account_id, created_at, last_used_at, expires_at, client_address, user_agent)
                VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id
                """,
                [
                    .bytes(session.digest), .integer(session.account), .date(self.now), .date(self.now),
                    .date(session.expiresAt), session.clientAddress.map(SQLValue.address) ?? .null,
                    session.userAgent.map { .text($0, atMost: 300) } ?? .null,
                ]
            )
        )
    }

    /// Records that a session is used, and from where.
    ///
    /// - Throws: ``RegistryError``.
    public func noteUse(ofSession id: Int64, from address: String?) throws {
        try self.connection.execute(
            """
            UPDATE session SET last_used_at = $1, client_address = COALESCE($2, client_address)
            WHERE id = $3 AND last_used_at < $1
            """,
            [.date(self.now), address.map(SQLValue.address) ?? .null, .integer(id)]
        )
    }

    /// Ends a session.
    ///
    /// - Returns: Whether there was one.
    /// - Throws: ``RegistryError``.
    @discardableResult
    public func deleteSession(_ id: Int64) throws -> Bool {
        try self.connection.execute("DELETE FROM session WHERE id = $1", [.integer(id)]) > 0
    }

    /// Ends all sessions of an account.
    ///
    /// - Parameters:
    ///   - account: Whose.
    ///   - kept: One that goes on; nil for none.
    /// - Returns: How many ended.
    /// - Throws: ``RegistryError``.
    @discardableResult
    public func deleteSessions(of account: Int64, except kept: Int64? = nil) throws -> Int {
        try self.connection.execute(
            "DELETE FROM session WHERE account_id = $1 AND id <> $2", [.integer(account), .integer(kept ?? -1)])
    }

    /// Forgets the sessions of an account that are over, and the oldest beyond some.
    ///
    /// - Parameters:
    ///   - account: Whose.
    ///   - date: Those last used before are over.
    ///   - maximum: How many may stay.
    /// - Throws: ``RegistryError``.
    public func forgetSessions(of account: Int64, lastUsedBefore date: Date, keepingAtMost maximum: Int) throws {
        try self.connection.execute(
            "DELETE FROM session WHERE account_id = $1 AND (expires_at <= $2 OR last_used_at < $3)",
            [.integer(account), .date(self.now), .date(date)]
        )
        try self.connection.execute(
            """
            DELETE FROM session WHERE account_id = $1 AND id NOT IN
                (SELECT id FROM session WHERE account_id = $1 ORDER BY id DESC LIMIT $2)
            """,
            [.integer(account), .integer(Int64(max(maximum, 0)))]
        )
    }
}

extension Registry {
    /// Forgets sessions that are over.
    ///
    /// - Parameters:
    ///   - now: The time.
    ///   - date: Those last used before are over too.
    /// - Returns: How many were forgotten.
    /// - Throws: ``RegistryError``.
    @discardableResult
    public func pruneSessions(at now: Date, lastUsedBefore date: Date) async throws -> Int {
        try await self.database.deleteInSteps(
            """
            DELETE FROM session WHERE id IN
                (SELECT id FROM session WHERE expires_at <= $1 OR last_used_at < $2 ORDER BY id LIMIT $3)
            """,
            [.date(now), .date(date)]
        )
    }
}
