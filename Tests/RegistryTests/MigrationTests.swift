import Testing

@testable import Registry

@Suite("The schema", .freshDatabase)
struct MigrationTests {
    private static let tables = [
        "account", "authority", "certificate", "challenge", "profile", "request", "service_key",
    ]

    @Test("is made in an empty database", arguments: DatabaseDriver.available)
    func fromNothing(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        for table in Self.tables { #expect(try await registry.count(table) == 0) }
        #expect(try await registry.authorities().isEmpty)
        #expect(try await registry.profiles().isEmpty)
    }

    @Test("is made once, and what is in it stays", arguments: DatabaseDriver.available)
    func twice(_ driver: DatabaseDriver) async throws {
        let first = try await driver.openRegistry()
        _ = try await first.install()
        let before = try await first.authorities()
        try first.close()
        let second = try await driver.openRegistry()
        #expect(try await second.authorities() == before)
        #expect(try await second.count("schema_version") == 1)
    }

    @Test("is made once by several that start at the same time", arguments: DatabaseDriver.available)
    func concurrently(_ driver: DatabaseDriver) async throws {
        let databases = try (0..<4).map { _ in try driver.open() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for database in databases { group.addTask { _ = try await Registry(database: database) } }
            try await group.waitForAll()
        }
        let registry = try await driver.openRegistry()
        #expect(try await registry.count("schema_version") == 1)
    }

    @Test("of a newer version is refused and left alone", arguments: DatabaseDriver.available)
    func tooNew(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let known = Migrations.steps.count
        _ = try await registry.database.write { connection in
            try connection.execute("UPDATE schema_version SET version = $1", [.integer(Int64(known + 1))])
        }
        await #expect(throws: RegistryError.tooNew(found: known + 1, known: known)) {
            try await Registry(database: try driver.open())
        }
        let version = try await registry.database.read { try $0.query("SELECT version FROM schema_version", []) }
        #expect(try version.map { try $0.integer(0) } == [Int64(known + 1)])
    }

    @Test("of the first version keeps what is in it", arguments: DatabaseDriver.available)
    func fromVersionOne(_ driver: DatabaseDriver) async throws {
        let database = try driver.open()
        try await Migrations.run(on: database, upTo: 1)
        try await database.write { connection in
            for statement in Self.firstVersion { try connection.execute(statement, []) }
        }
        try database.close()
        let registry = try await driver.openRegistry()
        #expect(
            try await registry.profiles() == [
                ProfileRecord(
                    name: "default",
                    authority: 1,
                    settings: #"{"mode":"ca","algorithmLevel":"legacy","isOpen":true}"#,
                    challenges: [[7]]
                )
            ]
        )
        let requests = try await registry.requests(onlyPending: false, limit: 10)
        #expect(requests.map(\.state) == [.issued(certificate: [3])])
        #expect(requests.map(\.request.authority) == [1])
        #expect(requests.map(\.request.identity.transaction.transactionID) == ["T"])
        #expect(try await registry.authorities().map(\.rollover) == [nil])
    }

    /// What the first version would have recorded, where it matters.
    static let firstVersion = [
        "INSERT INTO authority VALUES (1, 'CA', X'01', X'02', 0)",
        "INSERT INTO profile VALUES ('default', 1, 'ca', 'legacy', 1)",
        "INSERT INTO challenge VALUES (1, 'default', X'07', 0)",
        "INSERT INTO certificate VALUES (1, 1, X'05', 'default', 'CN=x', 0, 1, X'03', 0)",
        "INSERT INTO request VALUES (1, 'default', 'T', X'0a', X'0b', 'CN=x', '192.0.2.7', X'04', 1, 0)",
    ]

    @Test("refers to no column type of its own", arguments: Migrations.steps.indices)
    func isPortable(step: Int) {
        for statement in Migrations.steps[step] {
            for word in ["BLOB", "BYTEA", "AUTOINCREMENT", "SERIAL", "DATETIME", "BOOLEAN", "INTEGER"] {
                #expect(!statement.contains(word))
            }
        }
    }
}
