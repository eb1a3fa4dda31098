extension Migrations {
    /// The fifth step: events become the audit log, a chain in which nothing can be changed without being noticed.
    static let audit: [String] = [
        // By what and from where somebody decided, on what, and how that was before and after.
        "ALTER TABLE event ADD COLUMN via TEXT",
        "ALTER TABLE event ADD COLUMN origin TEXT",
        "ALTER TABLE event ADD COLUMN object TEXT",
        "ALTER TABLE event ADD COLUMN state_before TEXT",
        "ALTER TABLE event ADD COLUMN state_after TEXT",
        "ALTER TABLE event ADD COLUMN chain BIGINT",
        "ALTER TABLE event ADD COLUMN sequence BIGINT",
        "ALTER TABLE event ADD COLUMN digest {bytes}",
        // The last entry of each chain.
        """
        CREATE TABLE audit_chain (
            chain BIGINT NOT NULL PRIMARY KEY,
            sequence BIGINT NOT NULL,
            digest {bytes} NOT NULL
        )
        """,
        // Entries that were forgotten, with the digest of the last of them, on which the next one builds.
        """
        CREATE TABLE audit_gap (
            chain BIGINT NOT NULL,
            first BIGINT NOT NULL,
            last BIGINT NOT NULL,
            digest {bytes} NOT NULL,
            PRIMARY KEY (chain, first)
        )
        """,
        "DROP INDEX event_refused",
        """
        CREATE INDEX event_forgettable ON event (kind, at, id)
            WHERE kind IN ('refused', 'signInFailed', 'accessDenied')
        """,
        // What every enrolment would pay for is in neither.
        "CREATE INDEX event_kind ON event (kind, id) WHERE kind NOT IN ('issued', 'renewed')",
        "CREATE INDEX event_actor ON event (actor, id) WHERE actor <> 'device'",
    ]

    /// Links the events of before to a chain, some at a time, so that a million of them take as much memory as a thousand.
    static func chainEvents(in connection: any SQLConnection) throws {
        var head = AuditLink(chain: Registry.chain, sequence: 0, digest: AuditLink.start)
        var last = Int64.min
        while true {
            var links: [(id: Int64, link: AuditLink)] = []
            try connection.forEach(
                """
                SELECT id, at, kind, actor, profile, request_id, challenge_id, certificate_id, client_address, subject,
                    detail, explanation
                FROM event WHERE id > $1 ORDER BY id LIMIT 1000
                """,
                [.integer(last)]
            ) { row in
                head.sequence += 1
                head.digest = AuditDigest.digest(
                    after: head.digest, chain: head.chain, sequence: head.sequence, try Self.content(row))
                links.append((try row.integer(0), head))
            }
            guard let end = links.last else { break }
            for (id, link) in links {
                try connection.execute(
                    "UPDATE event SET chain = $1, sequence = $2, digest = $3 WHERE id = $4",
                    [.integer(link.chain), .integer(link.sequence), .bytes(link.digest), .integer(id)]
                )
            }
            last = end.id
        }
        try connection.execute(
            "INSERT INTO audit_chain (chain, sequence, digest) VALUES ($1, $2, $3)",
            [.integer(head.chain), .integer(head.sequence), .bytes(head.digest)]
        )
    }

    /// What the digest of an event of before covers, in the order of ``EventRecord/content``.
    private static func content(_ row: any SQLCurrentRow) throws -> [SQLValue] {
        [
            .integer(try row.integer(1)), .text(try row.text(2)), .text(try row.text(3)), .null, .null,
            .text(ifPresent: try row.textIfPresent(4)), .integer(ifPresent: try row.integerIfPresent(5)),
            .integer(ifPresent: try row.integerIfPresent(6)), .integer(ifPresent: try row.integerIfPresent(7)),
            .text(ifPresent: try row.textIfPresent(8)), .text(ifPresent: try row.textIfPresent(9)), .null,
            .text(try row.text(10)), .text(try row.text(11)), .null, .null,
        ]
    }
}
