public import Foundation

/// How long the audit log is kept.
extension Registry {
    /// The setting that says after how many days entries of the audit log are forgotten; where it is not set, never.
    public static let auditRetention = "audit-retention"

    /// After how many days entries of the audit log are forgotten; nil for never.
    ///
    /// - Throws: ``RegistryError/damaged(_:)`` where something else is stored, or others.
    public func auditRetentionDays() async throws -> Int? {
        try await self.setting(Self.auditRetention).map { text in
            guard let days = Int(text), days > 0 else {
                throw RegistryError.damaged("the setting \(Self.auditRetention) is \"\(text)\", not a number of days")
            }
            return days
        }
    }

    /// Forgets entries of the audit log, of whatever kind, from its beginning up to a day.
    ///
    /// The rest can still be verified. Before anything but refusals is forgotten, an event says so, with the last entry and
    /// its digest. Entries whose time is later than that of those after them, because a clock was wrong, stay where they
    /// are more than 500 in a row.
    ///
    /// - Parameters:
    ///   - date: Those before are forgotten.
    ///   - decider: Who decides it.
    ///   - now: The time.
    /// - Returns: How many were forgotten.
    /// - Throws: ``RegistryError``.
    @discardableResult
    public func prune(eventsBefore date: Date, by decider: Decider, at now: Date) async throws -> Int {
        guard let end = try await self.endOfEvents(before: date) else { return 0 }
        if let last = end.last {
            let event = NewEvent(
                .auditPruned,
                by: decider,
                object: "audit log",
                detail: "entries before \(date.formatted(.iso8601)): \(end.count), the last one \(last)",
                after: [
                    "before": .date(date), "entries": .integer(Int64(end.count)), "sequence": .integer(last.sequence),
                    "digest": .text(last.digestText),
                ]
            )
            try await self.record(event, at: now)
        }
        return try await self.forgetInSteps(
            "at < $1 AND id <= $2 ORDER BY id LIMIT $3", [.date(date), .integer(end.id)])
    }

    /// Up to which event those before a day go, and how many they are.
    ///
    /// - Returns: The number of the last of them; how many they are; and the last one's place, unless all can be caused by
    ///   anybody. Nil where there are none.
    private func endOfEvents(before date: Date) async throws -> (id: Int64, count: Int, last: AuditLink?)? {
        let size = 500
        var found: (id: Int64, count: Int, last: AuditLink?)?
        var mustBeSaid = false
        var position = Int64.min
        while true {
            let rows = try await self.database.read { [position] connection in
                try connection.query(
                    """
                    SELECT id, at, CASE WHEN \(EventKind.isForgettable) THEN 1 ELSE 0 END, chain, sequence, digest
                    FROM event WHERE id > $1 ORDER BY id LIMIT $2
                    """,
                    [.integer(position), .integer(Int64(size))]
                )
            }
            var isOver = true
            for row in rows {
                position = try row.integer(0)
                guard try row.integer(1) < date.milliseconds else { continue }
                isOver = false
                if try row.integer(2) == 0 { mustBeSaid = true }
                let link = try? AuditLink(
                    chain: row.integer(3), sequence: row.integer(4), digest: row.bytes(5))
                found = (position, (found?.count ?? 0) + 1, link ?? found?.last)
            }
            if isOver || rows.count < size { break }
        }
        guard let found else { return nil }
        return (found.id, found.count, mustBeSaid ? found.last : nil)
    }
}
