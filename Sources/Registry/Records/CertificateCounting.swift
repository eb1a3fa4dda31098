import Foundation

/// Counting certificates as they are issued and revoked, by the day on which they end, so that how many are valid is known
/// without reading a million of them.
enum CertificateCounting {
    /// What is said of a certificate besides its end, as ``Migrations/lists`` has it.
    enum Mark: Int64 {
        case none = 0
        case revoked = 1
        case held = 2

        init(_ revocation: Revocation?) {
            self = revocation.map { $0.isHold ? .held : .revoked } ?? .none
        }
    }

    static let millisecondsOfDay: Int64 = 86_400_000

    /// The day of a time, in days since 1970 (UTC).
    static func day(_ date: Date) -> Int64 { date.milliseconds / Self.millisecondsOfDay }

    /// Counts a certificate that is issued, in the same transaction.
    static func add(
        authority: Int64,
        origin: CertificateOrigin,
        end: Date,
        in connection: any SQLConnection
    ) throws {
        try RunningTotals.add(in: connection) { totals in
            totals.countCertificate(authority: authority, origin: origin, endDay: Self.day(end))
        }
    }

    /// Counts a certificate elsewhere whose revocation changes, in the same transaction.
    static func move(
        _ certificate: Int64,
        from old: Mark,
        to new: Mark,
        in connection: any SQLConnection
    ) throws {
        guard old != new else { return }
        for (mark, change) in [(old, -1), (new, 1)] as [(Mark, Int64)] {
            try connection.send(
                """
                INSERT INTO certificate_count (authority_id, origin, end_day, revocation, count)
                SELECT authority_id, origin, not_after / \(Self.millisecondsOfDay), $1, $2 FROM certificate WHERE id = $3
                ON CONFLICT (authority_id, origin, end_day, revocation)
                DO UPDATE SET count = certificate_count.count + excluded.count
                """,
                [.integer(mark.rawValue), .integer(change), .integer(certificate)]
            )
        }
    }
}
