extension Migrations {
    /// The fifth step: accounts and what people sign in with, roles, sessions, API tokens.
    static let accounts: [String] = Self.people + Self.credentials

    private static let people: [String] = [
        // A name in small letters is unique; what people search by is in small letters too, as SearchText has it.
        """
        CREATE TABLE new_account (
            id {identity},
            name TEXT NOT NULL,
            folded_name TEXT NOT NULL UNIQUE,
            full_name TEXT NOT NULL,
            search TEXT NOT NULL,
            password_hash TEXT NOT NULL,
            role TEXT NOT NULL,
            must_change_password BIGINT NOT NULL,
            is_disabled BIGINT NOT NULL,
            sealed_totp {bytes},
            sealed_new_totp {bytes},
            totp_step BIGINT,
            password_changed_at BIGINT NOT NULL,
            last_sign_in_at BIGINT,
            created_at BIGINT NOT NULL,
            created_by TEXT NOT NULL,
            revision BIGINT NOT NULL
        )
        """,
        """
        INSERT INTO new_account
            (name, folded_name, full_name, search, password_hash, role, must_change_password, is_disabled,
             password_changed_at, created_at, created_by, revision)
        SELECT name, lower(name), '', lower(name), password_hash, role, must_change_password, 0, created_at, created_at,
            'first start', 1
        FROM account ORDER BY name
        """,
        "DROP TABLE account",
        "ALTER TABLE new_account RENAME TO account",
        "CREATE INDEX account_role ON account (role)",
        // Permissions are a JSON array of names: the registry keeps them, others understand them.
        """
        CREATE TABLE role (
            name TEXT NOT NULL PRIMARY KEY,
            description TEXT NOT NULL,
            permissions TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            created_by TEXT NOT NULL,
            changed_at BIGINT NOT NULL,
            changed_by TEXT NOT NULL,
            revision BIGINT NOT NULL
        )
        """,
    ]

    private static let credentials: [String] = [
        """
        CREATE TABLE session (
            id {identity},
            digest {bytes} NOT NULL UNIQUE,
            account_id BIGINT NOT NULL REFERENCES account (id),
            created_at BIGINT NOT NULL,
            last_used_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL,
            client_address TEXT,
            user_agent TEXT
        )
        """,
        "CREATE INDEX session_account ON session (account_id, id)",
        "CREATE INDEX session_end ON session (expires_at)",
        """
        CREATE TABLE api_token (
            id {identity},
            digest {bytes} NOT NULL UNIQUE,
            account_id BIGINT NOT NULL REFERENCES account (id),
            name TEXT NOT NULL,
            scopes TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            created_by TEXT NOT NULL,
            expires_at BIGINT,
            last_used_at BIGINT,
            last_address TEXT,
            revoked_at BIGINT
        )
        """,
        "CREATE INDEX api_token_account ON api_token (account_id, id)",
        """
        CREATE TABLE recovery_code (
            account_id BIGINT NOT NULL REFERENCES account (id),
            digest {bytes} NOT NULL,
            used_at BIGINT,
            PRIMARY KEY (account_id, digest)
        )
        """,
        // By name, not by account: names that nobody has are locked just as others are, so that a lock tells nothing.
        """
        CREATE TABLE sign_in_failure (
            id {identity},
            name TEXT NOT NULL,
            network TEXT NOT NULL,
            at BIGINT NOT NULL,
            is_known BIGINT NOT NULL
        )
        """,
        "CREATE INDEX sign_in_failure_name ON sign_in_failure (name, network, at)",
        "CREATE INDEX sign_in_failure_time ON sign_in_failure (name, at)",
        "CREATE INDEX sign_in_failure_network ON sign_in_failure (network, at)",
        "CREATE INDEX sign_in_failure_at ON sign_in_failure (at, id)",
    ]
}
