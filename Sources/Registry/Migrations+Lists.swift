extension Migrations {
    /// The seventh step: lists of millions, of which any page takes a moment.
    static let lists: [String] = Self.blocks + Self.lookUps + Self.certificateCounts

    private static let blocks: [String] = [
        // Between which times the entries of a block lie; see ListBlock. All of it can be made anew.
        """
        CREATE TABLE list_block (
            list TEXT NOT NULL,
            block BIGINT NOT NULL,
            first_at BIGINT,
            last_at BIGINT,
            first_end BIGINT,
            last_end BIGINT,
            PRIMARY KEY (list, block)
        )
        """,
        // By three letters in a row; left out where the database has no such index.
        "CREATE VIRTUAL TABLE request_search USING {search}",
        "CREATE VIRTUAL TABLE certificate_search USING {search}",
    ]

    private static let lookUps: [String] = [
        "CREATE INDEX request_profile ON request (profile, id)",
        "CREATE INDEX request_address ON request (client_address, id)",
        // What every enrolment would pay for is in none of these.
        "CREATE INDEX request_status ON request (status, id) WHERE status <> 'issued'",
        "CREATE INDEX request_profile_status ON request (profile, status, id) WHERE status <> 'issued'",
        "CREATE INDEX request_replaced_transaction ON request (transaction_id) WHERE status = 'replaced'",
        "CREATE INDEX certificate_authority ON certificate (authority_id, id)",
        "CREATE INDEX certificate_profile ON certificate (profile, id)",
        "CREATE INDEX certificate_template ON certificate (template, id)",
        "CREATE INDEX certificate_withdrawn ON certificate (revocation_reason, id) WHERE revocation_sequence IS NOT NULL",
        "CREATE INDEX event_profile ON event (profile, id)",
        "CREATE INDEX event_object ON event (object, id) WHERE object IS NOT NULL",
        "CREATE INDEX exchange_profile ON exchange (profile, id)",
        """
        CREATE INDEX exchange_trouble ON exchange (outcome, id)
            WHERE outcome NOT IN ('answered', 'issued', 'sent', 'crl', 'pending')
        """,
    ]

    private static let certificateCounts: [String] = [
        // How many certificates there are, by the day on which they end (days since 1970, UTC) and by what is said of
        // them: 0 nothing, 1 revoked, 2 on hold.
        """
        CREATE TABLE certificate_count (
            authority_id BIGINT NOT NULL,
            origin TEXT NOT NULL,
            end_day BIGINT NOT NULL,
            revocation BIGINT NOT NULL,
            count BIGINT NOT NULL,
            PRIMARY KEY (authority_id, origin, end_day, revocation)
        )
        """,
        """
        INSERT INTO certificate_count (authority_id, origin, end_day, revocation, count)
        SELECT authority_id, origin, not_after / 86400000,
            CASE WHEN revoked_at IS NULL THEN 0 WHEN COALESCE(revocation_reason, 0) = 6 THEN 2 ELSE 1 END, count(*)
        FROM certificate GROUP BY 1, 2, 3, 4
        """,
    ]
}
