extension Migrations {
    /// The fourth step: several CAs, templates that are recorded, revocation in numbers, certificates made by hand.
    static let authorities: [String] = Self.severalAuthorities + Self.searchableCertificates + Self.secrets

    private static let severalAuthorities: [String] = [
        "ALTER TABLE authority ADD COLUMN retired_at BIGINT",
        "ALTER TABLE authority ADD COLUMN is_default BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE authority ADD COLUMN created_by TEXT",
        """
        UPDATE authority SET is_default = 1 WHERE id = COALESCE(
            (SELECT authority_id FROM profile WHERE name = 'default'), (SELECT max(id) FROM authority))
        """,
        "CREATE UNIQUE INDEX authority_default ON authority (is_default) WHERE is_default = 1",
        // The certificates above a CA's own, nearest first.
        """
        CREATE TABLE authority_parent (
            authority_id BIGINT NOT NULL REFERENCES authority (id),
            position BIGINT NOT NULL,
            certificate {bytes} NOT NULL,
            PRIMARY KEY (authority_id, position)
        )
        """,
        // A CA whose certificate is still to come from elsewhere.
        """
        CREATE TABLE authority_request (
            id {identity},
            name TEXT NOT NULL UNIQUE,
            encoded {bytes} NOT NULL,
            sealed_key {bytes} NOT NULL,
            created_at BIGINT NOT NULL,
            created_by TEXT NOT NULL
        )
        """,
        // A template's settings are one JSON document, as a profile's are.
        """
        CREATE TABLE template (
            name TEXT NOT NULL PRIMARY KEY,
            settings TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            created_by TEXT NOT NULL,
            changed_at BIGINT NOT NULL,
            changed_by TEXT NOT NULL
        )
        """,
    ]

    private static let searchableCertificates: [String] = [
        // By which template it was issued; NULL where that was not recorded yet.
        "ALTER TABLE certificate ADD COLUMN template TEXT",
        "ALTER TABLE certificate ADD COLUMN origin TEXT NOT NULL DEFAULT 'scep'",
        "ALTER TABLE certificate ADD COLUMN issued_by TEXT",
        // What it can be searched by, in small letters; see SearchText.
        "ALTER TABLE certificate ADD COLUMN names TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE certificate ADD COLUMN invalidity_date BIGINT",
        // What authority.revocation_changes became by its latest revocation or release.
        "ALTER TABLE certificate ADD COLUMN revocation_sequence BIGINT",
        "DROP INDEX certificate_revoked",
        "UPDATE certificate SET origin = 'service' WHERE profile IS NULL",
        """
        UPDATE certificate SET revocation_sequence =
            (SELECT revocation_changes FROM authority WHERE authority.id = certificate.authority_id)
        WHERE revoked_at IS NOT NULL
        """,
        // With all that a CRL says, so that a million of them are read without their rows. It has no entry for what was
        // never revoked, and the ones of what is assigned and made by hand have none for ordinary enrolments.
        """
        CREATE INDEX certificate_revocation ON certificate
            (authority_id, revocation_sequence, id, serial_number, revoked_at, revocation_reason, invalidity_date,
             not_after)
            WHERE revocation_sequence IS NOT NULL
        """,
        "CREATE INDEX certificate_origin ON certificate (origin, id) WHERE origin <> 'scep'",
        """
        CREATE INDEX certificate_assigned ON certificate (assigned_template, not_after)
            WHERE assigned_template IS NOT NULL
        """,
        "CREATE INDEX certificate_end ON certificate (not_after, id)",
        "CREATE INDEX challenge_device ON challenge (device) WHERE device IS NOT NULL",
        // The CRL comes last, so that what is known of it is read without going through its megabytes.
        """
        CREATE TABLE new_crl (
            authority_id BIGINT NOT NULL PRIMARY KEY REFERENCES authority (id),
            number BIGINT NOT NULL,
            this_update BIGINT NOT NULL,
            next_update BIGINT NOT NULL,
            revocation_changes BIGINT NOT NULL,
            encoded {bytes} NOT NULL
        )
        """,
        """
        INSERT INTO new_crl (authority_id, number, this_update, next_update, revocation_changes, encoded)
        SELECT authority_id, number, this_update, next_update, revocation_changes, encoded FROM crl
        """,
        "DROP TABLE crl",
        "ALTER TABLE new_crl RENAME TO crl",
    ]

    private static let secrets: [String] = [
        "CREATE TABLE secret (name TEXT NOT NULL PRIMARY KEY, sealed {bytes} NOT NULL)",
        // Only decisions by hand: an index of all that is issued would cost every enrolment.
        """
        CREATE INDEX event_certificate ON event (certificate_id, id)
            WHERE kind IN ('certificateIssued', 'certificateRevoked', 'certificateReleased')
        """,
    ]
}
