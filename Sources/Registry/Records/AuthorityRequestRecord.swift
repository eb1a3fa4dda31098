public import Foundation

/// A CA whose certificate is still to come from elsewhere, that is to be recorded.
public struct NewAuthorityRequest: Hashable, Sendable {
    /// The name that the CA will have, unique among CAs and these.
    public var name: String
    /// The request for its certificate, a PKCS#10 as DER.
    public var encoded: [UInt8]
    /// The private key, encrypted under the master key.
    public var sealedKey: [UInt8]

    /// Makes a record.
    public init(name: String, encoded: [UInt8], sealedKey: [UInt8]) {
        self.name = name
        self.encoded = encoded
        self.sealedKey = sealedKey
    }
}

/// A CA whose certificate is still to come from elsewhere.
public struct AuthorityRequestRecord: Hashable, Sendable {
    /// The number in the registry.
    public var id: Int64
    /// What was recorded when it was made.
    public var request: NewAuthorityRequest
    /// When it was made.
    public var createdAt: Date
    /// Who made it.
    public var createdBy: String
}

extension Registry {
    /// The CAs whose certificates are still to come, the oldest first.
    ///
    /// - Throws: ``RegistryError``.
    public func authorityRequests() async throws -> [AuthorityRequestRecord] {
        try await self.database.read { connection in
            try connection.query(
                "SELECT id, name, encoded, sealed_key, created_at, created_by FROM authority_request ORDER BY id", []
            ).map { row in
                AuthorityRequestRecord(
                    id: try row.integer(0),
                    request: NewAuthorityRequest(
                        name: try row.text(1),
                        encoded: try row.bytes(2),
                        sealedKey: try row.bytes(3)
                    ),
                    createdAt: try row.date(4),
                    createdBy: try row.text(5)
                )
            }
        }
    }

    /// Records a CA whose certificate is still to come.
    ///
    /// - Parameters:
    ///   - request: The request for its certificate.
    ///   - creator: Who makes it.
    ///   - now: The time.
    /// - Returns: Its number; nil where the name is taken by a CA or another one of these. Then nothing changes.
    /// - Throws: ``RegistryError``.
    public func insert(_ request: NewAuthorityRequest, by creator: Decider, at now: Date) async throws -> Int64? {
        try await self.database.decide { connection -> Int64? in
            try Self.noteChange(in: connection)
            guard try Self.isFree(request.name, in: connection) else { throw Undone(answer: Int64?.none) }
            let id = try Self.identity(
                connection.query(
                    """
                    INSERT INTO authority_request (name, encoded, sealed_key, created_at, created_by)
                    VALUES ($1, $2, $3, $4, $5) RETURNING id
                    """,
                    [
                        .text(request.name), .bytes(request.encoded), .bytes(request.sealedKey), .date(now),
                        .decider(creator),
                    ]
                )
            )
            let event = NewEvent(
                .authorityRequested,
                by: creator,
                object: "CA \(request.name)",
                detail: "CA \(request.name)",
                after: ["state": "requested"]
            )
            try Self.record(event, at: now, in: connection)
            return id
        }
    }

    /// Deletes a CA whose certificate is still to come, with its key.
    ///
    /// - Parameters:
    ///   - name: The name that it would have had.
    ///   - decider: Who does it.
    ///   - now: The time.
    /// - Returns: Whether there was one.
    /// - Throws: ``RegistryError``.
    public func deleteAuthorityRequest(_ name: String, by decider: Decider, at now: Date) async throws -> Bool {
        try await self.database.decide { connection -> Bool in
            try Self.noteChange(in: connection)
            let count = try connection.execute("DELETE FROM authority_request WHERE name = $1", [.text(name)])
            guard count > 0 else { throw Undone(answer: false) }
            let detail = "the request for CA \(name) is deleted with its key"
            let event = NewEvent(
                .authorityChanged, by: decider, object: "CA \(name)", detail: detail, before: ["state": "requested"])
            try Self.record(event, at: now, in: connection)
            return true
        }
    }
}
