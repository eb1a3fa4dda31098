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
    /// How often something was revoked or released before it was made, by which it is known to be the latest.
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
    /// How often something was revoked or released before it was made; nil where there is none.
    public var listedChanges: Int64?
    /// How often something was revoked or released so far.
    public var revocationChanges: Int64

    /// Whether nothing was revoked or released since.
    public var isLatest: Bool { self.listedChanges == self.revocationChanges }
}

extension RevocationListState {
    /// The statement that a state is read from.
    fileprivate static let selection = """
        SELECT authority.id, crl.number, crl.this_update, crl.next_update, length(crl.encoded), crl.revocation_changes,
            authority.revocation_changes
        FROM authority LEFT JOIN crl ON crl.authority_id = authority.id
        """

    fileprivate init(_ row: SQLRow) throws {
        self.number = try row.integerIfPresent(1) ?? 0
        self.thisUpdate = try row.dateIfPresent(2)
        self.nextUpdate = try row.dateIfPresent(3)
        self.size = Int(try row.integerIfPresent(4) ?? 0)
        self.listedChanges = try row.integerIfPresent(5)
        self.revocationChanges = try row.integer(6)
    }
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
                "\(RevocationListState.selection) WHERE authority.id = $1", [.integer(authority)]
            ).first
            guard let row else { throw RegistryError.damaged("there is no CA \(authority)") }
            return try RevocationListState(row)
        }
    }

    /// What is known of the latest CRLs of all CAs, by the CAs' numbers, without reading them.
    ///
    /// - Throws: ``RegistryError``.
    public func revocationListStates() async throws -> [Int64: RevocationListState] {
        try await self.database.read { connection in
            var states: [Int64: RevocationListState] = [:]
            for row in try connection.query(RevocationListState.selection, []) {
                states[try row.integer(0)] = try RevocationListState(row)
            }
            return states
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
