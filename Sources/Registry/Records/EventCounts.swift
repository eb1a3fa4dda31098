import Foundation

/// How many events of a kind there were on a day in a profile.
public struct EventCount: Hashable, Sendable {
    /// The day, in days since 1970 (UTC).
    public var day: Int
    /// The kind, as it is written.
    public var kindName: String
    /// The profile; nil for what belongs to none.
    public var profile: String?
    /// How many.
    public var count: Int
}

/// Counting what devices do, day by day, so that a year of it is known without reading a million events, and still when
/// refusals are forgotten.
extension Registry {
    /// How many events there were, by day, kind and profile.
    ///
    /// - Parameters:
    ///   - first: The first day, in days since 1970 (UTC).
    ///   - profile: The profile; nil for all.
    /// - Returns: The counts, in the order of the days.
    /// - Throws: ``RegistryError``.
    public func eventCounts(since first: Int, profile: String? = nil) async throws -> [EventCount] {
        try await self.database.read { connection in
            let filter = profile == nil ? "" : "AND profile = $2"
            let values = [SQLValue.integer(Int64(first))] + (profile.map { [.text($0)] } ?? [])
            return try connection.query(
                "SELECT day, kind, profile, count FROM event_count WHERE day >= $1 \(filter) ORDER BY day, kind, profile",
                values
            ).map { row in
                let profile = try row.text(2)
                return EventCount(
                    day: Int(try row.integer(0)), kindName: try row.text(1), profile: profile.isEmpty ? nil : profile,
                    count: Int(try row.integer(3)))
            }
        }
    }

    /// The day of a time, in days since 1970 (UTC).
    static func day(of date: Date) -> Int64 { Int64((date.timeIntervalSince1970 / 86_400).rounded(.down)) }
}

extension EventKind {
    /// Whether events of the kind are counted: what is asked for by devices, and what becomes of it.
    var isCounted: Bool { Self.counted.contains(self) }

    private static let counted: Set<EventKind> = [
        .issued, .renewed, .pending, .refused, .approved, .rejected, .expired, .certificateIssued, .certificateRevoked,
    ]
}

extension Migrations {
    /// The counts of events, and those of the events that are there.
    static let eventCounts: [String] = [
        """
        CREATE TABLE event_count (
            day BIGINT NOT NULL,
            kind TEXT NOT NULL,
            profile TEXT NOT NULL,
            count BIGINT NOT NULL,
            PRIMARY KEY (day, kind, profile)
        )
        """,
        """
        INSERT INTO event_count (day, kind, profile, count)
        SELECT at / 86400000, kind, COALESCE(profile, ''), count(*) FROM event
        WHERE kind IN ('issued', 'renewed', 'pending', 'refused', 'approved', 'rejected', 'expired', 'certificateIssued',
            'certificateRevoked')
        GROUP BY 1, 2, 3
        """,
    ]
}
