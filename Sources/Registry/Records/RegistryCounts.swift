public import Foundation

/// How many certificates there are, and what they are good for.
public struct CertificateCounts: Hashable, Sendable {
    /// How many are in each state.
    public var states: [CertificateState: Int]
    /// How many each CA has issued, by its number.
    public var authorities: [Int64: Int]
    /// How many of those that devices and people use are valid and end soon.
    public var endingSoon: Int
}

extension Registry {
    /// Counts all certificates.
    ///
    /// Certificates are counted as they are issued and revoked, by the day on which they end; only those that end on this day
    /// or on the last one are looked at.
    ///
    /// - Parameters:
    ///   - now: When they are in their states.
    ///   - soon: What ends before this ends soon; nil where that is not asked for.
    /// - Returns: The counts.
    /// - Throws: ``RegistryError``.
    public func certificateCounts(at now: Date, endingSoonBefore soon: Date? = nil) async throws -> CertificateCounts {
        try await self.database.read { connection in
            var counts = CertificateCounts(
                states: [.valid: 0, .expired: 0, .revoked: 0, .held: 0], authorities: [:], endingSoon: 0)
            for row in try connection.query(Self.countsOfAll, []) {
                let count = Int(try row.integer(2))
                counts.authorities[try row.integer(0), default: 0] += count
                counts.states[Self.state(try row.integer(1)), default: 0] += count
            }
            let today = CertificateCounting.day(now)
            let endedToday = try Self.ending(from: Self.start(today), to: now.milliseconds + 1, in: connection)
            let ended = try Self.ending(onDays: .min..<today, in: connection).all + endedToday.all
            counts.states[.valid, default: 0] -= ended
            counts.states[.expired] = ended
            guard let soon else { return counts }
            let last = CertificateCounting.day(soon)
            guard last > today else {
                counts.endingSoon = try Self.ending(from: now.milliseconds + 1, to: soon.milliseconds, in: connection)
                    .used
                return counts
            }
            counts.endingSoon =
                try Self.ending(onDays: today..<last, in: connection).used - endedToday.used
                + Self.ending(from: Self.start(last), to: soon.milliseconds, in: connection).used
            return counts
        }
    }

    private static func start(_ day: Int64) -> Int64 { day * CertificateCounting.millisecondsOfDay }

    private static func state(_ mark: Int64) -> CertificateState {
        switch CertificateCounting.Mark(rawValue: mark) {
        case .held: .held
        case .revoked: .revoked
        case .some(.none), nil: .valid
        }
    }

    /// How many that are not revoked end on some days, and how many of those devices and people use.
    private static func ending(
        onDays days: Range<Int64>,
        in connection: any SQLConnection
    ) throws -> (all: Int, used: Int) {
        try Self.sum(
            connection.query(Self.countsOfDays, [.integer(days.lowerBound), .integer(days.upperBound)]))
    }

    /// The same of a part of a day, which takes looking at each.
    private static func ending(
        from start: Int64,
        to end: Int64,
        in connection: any SQLConnection
    ) throws -> (all: Int, used: Int) {
        try Self.sum(connection.query(Self.countsOfPart, [.integer(start), .integer(end)]))
    }

    private static func sum(_ rows: [SQLRow]) throws -> (all: Int, used: Int) {
        var sum = (all: 0, used: 0)
        for row in rows {
            let count = Int(try row.integer(1))
            sum.all += count
            if try row.integer(0) == 1 { sum.used += count }
        }
        return sum
    }

    private static let isUsed = "CASE WHEN origin IN ('scep', 'manual') THEN 1 ELSE 0 END"
    /// The statements, of which none goes through all certificates.
    static let countsOfAll = """
        SELECT authority_id, revocation, CAST(SUM(count) AS BIGINT) FROM certificate_count GROUP BY authority_id, revocation
        """
    static let countsOfDays = """
        SELECT \(Self.isUsed), CAST(SUM(count) AS BIGINT) FROM certificate_count
        WHERE revocation = 0 AND end_day >= $1 AND end_day < $2 GROUP BY 1
        """
    static let countsOfPart = """
        SELECT \(Self.isUsed), count(*) FROM certificate
        WHERE not_after >= $1 AND not_after < $2 AND revoked_at IS NULL GROUP BY 1
        """

    /// How many requests wait in each profile; those in which none does are left out.
    ///
    /// - Throws: ``RegistryError``.
    public func pendingCounts() async throws -> [String: Int] {
        try await self.database.read { connection in
            var counts: [String: Int] = [:]
            let rows = try connection.query(
                "SELECT profile, count(*) FROM request WHERE status = 'pending' GROUP BY profile", [])
            for row in rows { counts[try row.text(0)] = Int(try row.integer(1)) }
            return counts
        }
    }

    /// Reads one row, to find out whether the database answers at all.
    ///
    /// - Throws: ``RegistryError``.
    public func ping() async throws {
        _ = try await self.configurationRevision()
    }

    /// Writes one row as it is, to find out whether the database takes changes.
    ///
    /// - Throws: ``RegistryError``.
    public func tryChange() async throws {
        _ = try await self.database.write { connection in
            try connection.execute("UPDATE schema_version SET version = version", [])
        }
    }

    /// When the latest event was recorded, or the latest certificate, whichever was later; nil where there is neither.
    ///
    /// - Throws: ``RegistryError``.
    public func latestTime() async throws -> Date? {
        try await self.database.read { connection in
            try [
                "SELECT at FROM event ORDER BY id DESC LIMIT 1",
                "SELECT created_at FROM certificate ORDER BY id DESC LIMIT 1",
            ].compactMap { try connection.query($0, []).first?.date(0) }.max()
        }
    }

    /// Looks for damage in the whole database, which takes as long as reading it.
    ///
    /// - Returns: What is wrong, one sentence each; empty where nothing is.
    /// - Throws: ``RegistryError`` where not even that can be found out.
    public func check() async throws -> [String] {
        try await self.database.check()
    }
}
