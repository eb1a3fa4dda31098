/// The schema, step by step.
///
/// A step that has been released is never changed; a new one is added.
enum Migrations {
    /// The statements of each step, in no dialect; see ``SQLDialect/statement(_:)``.
    ///
    /// `{identity}` and `{bytes}` are the dialect's types, `{nothing}` its empty bytes; one with `{search}` is left out where
    /// the dialect has no index of texts.
    static let steps: [[String]] = [
        [
            """
            CREATE TABLE authority (
                id {identity},
                name TEXT NOT NULL UNIQUE,
                certificate {bytes} NOT NULL,
                sealed_key {bytes} NOT NULL,
                created_at BIGINT NOT NULL
            )
            """,
            """
            CREATE TABLE service_key (
                id {identity},
                purpose TEXT NOT NULL,
                authority_id BIGINT NOT NULL REFERENCES authority (id),
                certificate {bytes} NOT NULL,
                sealed_key {bytes} NOT NULL,
                not_after BIGINT NOT NULL,
                created_at BIGINT NOT NULL
            )
            """,
            """
            CREATE TABLE profile (
                name TEXT NOT NULL PRIMARY KEY,
                authority_id BIGINT NOT NULL REFERENCES authority (id),
                mode TEXT NOT NULL,
                algorithm_level TEXT NOT NULL,
                is_open BIGINT NOT NULL
            )
            """,
            """
            CREATE TABLE challenge (
                id {identity},
                profile TEXT NOT NULL REFERENCES profile (name),
                digest {bytes} NOT NULL,
                created_at BIGINT NOT NULL
            )
            """,
            """
            CREATE TABLE certificate (
                id {identity},
                authority_id BIGINT NOT NULL REFERENCES authority (id),
                serial_number {bytes} NOT NULL,
                profile TEXT,
                subject TEXT NOT NULL,
                not_before BIGINT NOT NULL,
                not_after BIGINT NOT NULL,
                encoded {bytes} NOT NULL,
                created_at BIGINT NOT NULL,
                UNIQUE (authority_id, serial_number)
            )
            """,
            // A transaction is (profile, transactionID, signer's key); within it, one request issues once.
            """
            CREATE TABLE request (
                id {identity},
                profile TEXT NOT NULL REFERENCES profile (name),
                transaction_id TEXT NOT NULL,
                key_digest {bytes} NOT NULL,
                request_digest {bytes} NOT NULL,
                subject TEXT NOT NULL,
                client_address TEXT NOT NULL,
                encoded {bytes} NOT NULL,
                certificate_id BIGINT NOT NULL REFERENCES certificate (id),
                created_at BIGINT NOT NULL,
                UNIQUE (transaction_id, profile, key_digest, request_digest)
            )
            """,
            """
            CREATE TABLE account (
                name TEXT NOT NULL PRIMARY KEY,
                password_hash TEXT NOT NULL,
                role TEXT NOT NULL,
                must_change_password BIGINT NOT NULL,
                created_at BIGINT NOT NULL
            )
            """,
        ],
        [
            // Rollover: the next CA, when it takes over, and what GetNextCACert answers until then, with the next RA
            // for profiles in RA mode and without.
            "ALTER TABLE authority ADD COLUMN successor_id BIGINT REFERENCES authority (id)",
            "ALTER TABLE authority ADD COLUMN switch_at BIGINT",
            "ALTER TABLE authority ADD COLUMN next_with_ra {bytes}",
            "ALTER TABLE authority ADD COLUMN next_alone {bytes}",
            // A profile's settings are one JSON document: the registry keeps them, Enrollment understands them.
            "ALTER TABLE profile ADD COLUMN settings TEXT NOT NULL DEFAULT '{}'",
            """
            UPDATE profile SET settings = '{"mode":"' || mode || '","algorithmLevel":"' || algorithm_level
                || '","isOpen":' || CASE WHEN is_open = 0 THEN 'false' ELSE 'true' END || '}'
            """,
            "ALTER TABLE profile DROP COLUMN mode",
            "ALTER TABLE profile DROP COLUMN algorithm_level",
            "ALTER TABLE profile DROP COLUMN is_open",
            "ALTER TABLE certificate ADD COLUMN revoked_at BIGINT",
            "ALTER TABLE certificate ADD COLUMN revocation_reason BIGINT",
            // Counts the revocations and their ends, by which a CRL is known to be the latest.
            "ALTER TABLE authority ADD COLUMN revocation_changes BIGINT NOT NULL DEFAULT 0",
            "CREATE INDEX certificate_revoked ON certificate (authority_id, revoked_at) WHERE revoked_at IS NOT NULL",
            """
            CREATE TABLE crl (
                authority_id BIGINT NOT NULL PRIMARY KEY REFERENCES authority (id),
                number BIGINT NOT NULL,
                encoded {bytes} NOT NULL,
                this_update BIGINT NOT NULL,
                next_update BIGINT NOT NULL,
                revocation_changes BIGINT NOT NULL
            )
            """,
            // A request may wait, be rejected or be replaced by another one of its transaction, so it need not have a
            // certificate. It is kept encrypted, because it has the challenge in it; of those that were recorded in clear
            // only the digest stays, which is all that is needed of what is granted.
            """
            CREATE TABLE new_request (
                id {identity},
                profile TEXT NOT NULL,
                authority_id BIGINT NOT NULL REFERENCES authority (id),
                transaction_id TEXT NOT NULL,
                key_digest {bytes} NOT NULL,
                request_digest {bytes} NOT NULL,
                message_type BIGINT NOT NULL,
                status TEXT NOT NULL,
                subject TEXT NOT NULL,
                client_address TEXT NOT NULL,
                sealed_request {bytes} NOT NULL,
                signer_certificate_id BIGINT REFERENCES certificate (id),
                certificate_id BIGINT REFERENCES certificate (id),
                reason TEXT,
                decided_by TEXT,
                decided_at BIGINT,
                created_at BIGINT NOT NULL,
                UNIQUE (transaction_id, profile, key_digest, request_digest)
            )
            """,
            """
            INSERT INTO new_request
                (id, profile, authority_id, transaction_id, key_digest, request_digest, message_type, status, subject,
                 client_address, sealed_request, certificate_id, decided_at, created_at)
            SELECT request.id, request.profile, certificate.authority_id, transaction_id, key_digest, request_digest,
                19, 'issued', request.subject, client_address, {nothing}, certificate_id, request.created_at,
                request.created_at
            FROM request JOIN certificate ON certificate.id = request.certificate_id
            """,
            "DROP TABLE request",
            "ALTER TABLE new_request RENAME TO request",
            // One request for each pair of signer and PKCS#10, ever.
            """
            CREATE UNIQUE INDEX request_renewal ON request (signer_certificate_id, request_digest)
                WHERE signer_certificate_id IS NOT NULL
            """,
            "CREATE INDEX request_pending ON request (profile, id) WHERE status = 'pending'",
            """
            CREATE INDEX request_undone ON request (transaction_id, profile, key_digest)
                WHERE status IN ('pending', 'rejected')
            """,
            // Counts the changes of what a running server has in memory.
            "CREATE TABLE configuration (revision BIGINT NOT NULL)",
            "INSERT INTO configuration (revision) VALUES (1)",
        ],
        Self.approval,
        Self.authorities,
        Self.audit + Self.accounts + Self.idempotency + Self.eventCounts,
        Self.exchanges,
        Self.lists,
        Self.nodes,
    ]

    /// What a step does beside its statements, after them; by the step's index.
    private static let afterwards: [Int: @Sendable (any SQLConnection) throws -> Void] = [
        4: Self.chainEvents
    ]

    /// Runs the steps that the database has not seen, in one transaction.
    ///
    /// - Parameters:
    ///   - database: The database.
    ///   - last: The version to stop at, for tests of the steps after it.
    /// - Throws: ``RegistryError``.
    static func run(on database: any SQLDatabase, upTo last: Int = Self.steps.count) async throws {
        let dialect = database.dialect
        // The usual start: the schema is there, and looking is all it takes.
        if (try? await database.read { try Self.version($0) }) == last { return }
        try await database.migrate { try Self.run(in: $0, dialect, upTo: last) }
    }

    /// Runs the steps that the database has not seen, in a transaction that somebody has begun.
    ///
    /// - Throws: ``RegistryError``.
    static func run(
        in connection: any SQLConnection,
        _ dialect: SQLDialect,
        upTo last: Int = Self.steps.count
    ) throws {
        try connection.execute("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)", [])
        let version = try Self.version(connection)
        guard version <= last else {
            throw RegistryError.tooNew(found: version, known: last)
        }
        for step in version..<last {
            for statement in Self.steps[step] {
                guard let sql = dialect.statement(statement) else { continue }
                try connection.execute(sql, [])
            }
            try Self.afterwards[step]?(connection)
        }
        // Rows that a step copied have brought their numbers along.
        try connection.continueIdentities(of: connection.tables())
        try connection.execute("DELETE FROM schema_version", [])
        try connection.execute("INSERT INTO schema_version (version) VALUES ($1)", [.integer(Int64(last))])
    }

    /// Refuses a database whose schema is another one than this version's.
    ///
    /// - Throws: ``RegistryError/tooOld(found:known:)`` or ``RegistryError/tooNew(found:known:)``.
    static func check(_ database: any SQLDatabase) async throws {
        let version = try await database.read { try Self.version($0) }
        guard version >= Self.steps.count else { throw RegistryError.tooOld(found: version, known: Self.steps.count) }
        guard version == Self.steps.count else { throw RegistryError.tooNew(found: version, known: Self.steps.count) }
    }

    static func version(_ connection: any SQLConnection) throws -> Int {
        let rows = try connection.query("SELECT version FROM schema_version", [])
        return Int(try rows.first?.integer(0) ?? 0)
    }
}
