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

    @Test("refers to no column type of its own", arguments: Migrations.steps.indices)
    func isPortable(step: Int) {
        for statement in Migrations.steps[step] {
            for word in ["BLOB", "BYTEA", "AUTOINCREMENT", "SERIAL", "DATETIME", "BOOLEAN", "INTEGER"] {
                #expect(!statement.contains(word))
            }
        }
    }
}
