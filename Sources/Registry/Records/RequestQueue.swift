public import Foundation

/// A request as it is recorded.
public struct RequestRecord: Hashable, Sendable {
    /// The number in the registry, by which an administrator names it.
    public var id: Int64
    /// What the device sent.
    public var request: NewRequest
    /// What became of it; nil where its device has sent another one in its place.
    public var state: RequestState?
    /// Who approved or rejected it; nil where nobody had to.
    public var decidedBy: String?
    /// When it came.
    public var createdAt: Date
    /// When it was granted or rejected; nil while it waits.
    public var decidedAt: Date?
}

extension Registry {
    /// The request that a poll is for: of its transaction the one that waits, otherwise the latest.
    ///
    /// - Throws: ``RegistryError``.
    public func latestRequest(of transaction: TransactionIdentity) async throws -> RequestRecord? {
        try await self.database.read { connection in
            try connection.query(
                """
                \(Self.requestSelection)
                WHERE request.transaction_id = $1 AND request.profile = $2 AND request.key_digest = $3
                    AND request.status <> 'replaced'
                ORDER BY CASE request.status WHEN 'pending' THEN 0 ELSE 1 END, request.created_at DESC, request.id DESC
                LIMIT 1
                """,
                transaction.values
            ).first.map(Self.record)
        }
    }

    /// Whether a transactionID is known in a profile, under whatever key.
    ///
    /// - Throws: ``RegistryError``.
    public func knows(transactionID: String, profile: String) async throws -> Bool {
        try await self.database.read { connection in
            try !connection.query(
                "SELECT 1 FROM request WHERE transaction_id = $1 AND profile = $2 LIMIT 1",
                [.text(transactionID), .text(profile)]
            ).isEmpty
        }
    }

    /// A request by its number; nil where there is none.
    ///
    /// - Throws: ``RegistryError``.
    public func request(_ id: Int64) async throws -> RequestRecord? {
        try await self.database.read { connection in
            try connection.query("\(Self.requestSelection) WHERE request.id = $1", [.integer(id)]).first.map(
                Self.record)
        }
    }

    /// The latest requests, the newest first.
    ///
    /// - Parameters:
    ///   - onlyPending: Whether only those are meant that wait for approval.
    ///   - limit: How many at most.
    /// - Returns: The requests.
    /// - Throws: ``RegistryError``.
    public func requests(onlyPending: Bool, limit: Int) async throws -> [RequestRecord] {
        let filter = onlyPending ? "WHERE request.status = 'pending'" : ""
        return try await self.database.read { connection in
            try connection.query(
                "\(Self.requestSelection) \(filter) ORDER BY request.id DESC LIMIT $1",
                [.integer(Int64(limit))]
            ).map(Self.record)
        }
    }

    /// Grants a request that waits.
    ///
    /// - Parameters:
    ///   - id: The request.
    ///   - certificate: What it is granted.
    ///   - decider: Who approves it.
    ///   - now: The time.
    /// - Returns: Whether it still waited; otherwise nothing is recorded.
    /// - Throws: ``RegistryError``.
    public func approve(
        _ id: Int64,
        _ certificate: NewCertificate,
        by decider: String,
        at now: Date
    ) async throws -> Bool {
        try await self.database.write { connection in
            let waiting = try connection.query(
                "SELECT authority_id FROM request WHERE id = $1 AND status = 'pending'", [.integer(id)]
            ).first
            guard let authority = try waiting?.integer(0) else { return false }
            let certificate = try Self.insert(certificate, authority: authority, at: now, in: connection)
            try connection.execute(
                """
                UPDATE request SET status = 'issued', certificate_id = $1, decided_by = $2, decided_at = $3
                WHERE id = $4
                """,
                [.integer(certificate), .text(decider), .date(now), .integer(id)]
            )
            return true
        }
    }

    /// Rejects a request that waits.
    ///
    /// - Parameters:
    ///   - id: The request.
    ///   - reason: What the device is told.
    ///   - decider: Who rejects it.
    ///   - now: The time.
    /// - Returns: Whether it still waited.
    /// - Throws: ``RegistryError``.
    public func reject(_ id: Int64, reason: String, by decider: String, at now: Date) async throws -> Bool {
        try await self.database.write { connection in
            try connection.execute(
                """
                UPDATE request SET status = 'rejected', reason = $1, decided_by = $2, decided_at = $3
                WHERE id = $4 AND status = 'pending'
                """,
                [.text(reason), .text(decider), .date(now), .integer(id)]
            ) > 0
        }
    }

    private static let requestSelection = """
        SELECT request.id, request.transaction_id, request.profile, request.key_digest, request.request_digest,
            request.authority_id, request.message_type, request.subject, request.client_address,
            request.sealed_request, request.signer_certificate_id, request.status, request.reason, certificate.encoded,
            request.decided_by, request.created_at, request.decided_at
        FROM request LEFT JOIN certificate ON certificate.id = request.certificate_id
        """

    private static func record(_ row: SQLRow) throws -> RequestRecord {
        RequestRecord(
            id: try row.integer(0),
            request: NewRequest(
                identity: RequestIdentity(
                    transaction: TransactionIdentity(
                        profile: try row.text(2),
                        transactionID: try row.text(1),
                        keyDigest: try row.bytes(3)
                    ),
                    requestDigest: try row.bytes(4)
                ),
                authority: try row.integer(5),
                messageType: Int(try row.integer(6)),
                subject: try row.text(7),
                clientAddress: try row.text(8),
                sealedRequest: try row.bytes(9),
                signerCertificate: try row.integerIfPresent(10)
            ),
            state: try Self.state(
                named: row.text(11), reason: row.textIfPresent(12), certificate: row.bytesIfPresent(13)),
            decidedBy: try row.textIfPresent(14),
            createdAt: try row.date(15),
            decidedAt: try row.dateIfPresent(16)
        )
    }
}
