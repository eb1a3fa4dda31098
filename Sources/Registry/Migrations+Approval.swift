extension Migrations {
    /// The third step: challenges that are used up, requests that expire and are approved by two, events.
    static let approval: [String] = Self.challenges + Self.requests + Self.records

    private static let challenges: [String] = [
        // A challenge without max_uses is static. The conditions are the last line of defence: no statement, whatever its
        // mistake, makes two certificates of a challenge that is good for one.
        """
        CREATE TABLE new_challenge (
            id {identity},
            profile TEXT NOT NULL REFERENCES profile (name),
            digest {bytes} NOT NULL,
            label TEXT NOT NULL,
            device TEXT,
            owner TEXT,
            binding TEXT NOT NULL,
            max_uses BIGINT CHECK (max_uses > 0),
            uses BIGINT NOT NULL DEFAULT 0,
            reserved BIGINT NOT NULL DEFAULT 0 CHECK (reserved >= 0),
            created_at BIGINT NOT NULL,
            created_by TEXT NOT NULL,
            expires_at BIGINT,
            last_used_at BIGINT,
            last_used_from TEXT,
            revoked_at BIGINT,
            revoked_by TEXT,
            UNIQUE (profile, digest),
            CHECK (uses + reserved <= max_uses)
        )
        """,
        """
        INSERT INTO new_challenge (profile, digest, label, binding, created_at, created_by)
        SELECT profile, digest, '', '{}', min(created_at), 'first start' FROM challenge
        GROUP BY profile, digest ORDER BY min(id)
        """,
        "DROP TABLE challenge",
        "ALTER TABLE new_challenge RENAME TO challenge",
        "CREATE INDEX challenge_profile ON challenge (profile, id)",
        "CREATE INDEX challenge_static ON challenge (profile, id) WHERE max_uses IS NULL",
    ]

    private static let requests: [String] = [
        // One that was replaced shares its identity with those that came after it, so the identity is unique only among
        // the others: that takes a new table. challenge_id refers to nothing because challenges go with their profile.
        """
        CREATE TABLE new_request (
            id {identity},
            profile TEXT NOT NULL,
            authority_id BIGINT NOT NULL REFERENCES authority (id),
            transaction_id TEXT NOT NULL,
            key_digest {bytes} NOT NULL,
            request_digest {bytes} NOT NULL,
            names_digest {bytes},
            message_type BIGINT NOT NULL,
            status TEXT NOT NULL,
            subject TEXT NOT NULL,
            client_address TEXT NOT NULL,
            client_network TEXT NOT NULL,
            sealed_request {bytes} NOT NULL,
            signer_certificate_id BIGINT REFERENCES certificate (id),
            certificate_id BIGINT REFERENCES certificate (id),
            challenge_id BIGINT,
            explanation TEXT NOT NULL DEFAULT '',
            reason TEXT,
            decided_by TEXT,
            decided_at BIGINT,
            created_at BIGINT NOT NULL,
            expires_at BIGINT
        )
        """,
        """
        INSERT INTO new_request
            (id, profile, authority_id, transaction_id, key_digest, request_digest, message_type, status, subject,
             client_address, client_network, sealed_request, signer_certificate_id, certificate_id, reason, decided_by,
             decided_at, created_at)
        SELECT id, profile, authority_id, transaction_id, key_digest, request_digest, message_type, status, subject,
            client_address, client_address, sealed_request, signer_certificate_id, certificate_id, reason, decided_by, decided_at,
            created_at
        FROM request ORDER BY id
        """,
        "DROP TABLE request",
        "ALTER TABLE new_request RENAME TO request",
        """
        CREATE UNIQUE INDEX request_identity ON request (transaction_id, profile, key_digest, request_digest)
            WHERE status <> 'replaced'
        """,
        // One request for each pair of signer and PKCS#10, ever.
        """
        CREATE UNIQUE INDEX request_renewal ON request (signer_certificate_id, request_digest)
            WHERE signer_certificate_id IS NOT NULL AND status <> 'replaced'
        """,
        """
        CREATE INDEX request_undone ON request (transaction_id, profile, key_digest)
            WHERE status IN ('pending', 'rejected')
        """,
        "CREATE INDEX request_queue ON request (id) WHERE status = 'pending'",
        "CREATE INDEX request_pending ON request (profile, client_network) WHERE status = 'pending'",
        "CREATE INDEX request_waiting ON request (key_digest, profile) WHERE status = 'pending'",
        "CREATE INDEX request_replaced ON request (created_at, id) WHERE status IN ('replaced', 'expired')",
        "CREATE INDEX request_expiry ON request (expires_at) WHERE status = 'pending'",
        "CREATE INDEX request_challenge ON request (challenge_id, id) WHERE challenge_id IS NOT NULL",
        // Who has used a challenge that is used up: the same key and names under another transactionID are no second use.
        """
        CREATE TABLE challenge_use (
            challenge_id BIGINT NOT NULL,
            key_digest {bytes} NOT NULL,
            names_digest {bytes} NOT NULL,
            request_id BIGINT NOT NULL REFERENCES request (id),
            PRIMARY KEY (challenge_id, key_digest, names_digest, request_id)
        )
        """,
        "CREATE INDEX challenge_use_request ON challenge_use (request_id)",
        """
        CREATE TABLE approval (
            request_id BIGINT NOT NULL REFERENCES request (id),
            decider TEXT NOT NULL,
            terms TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            PRIMARY KEY (request_id, decider)
        )
        """,
    ]

    private static let records: [String] = [
        // An event refers to nothing, so that it outlives everything.
        """
        CREATE TABLE event (
            id {identity},
            at BIGINT NOT NULL,
            kind TEXT NOT NULL,
            profile TEXT,
            request_id BIGINT,
            challenge_id BIGINT,
            certificate_id BIGINT,
            actor TEXT NOT NULL,
            client_address TEXT,
            subject TEXT,
            detail TEXT NOT NULL,
            explanation TEXT NOT NULL
        )
        """,
        "CREATE INDEX event_request ON event (request_id, id) WHERE request_id IS NOT NULL",
        "CREATE INDEX event_refused ON event (at, id) WHERE kind = 'refused'",
        """
        CREATE TABLE wrong_challenge (
            address TEXT NOT NULL,
            profile TEXT NOT NULL,
            digest {bytes} NOT NULL,
            at BIGINT NOT NULL,
            PRIMARY KEY (address, profile, digest)
        )
        """,
        "CREATE INDEX wrong_challenge_address ON wrong_challenge (address, at)",
        "CREATE INDEX wrong_challenge_profile ON wrong_challenge (profile, at)",
        "CREATE TABLE setting (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)",
        "ALTER TABLE certificate ADD COLUMN key_digest {bytes}",
        // What a challenge or an approver decided for a device, which its renewals go on with.
        "ALTER TABLE certificate ADD COLUMN assigned_template TEXT",
        "ALTER TABLE certificate ADD COLUMN assigned_days BIGINT",
        "CREATE INDEX certificate_key ON certificate (key_digest, id) WHERE key_digest IS NOT NULL",
        "CREATE INDEX certificate_subject ON certificate (subject, id)",
    ]
}
