/// Looking requests up.
extension Registry {
    /// The request that a poll is for: of its transaction the one that waits, otherwise the latest.
    ///
    /// - Throws: ``RegistryError``.
    public func latestRequest(of transaction: TransactionIdentity) async throws -> RequestRecord? {
        try await self.requests(
            """
            WHERE request.transaction_id = $1 AND request.profile = $2 AND request.key_digest = $3
                AND request.status <> 'replaced'
            ORDER BY CASE request.status WHEN 'pending' THEN 0 ELSE 1 END, request.created_at DESC, request.id DESC
            LIMIT 1
            """,
            transaction.values
        ).first
    }

    /// Whether a transactionID is known in a profile, under whatever key.
    ///
    /// - Throws: ``RegistryError``.
    public func knows(transactionID: String, profile: String) async throws -> Bool {
        try await self.database.read { connection in
            try !connection.query(
                "SELECT 1 FROM request WHERE transaction_id = $1 AND profile = $2 AND status <> 'replaced' LIMIT 1",
                [.text(transactionID), .text(profile)]
            ).isEmpty
        }
    }

    /// A request by its number; nil where there is none.
    ///
    /// - Throws: ``RegistryError``.
    public func request(_ id: Int64) async throws -> RequestRecord? {
        try await self.requests("WHERE request.id = $1", [.integer(id)]).first
    }

    /// The latest requests that came with a challenge, whatever became of them, the newest first.
    ///
    /// - Parameters:
    ///   - challenge: The challenge's number.
    ///   - limit: How many at most.
    /// - Returns: The requests.
    /// - Throws: ``RegistryError``.
    public func requests(usingChallenge challenge: Int64, limit: Int = 100) async throws -> [RequestRecord] {
        try await self.requests(
            "WHERE request.challenge_id = $1 AND challenge.id = $1 ORDER BY request.id DESC LIMIT $2",
            [.integer(challenge), .integer(Int64(limit))]
        )
    }

    /// What became of a renewal: the one request with this PKCS#10 that this certificate signed; nil where there is none.
    ///
    /// - Throws: ``RegistryError``.
    public func renewal(signedBy certificate: Int64, requestDigest: [UInt8]) async throws -> RequestState? {
        try await self.database.read { connection in
            try SameRequest.renewal(signedBy: certificate, requestDigest: requestDigest, in: connection)?.state
        }
    }

    private func requests(_ clauses: String, _ values: [SQLValue]) async throws -> [RequestRecord] {
        try await self.database.read { connection in
            try connection.query("\(RequestRecord.selection) \(clauses)", values).map(RequestRecord.init)
        }
    }
}
