/// The schema, step by step.
///
/// A step that has been released is never changed; a new one is added.
enum Migrations {
    /// The statements of each step; `{identity}` and `{bytes}` are the dialect's types.
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
        ]
    ]

    /// Runs the steps that the database has not seen, in one transaction.
    ///
    /// - Throws: ``RegistryError``.
    static func run(on database: any SQLDatabase) async throws {
        let dialect = database.dialect
        // The usual start: the schema is there, and looking is all it takes.
        if (try? await database.read { try Self.version($0) }) == Self.steps.count { return }
        try await database.write { connection in
            try connection.execute("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)", [])
            let version = try Self.version(connection)
            guard version <= Self.steps.count else {
                throw RegistryError.tooNew(found: version, known: Self.steps.count)
            }
            for statement in Self.steps[version...].joined() {
                let sql =
                    statement
                    .replacing("{identity}", with: dialect.identity)
                    .replacing("{bytes}", with: dialect.bytes)
                try connection.execute(sql, [])
            }
            try connection.execute("DELETE FROM schema_version", [])
            try connection.execute(
                "INSERT INTO schema_version (version) VALUES ($1)", [.integer(Int64(Self.steps.count))])
        }
    }

    private static func version(_ connection: any SQLConnection) throws -> Int {
        let rows = try connection.query("SELECT version FROM schema_version", [])
        return Int(try rows.first?.integer(0) ?? 0)
    }
}
