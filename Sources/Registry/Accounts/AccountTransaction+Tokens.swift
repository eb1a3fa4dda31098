/// API tokens.
extension AccountTransaction {
    /// The token whose secret has this digest; nil where there is none.
    ///
    /// - Throws: ``RegistryError``.
    public func token(digest: [UInt8]) throws -> TokenRecord? {
        try self.connection.query("\(TokenRecord.selection) WHERE digest = $1", [.bytes(digest)])
            .first.map(TokenRecord.init)
    }

    /// A token by its number; nil where there is none.
    ///
    /// - Throws: ``RegistryError``.
    public func token(_ id: Int64) throws -> TokenRecord? {
        try self.connection.query("\(TokenRecord.selection) WHERE api_token.id = $1", [.integer(id)])
            .first.map(TokenRecord.init)
    }

    /// Tokens, the newest first, also those that are over or revoked.
    ///
    /// - Parameters:
    ///   - account: Whose; nil for everybody's.
    ///   - last: Only those before the one with this number; nil for all.
    ///   - limit: How many at most.
    /// - Returns: The tokens.
    /// - Throws: ``RegistryError``.
    public func tokens(of account: Int64?, after last: Int64? = nil, limit: Int) throws -> [TokenRecord] {
        var conditions = SQLConditions()
        if let account { conditions.add("account_id =", .integer(account)) }
        if let last { conditions.add("api_token.id <", .integer(last)) }
        let limit = conditions.parameter(.integer(Int64(max(limit, 0))))
        return try self.connection.query(
            "\(TokenRecord.selection) \(conditions.clause) ORDER BY api_token.id DESC LIMIT \(limit)",
            conditions.values
        ).map(TokenRecord.init)
    }

    /// The names of an account's tokens that are neither over nor revoked.
    ///
    /// - Throws: ``RegistryError``.
    public func usableTokenNames(of account: Int64) throws -> [String] {
        try self.connection.query(
            """
            SELECT name FROM api_token
            WHERE account_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2) ORDER BY id
            """,
            [.integer(account), .date(self.now)]
        ).map { try $0.text(0) }
    }

    /// Makes a token.
    ///
    /// - Parameters:
    ///   - token: The token.
    ///   - decider: Who makes it.
    /// - Returns: Its number.
    /// - Throws: ``RegistryError``.
    public func insert(_ token: NewToken, by decider: Decider) throws -> Int64 {
        try Registry.identity(
            self.connection.query(
                """
                INSERT INTO api_token (digest, account_id, name, scopes, created_at, created_by, expires_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id
                """,
                [
                    .bytes(token.digest), .integer(token.account), .text(token.name), .text(token.scopes),
                    .date(self.now), .decider(decider), .date(ifPresent: token.expiresAt),
                ]
            )
        )
    }

    /// Records that a token is used, and from where.
    ///
    /// - Throws: ``RegistryError``.
    public func noteUse(ofToken id: Int64, from address: String?) throws {
        try self.connection.execute(
            """
            UPDATE api_token SET last_used_at = $1, last_address = COALESCE($2, last_address)
            WHERE id = $3 AND COALESCE(last_used_at, 0) < $1
            """,
            [.date(self.now), address.map(SQLValue.address) ?? .null, .integer(id)]
        )
    }

    /// Revokes a token.
    ///
    /// - Returns: Whether it was not revoked before.
    /// - Throws: ``RegistryError``.
    public func revokeToken(_ id: Int64) throws -> Bool {
        try self.connection.execute(
            "UPDATE api_token SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL",
            [.date(self.now), .integer(id)]
        ) > 0
    }
}
