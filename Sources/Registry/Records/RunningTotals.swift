import Foundation

/// What the changes of a transaction add to: the end of the audit log, and counts.
///
/// Each of them is a row that nearly every change would write again, so they are written once, when the changes are made. Whoever
/// undoes the changes forgets what they added.
public final class RunningTotals {
    /// The events of a kind on a day in a profile.
    private struct Events: Hashable {
        var day: Int64
        var kind: String
        var profile: String
    }

    /// The certificates of a CA that end on a day.
    private struct Certificates: Hashable {
        var authority: Int64
        var origin: String
        var endDay: Int64
    }

    private var head: AuditLink?
    private var events: [Events: Int64] = [:]
    private var certificates: [Certificates: Int64] = [:]

    init() {}

    /// Does something that adds to the totals of a connection, which are written at once where nobody does so at the end.
    static func add(in connection: any SQLConnection, _ body: (RunningTotals) throws -> Void) throws {
        if let totals = connection.totals { return try body(totals) }
        let totals = RunningTotals()
        try body(totals)
        try totals.write(in: connection)
    }

    /// The last entry of the audit log.
    ///
    /// It is changed before it is looked at, so that whoever else writes to it waits until the transaction is over.
    ///
    /// - Throws: ``RegistryError``, also where nothing says what the last entry is.
    func end(of chain: Int64, in connection: any SQLConnection) throws -> AuditLink {
        if let head = self.head { return head }
        let row = try connection.query(
            "UPDATE audit_chain SET sequence = sequence WHERE chain = $1 RETURNING sequence, digest", [.integer(chain)]
        ).first
        guard let row else {
            throw RegistryError.damaged(
                "the end of the audit log is missing, so nothing can be recorded: restore a backup")
        }
        return AuditLink(chain: chain, sequence: try row.integer(0), digest: try row.bytes(1))
    }

    /// The audit log ends with another entry.
    func append(_ link: AuditLink) { self.head = link }

    /// There is an event more.
    func count(kind: EventKind, day: Int64, profile: String?) {
        self.events[Events(day: day, kind: kind.rawValue, profile: profile ?? ""), default: 0] += 1
    }

    /// There is a certificate more.
    func countCertificate(authority: Int64, origin: CertificateOrigin, endDay: Int64) {
        let key = Certificates(authority: authority, origin: origin.rawValue, endDay: endDay)
        self.certificates[key, default: 0] += 1
    }

    /// Writes what was added.
    ///
    /// - Throws: ``RegistryError``.
    func write(in connection: any SQLConnection) throws {
        for (key, count) in self.certificates {
            try connection.send(
                """
                INSERT INTO certificate_count (authority_id, origin, end_day, revocation, count) VALUES ($1, $2, $3, 0, $4)
                ON CONFLICT (authority_id, origin, end_day, revocation)
                DO UPDATE SET count = certificate_count.count + excluded.count
                """,
                [.integer(key.authority), .text(key.origin), .integer(key.endDay), .integer(count)]
            )
        }
        for (key, count) in self.events {
            try connection.send(
                """
                INSERT INTO event_count (day, kind, profile, count) VALUES ($1, $2, $3, $4)
                ON CONFLICT (day, kind, profile) DO UPDATE SET count = event_count.count + excluded.count
                """,
                [.integer(key.day), .text(key.kind), .text(key.profile), .integer(count)]
            )
        }
        if let head = self.head {
            try connection.send(
                "UPDATE audit_chain SET sequence = $1, digest = $2 WHERE chain = $3",
                [.integer(head.sequence), .bytes(head.digest), .integer(head.chain)]
            )
        }
    }
}
