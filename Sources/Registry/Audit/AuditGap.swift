/// Entries of the audit log that were forgotten, and what the next one builds on.
public struct AuditGap: Hashable, Sendable {
    /// The chain.
    public var chain: Int64
    /// The number of the first of them.
    public var first: Int64
    /// The number of the last of them.
    public var last: Int64
    /// The digest of the last of them.
    public var digest: [UInt8]

    /// Makes a record.
    public init(chain: Int64, first: Int64, last: Int64, digest: [UInt8]) {
        self.chain = chain
        self.first = first
        self.last = last
        self.digest = digest
    }
}

/// Forgetting entries of the audit log so that the rest can still be verified.
extension Registry {
    /// Forgets events, and writes down where they were.
    ///
    /// - Parameters:
    ///   - condition: Which ones: what follows WHERE.
    ///   - values: Its parameters.
    ///   - connection: The connection.
    /// - Returns: How many.
    /// - Throws: ``RegistryError``.
    static func forget(_ condition: String, _ values: [SQLValue], in connection: any SQLConnection) throws -> Int {
        let rows = try connection.query(
            """
            DELETE FROM event WHERE id IN (SELECT id FROM event WHERE \(condition)) RETURNING chain, sequence, digest
            """,
            values
        )
        // What somebody has put in from outside has no place in a chain, and leaves none.
        let links = rows.compactMap { row -> AuditLink? in
            guard let chain = try? row.integer(0), let sequence = try? row.integer(1), let digest = try? row.bytes(2)
            else { return nil }
            return AuditLink(chain: chain, sequence: sequence, digest: digest)
        }
        var gap: AuditGap?
        for link in links.sorted(by: { ($0.chain, $0.sequence) < ($1.chain, $1.sequence) }) {
            if let known = gap, known.chain == link.chain, AuditSequence.follows(link.sequence, known.last) {
                gap?.last = link.sequence
                gap?.digest = link.digest
            } else {
                try gap.map { try Self.note($0, in: connection) }
                gap = AuditGap(chain: link.chain, first: link.sequence, last: link.sequence, digest: link.digest)
            }
        }
        try gap.map { try Self.note($0, in: connection) }
        return rows.count
    }

    /// Forgets events in transactions of some milliseconds each, so that no enrolment waits for all of them.
    ///
    /// - Parameters:
    ///   - condition: Which ones, at most as many as its last parameter says.
    ///   - values: The other parameters.
    /// - Returns: How many.
    /// - Throws: ``RegistryError``.
    func forgetInSteps(_ condition: String, _ values: [SQLValue]) async throws -> Int {
        let step = 500
        var total = 0
        while true {
            let count = try await self.database.write { connection in
                try Self.forget(condition, values + [.integer(Int64(step))], in: connection)
            }
            total += count
            if count < step { return total }
        }
    }

    /// Writes a gap down; with those on both sides of it it becomes one, so that a flood of refusals leaves one row.
    private static func note(_ gap: AuditGap, in connection: any SQLConnection) throws {
        var whole = gap
        if let left = try Self.gap(of: gap.chain, at: gap.first, in: connection),
            AuditSequence.follows(gap.first, left.last)
        {
            whole.first = left.first
        }
        let right = try connection.query(
            "SELECT first, last, digest FROM audit_gap WHERE chain = $1 AND first > $2 ORDER BY first LIMIT 1",
            [.integer(gap.chain), .integer(gap.last)]
        ).first
        if let right, AuditSequence.follows(try right.integer(0), gap.last) {
            whole.last = try right.integer(1)
            whole.digest = try right.bytes(2)
        }
        try connection.execute(
            "DELETE FROM audit_gap WHERE chain = $1 AND first >= $2 AND first <= $3",
            [.integer(whole.chain), .integer(whole.first), .integer(whole.last)]
        )
        try connection.execute(
            "INSERT INTO audit_gap (chain, first, last, digest) VALUES ($1, $2, $3, $4)",
            [.integer(whole.chain), .integer(whole.first), .integer(whole.last), .bytes(whole.digest)]
        )
    }

    /// The last gap that begins at an entry or before it.
    static func gap(of chain: Int64, at sequence: Int64, in connection: any SQLConnection) throws -> AuditGap? {
        try connection.query(
            "SELECT first, last, digest FROM audit_gap WHERE chain = $1 AND first <= $2 ORDER BY first DESC LIMIT 1",
            [.integer(chain), .integer(sequence)]
        ).first.map {
            AuditGap(chain: chain, first: try $0.integer(0), last: try $0.integer(1), digest: try $0.bytes(2))
        }
    }
}

/// Numbers of entries, which may be anything where somebody has altered them.
enum AuditSequence {
    /// Whether a number is the one after another.
    static func follows(_ next: Int64, _ number: Int64) -> Bool {
        let (sum, isOver) = number.addingReportingOverflow(1)
        return !isOver && sum == next
    }

    /// The number after another; that itself where there is none.
    static func after(_ number: Int64) -> Int64 { number == .max ? number : number + 1 }

    /// The number before another; that itself where there is none.
    static func before(_ number: Int64) -> Int64 { number == .min ? number : number - 1 }

    /// How many numbers there are from one to another.
    static func count(_ first: Int64, _ last: Int64) -> Int64 {
        let (difference, isOver) = last.subtractingReportingOverflow(first)
        return isOver ? .max : Self.after(difference)
    }
}
