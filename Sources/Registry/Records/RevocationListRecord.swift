public import Foundation

/// A CRL that is signed.
public struct RevocationListRecord: Hashable, Sendable {
    /// The CRL number (RFC 5280 §5.2.3).
    public var number: Int64
    /// The CRL as DER.
    public var encoded: [UInt8]
    /// When it was made.
    public var thisUpdate: Date
    /// When the next one is there at the latest.
    public var nextUpdate: Date
    /// How many certificates of the CA were revoked when it was made, by which it is known to be the latest.
    public var revocations: Int

    /// Makes a record.
    public init(number: Int64, encoded: [UInt8], thisUpdate: Date, nextUpdate: Date, revocations: Int) {
        self.number = number
        self.encoded = encoded
        self.thisUpdate = thisUpdate
        self.nextUpdate = nextUpdate
        self.revocations = revocations
    }
}

extension Registry {
    /// The latest CRL of a CA; nil where there is none yet.
    ///
    /// - Throws: ``RegistryError``.
    public func revocationList(authority: Int64) async throws -> RevocationListRecord? {
        try await self.database.read { connection in
            try connection.query(
                "SELECT number, encoded, this_update, next_update, revocations FROM crl WHERE authority_id = $1",
                [.integer(authority)]
            ).first.map { row in
                RevocationListRecord(
                    number: try row.integer(0),
                    encoded: try row.bytes(1),
                    thisUpdate: try row.date(2),
                    nextUpdate: try row.date(3),
                    revocations: Int(try row.integer(4))
                )
            }
        }
    }

    /// What is known of the latest CRL of a CA, and how many certificates are revoked now; for deciding whether a new one
    /// is due, without reading either.
    ///
    /// - Throws: ``RegistryError``.
    public func revocationListAge(authority: Int64) async throws -> (nextUpdate: Date?, listed: Int, revoked: Int) {
        try await self.database.read { connection in
            let list = try connection.query(
                "SELECT next_update, revocations FROM crl WHERE authority_id = $1", [.integer(authority)]
            ).first
            let revoked = try connection.query(
                "SELECT count(*) FROM certificate WHERE authority_id = $1 AND revoked_at IS NOT NULL",
                [.integer(authority)]
            ).first
            return (try list?.date(0), Int(try list?.integer(1) ?? 0), Int(try revoked?.integer(0) ?? 0))
        }
    }

    /// The certificates of a CA that are revoked, by serial number.
    ///
    /// - Throws: ``RegistryError``.
    public func revocations(
        authority: Int64
    ) async throws -> [(serialNumber: [UInt8], revocation: Revocation)] {
        try await self.database.read { connection in
            try connection.query(
                """
                SELECT serial_number, revoked_at, revocation_reason FROM certificate
                WHERE authority_id = $1 AND revoked_at IS NOT NULL ORDER BY revoked_at, id
                """,
                [.integer(authority)]
            ).map { row in
                (
                    try row.bytes(0),
                    Revocation(date: try row.date(1), reason: Int(try row.integerIfPresent(2) ?? 0))
                )
            }
        }
    }

    /// Records a CRL unless a later one is there already.
    ///
    /// - Returns: Whether it was recorded.
    /// - Throws: ``RegistryError``.
    @discardableResult
    public func insert(_ list: RevocationListRecord, authority: Int64) async throws -> Bool {
        try await self.database.write { connection in
            try connection.execute(
                """
                INSERT INTO crl (authority_id, number, encoded, this_update, next_update, revocations)
                VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (authority_id) DO UPDATE SET number = excluded.number, encoded = excluded.encoded,
                    this_update = excluded.this_update, next_update = excluded.next_update,
                    revocations = excluded.revocations
                WHERE crl.number < excluded.number
                """,
                [
                    .integer(authority), .integer(list.number), .bytes(list.encoded), .date(list.thisUpdate),
                    .date(list.nextUpdate), .integer(Int64(list.revocations)),
                ]
            ) > 0
        }
    }
}
