public import Foundation

/// A serial number whose revocation has changed.
public struct ChangedRevocation: Hashable, Sendable {
    /// The content octets of the serial number.
    public var serialNumber: [UInt8]
    /// Its revocation; nil where it was released.
    public var revocation: Revocation?
}

/// What was revoked and released after a list was made.
public struct RevocationChanges: Hashable, Sendable {
    /// What has changed, each serial number once, as it is now.
    public var changes: [ChangedRevocation]
    /// The number of changes up to which these are all: what has to be asked for next comes after it.
    public var sequence: Int64
    /// Whether there are no further ones.
    public var isComplete: Bool
}

/// Looking revocations up.
extension Registry {
    /// What a CA says of a serial number.
    ///
    /// - Throws: ``RegistryError``.
    public func certificateStatus(serialNumber: [UInt8], authority: Int64) async throws -> CertificateStatus {
        try await self.database.lookUp { connection in
            var status = CertificateStatus.unknown
            try connection.forEach(
                """
                SELECT revoked_at, revocation_reason, invalidity_date FROM certificate
                WHERE authority_id = $1 AND serial_number = $2
                """,
                [.integer(authority), .bytes(serialNumber)]
            ) { row in
                status = try Revocation(row, at: 0).map { .revoked($0) } ?? .good
            }
            return status
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
        try await self.eachRevocation(authority: authority, endingAfter: earliest, into: []) {
            all, number, revocation in
            all.append((number, revocation))
        }.whole
    }

    /// Goes through all certificates of a CA that are revoked, in the order in which they were, one by one.
    ///
    /// It reads from one snapshot and keeps nobody from writing; no array of rows is made, so a million of them cost a
    /// second and what is made of them.
    ///
    /// - Parameters:
    ///   - authority: The CA.
    ///   - earliest: Those that ended before are left out.
    ///   - initial: What is to be made of them, as it is at first.
    ///   - add: Adds one: its serial number and its revocation.
    /// - Returns: What was made of them, and the CA's number of changes that it is complete up to.
    /// - Throws: ``RegistryError``, or what the closure throws.
    public func eachRevocation<Whole: Sendable>(
        authority: Int64,
        endingAfter earliest: Date = .distantPast,
        into initial: Whole,
        add: @escaping @Sendable (inout Whole, [UInt8], Revocation) throws -> Void
    ) async throws -> (whole: Whole, sequence: Int64) {
        try await self.database.read { connection in
            let sequence = try Self.revocationSequence(of: authority, in: connection)
            var whole = initial
            try connection.forEach(
                """
                SELECT serial_number, revoked_at, revocation_reason, invalidity_date FROM certificate
                WHERE authority_id = $1 AND revocation_sequence IS NOT NULL AND revoked_at IS NOT NULL AND not_after >= $2
                ORDER BY revocation_sequence, id
                """,
                [.integer(authority), .date(earliest)]
            ) { row in
                guard let revocation = try Revocation(row, at: 1) else { return }
                try add(&whole, row.bytes(0), revocation)
            }
            return (whole, sequence)
        }
    }

    /// What was revoked and released since a CA's list was made.
    ///
    /// - Parameters:
    ///   - authority: The CA.
    ///   - sequence: The number of changes that the list has seen.
    ///   - earliest: Revoked ones that ended before are left out.
    ///   - limit: How many are enough; those with one number are never divided, so there may be more. nil for all.
    /// - Returns: The changes, in their order.
    /// - Throws: ``RegistryError``.
    public func revocationChanges(
        authority: Int64,
        after sequence: Int64,
        endingAfter earliest: Date = .distantPast,
        limit: Int? = nil
    ) async throws -> RevocationChanges {
        try await self.database.read { connection in
            let latest = try Self.revocationSequence(of: authority, in: connection)
            let end = try Self.sequence(authority, after: sequence, limit: limit, in: connection) ?? latest
            var changes: [ChangedRevocation] = []
            try connection.forEach(
                """
                SELECT serial_number, revoked_at, revocation_reason, invalidity_date FROM certificate
                WHERE authority_id = $1 AND revocation_sequence IS NOT NULL AND revocation_sequence > $2
                    AND revocation_sequence <= $3 AND (revoked_at IS NULL OR not_after >= $4)
                ORDER BY revocation_sequence, id
                """,
                [.integer(authority), .integer(sequence), .integer(end), .date(earliest)]
            ) { row in
                changes.append(
                    ChangedRevocation(serialNumber: try row.bytes(0), revocation: try Revocation(row, at: 1)))
            }
            return RevocationChanges(changes: changes, sequence: end, isComplete: end >= latest)
        }
    }

    /// The number of the change with which there are enough; nil where there are no more.
    private static func sequence(
        _ authority: Int64,
        after sequence: Int64,
        limit: Int?,
        in connection: any SQLConnection
    ) throws -> Int64? {
        guard let limit else { return nil }
        return try connection.query(
            """
            SELECT revocation_sequence FROM certificate
            WHERE authority_id = $1 AND revocation_sequence IS NOT NULL AND revocation_sequence > $2
            ORDER BY revocation_sequence, id LIMIT 1 OFFSET $3
            """,
            [.integer(authority), .integer(sequence), .integer(Int64(max(limit - 1, 0)))]
        ).first?.integer(0)
    }

    private static func revocationSequence(of authority: Int64, in connection: any SQLConnection) throws -> Int64 {
        let row = try connection.query(
            "SELECT revocation_changes FROM authority WHERE id = $1", [.integer(authority)]
        ).first
        guard let row else { throw RegistryError.damaged("there is no CA \(authority)") }
        return try row.integer(0)
    }
}
