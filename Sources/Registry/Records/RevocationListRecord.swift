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
    /// How often something was revoked before it was made, by which it is known to be the latest.
    public var revocationChanges: Int64

    /// Makes a record.
    public init(number: Int64, encoded: [UInt8], thisUpdate: Date, nextUpdate: Date, revocationChanges: Int64) {
        self.number = number
        self.encoded = encoded
        self.thisUpdate = thisUpdate
        self.nextUpdate = nextUpdate
        self.revocationChanges = revocationChanges
    }
}

/// What is known of a CA's CRL without reading it.
public struct RevocationListState: Hashable, Sendable {
    /// The number of the latest; 0 where there is none yet.
    public var number: Int64
    /// When it was made; nil where there is none.
    public var thisUpdate: Date?
    /// When the next one is there at the latest; nil where there is none.
    public var nextUpdate: Date?
    /// How many bytes it has.
    public var size: Int
    /// Whether nothing was revoked since.
    public var isLatest: Bool
    /// How often something was revoked so far.
    public var revocationChanges: Int64
}

extension Registry {
    /// The latest CRL of a CA; nil where there is none yet.
    ///
    /// - Throws: ``RegistryError``.
    public func revocationList(authority: Int64) async throws -> RevocationListRecord? {
        try await self.database.read { connection in
            try connection.query(
                "SELECT number, encoded, this_update, next_update, revocation_changes FROM crl WHERE authority_id = $1",
                [.integer(authority)]
            ).first.map { row in
                RevocationListRecord(
                    number: try row.integer(0),
                    encoded: try row.bytes(1),
                    thisUpdate: try row.date(2),
                    nextUpdate: try row.date(3),
                    revocationChanges: try row.integer(4)
                )
            }
        }
    }

    /// What is known of the latest CRL of a CA without reading it, which may be many megabytes.
    ///
    /// - Throws: ``RegistryError``.
    public func revocationListState(authority: Int64) async throws -> RevocationListState {
        try await self.database.read { connection in
            let row = try connection.query(
                """
                SELECT authority.revocation_changes, crl.number, crl.this_update, crl.next_update, length(crl.encoded),
                    crl.revocation_changes
                FROM authority LEFT JOIN crl ON crl.authority_id = authority.id WHERE authority.id = $1
                """,
                [.integer(authority)]
            ).first
            guard let row else { throw RegistryError.damaged("there is no CA \(authority)") }
            let changes = try row.integer(0)
            return RevocationListState(
                number: try row.integerIfPresent(1) ?? 0,
                thisUpdate: try row.dateIfPresent(2),
                nextUpdate: try row.dateIfPresent(3),
                size: Int(try row.integerIfPresent(4) ?? 0),
                isLatest: try row.integerIfPresent(5) == changes,
                revocationChanges: changes
            )
        }
    }

    /// The certificates of a CA that are revoked, in the order in which they were.
    ///
    /// - Parameters:
    ///   - authority: The CA.
    ///   - earliest: Those that ended before are left out.
    /// - Returns: Serial numbers and revocations.
    /// - Throws: ``RegistryError``.
    public func revocations(
        authority: Int64,
        endingAfter earliest: Date = .distantPast
    ) async throws -> [(serialNumber: [UInt8], revocation: Revocation)] {
        try await self.database.read { connection in
            try connection.query(
                """
                SELECT serial_number, revoked_at, revocation_reason FROM certificate
                WHERE authority_id = $1 AND revoked_at IS NOT NULL AND not_after >= $2 ORDER BY revoked_at, id
                """,
                [.integer(authority), .date(earliest)]
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
                INSERT INTO crl (authority_id, number, encoded, this_update, next_update, revocation_changes)
                VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (authority_id) DO UPDATE SET number = excluded.number, encoded = excluded.encoded,
                    this_update = excluded.this_update, next_update = excluded.next_update,
                    revocation_changes = excluded.revocation_changes
                WHERE crl.number < excluded.number
                """,
                [
                    .integer(authority), .integer(list.number), .bytes(list.encoded), .date(list.thisUpdate),
                    .date(list.nextUpdate), .integer(list.revocationChanges),
                ]
            ) > 0
        }
    }
}
