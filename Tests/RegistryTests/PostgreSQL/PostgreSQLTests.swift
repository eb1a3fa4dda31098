import Foundation
import Testing

@testable import Registry

@Suite(
    "PostgreSQL", .freshDatabase,
    .enabled(if: PostgreSQLServer.isExpected, "no server: Tests/PostgreSQL/run starts one for the tests"))
struct PostgreSQLTests {
    /// The test's own database, with other options than the usual ones.
    private static func open(_ change: (inout PostgreSQLOptions) -> Void = { _ in }) throws -> PostgreSQLDatabase {
        var options = PostgreSQLOptions()
        change(&options)
        let place = try #require(FreshDatabase.place)
        return try PostgreSQLServer.open(schema: PostgreSQLServer.schema(of: place), options: options)
    }

    private static func sample(_ change: (inout PostgreSQLOptions) -> Void = { _ in }) async throws
        -> PostgreSQLDatabase
    {
        let database = try Self.open(change)
        _ = try await database.write {
            try $0.execute("CREATE TABLE IF NOT EXISTS sample (number BIGINT NOT NULL PRIMARY KEY)", [])
        }
        return database
    }

    private static func numbers(_ database: PostgreSQLDatabase) async throws -> [Int64] {
        try await database.lookUp { connection in
            try connection.query("SELECT number FROM sample ORDER BY number", []).map { try $0.integer(0) }
        }
    }

    private static func insert(_ number: Int64, in database: PostgreSQLDatabase) async throws {
        _ = try await database.write {
            try $0.execute("INSERT INTO sample (number) VALUES ($1)", [.integer(number)])
        }
    }

    /// The connection of a change or read ends, as if somebody had pulled the cable out.
    private static let end = "SELECT pg_terminate_backend(pg_backend_pid())"

    @Test("whose connections have all broken is connected to again, and nobody notices")
    func reconnection() async throws {
        let database = try await Self.sample()
        try await Self.insert(1, in: database)
        #expect(try await Self.numbers(database) == [1])
        #expect(try await database.read { try $0.query("SELECT 1", []).count } == 1)
        // Those of this process, whatever schema they are of, would be the other tests' too.
        let mine = "application_name = 'ucm' AND pid <> pg_backend_pid()"
        let schema = PostgreSQLServer.schema(of: try #require(FreshDatabase.place))
        _ = try await database.read { connection in
            try connection.query(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE \(mine) AND query LIKE $1",
                [.text("%\(schema)%")])
        }
        try await Self.insert(2, in: database)
        #expect(try await Self.numbers(database) == [1, 2])
    }

    @Test("ends the change during which the connection breaks, and those beside it, and goes on with the next one")
    func brokenChange() async throws {
        let database = try await Self.sample()
        await #expect(throws: RegistryError.self) {
            _ = try await database.write { connection in
                try connection.execute("INSERT INTO sample (number) VALUES (1)", [])
                return try connection.query(Self.end, []).count
            }
        }
        try await Self.insert(2, in: database)
        #expect(try await Self.numbers(database) == [2])
    }

    @Test("reads again what was looked up while the connection broke")
    func brokenLookUp() async throws {
        let database = try await Self.sample()
        _ = try? await database.lookUp { try $0.query(Self.end, []).count }
        _ = try? await database.read { try $0.query(Self.end, []).count }
        #expect(try await Self.numbers(database).isEmpty)
        #expect(try await database.read { try $0.query("SELECT 1", []).count } == 1)
    }

    @Test("says so where the connection breaks during a commit, and does not try again")
    func lostCommit() async throws {
        let database = try await Self.sample()
        try await database.write { connection in
            for statement in [
                """
                CREATE FUNCTION pull_out() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$
                """,
                """
                CREATE CONSTRAINT TRIGGER pull_out AFTER INSERT ON sample DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW WHEN (NEW.number = 7) EXECUTE FUNCTION pull_out()
                """,
            ] { try connection.execute(statement, []) }
        }
        do {
            try await Self.insert(7, in: database)
            Issue.record("it was committed")
        } catch {
            guard case .outcomeUnknown? = error as? RegistryError else {
                Issue.record("\(error)")
                return
            }
        }
        try await Self.insert(8, in: database)
        #expect(try await Self.numbers(database) == [8])
    }

    @Test("commits no change of which a statement has failed, even if nobody looks")
    func swallowed() async throws {
        let database = try await Self.sample()
        await #expect(throws: RegistryError.failed("a statement of the change has failed")) {
            try await database.write { connection in
                try connection.execute("INSERT INTO sample (number) VALUES (1)", [])
                _ = try? connection.execute("INSERT INTO sample (number) VALUES (1)", [])
            }
        }
        #expect(try await Self.numbers(database).isEmpty)
    }

    @Test("reads at most as often at a time as it may, and tells who has waited long")
    func patience() async throws {
        let database = try await Self.sample {
            $0.maximumConnections = 3
            $0.connectionPatience = .milliseconds(50)
        }
        let slow = Task { try await database.read { try $0.query("SELECT 1 FROM pg_sleep(1)", []).count } }
        try await Task.sleep(for: .milliseconds(200))
        await #expect(throws: RegistryError.unavailable("all 1 connections are in use, try again")) {
            _ = try await database.read { try $0.query("SELECT 1", []).count }
        }
        #expect(try await Self.numbers(database).isEmpty)
        #expect(try await slow.value == 1)
        #expect(try await database.read { try $0.query("SELECT 1", []).count } == 1)
    }

    @Test("ends a statement that takes too long, and changes that wait too long for another node's")
    func timeouts() async throws {
        let database = try await Self.sample {
            $0.statementTimeout = .milliseconds(300)
            $0.lockTimeout = .milliseconds(100)
        }
        let error = await #expect(throws: RegistryError.self) {
            _ = try await database.read { try $0.query("SELECT 1 FROM pg_sleep(5)", []).count }
        }
        #expect(error?.description.contains("it took too long, try again (PostgreSQL 57014)") == true)
        let other = try Self.open()
        let holding = Task { try await other.write { try $0.query("SELECT 1 FROM pg_sleep(1)", []).count } }
        try await Task.sleep(for: .milliseconds(300))
        let locked = await #expect(throws: RegistryError.self) { try await Self.insert(1, in: database) }
        #expect(locked?.description.contains("another node's change takes too long") == true)
        #expect(try await holding.value == 1)
        try await Self.insert(2, in: database)
    }

    @Test("goes through rows one by one, and can be used when somebody has had enough", arguments: [10, 50_000])
    func rows(count: Int) async throws {
        struct Enough: Error {}
        let database = try await Self.sample()
        let sql = "SELECT n FROM generate_series(1::bigint, $1) AS n"
        let sum = try await database.read { connection in
            var sum: Int64 = 0
            try connection.forEach(sql, [.integer(Int64(count))]) { sum += try $0.integer(0) }
            return sum
        }
        #expect(sum == Int64(count * (count + 1) / 2))
        await #expect(throws: Enough.self) {
            try await database.read { try $0.forEach(sql, [.integer(Int64(count))]) { _ in throw Enough() } }
        }
        #expect(try await database.read { try $0.query("SELECT 1", []).count } == 1)
    }

    @Test("changes nothing in a read")
    func readOnly() async throws {
        let database = try await Self.sample()
        for isLookUp in [true, false] {
            let insertion: @Sendable (any SQLConnection) throws -> Int = {
                try $0.execute("INSERT INTO sample (number) VALUES (1)", [])
            }
            await #expect(throws: RegistryError.self) {
                _ = isLookUp ? try await database.lookUp(insertion) : try await database.read(insertion)
            }
        }
        #expect(try await Self.numbers(database).isEmpty)
    }

    @Test("that is a read-only replica is refused in one sentence")
    func replica() async throws {
        let schema = PostgreSQLServer.schema(of: try #require(FreshDatabase.place))
        let address = try PostgreSQLAddress(
            PostgreSQLServer.url(schema: schema, "%20-cdefault_transaction_read_only%3Don"))
        let database = PostgreSQLDatabase(address)
        let error = await #expect(throws: RegistryError.self) { _ = try await Registry(database: database) }
        #expect(error?.description.contains("this server is a read-only replica, name the primary") == true)
    }

    @Test("keeps more statements prepared than filters can make, but not all of them")
    func statements() async throws {
        let database = try await Self.sample()
        for _ in 0..<2 {
            let sum = try await database.read { connection in
                try (0..<700).reduce(0) { sum, number in
                    try sum + connection.query("SELECT \(number)::bigint", [])[0].integer(0)
                }
            }
            #expect(sum == 699 * 700 / 2)
        }
    }

    @Test("is closed once and for all")
    func closing() async throws {
        let database = try await Self.sample()
        database.close()
        database.close()
        await #expect(throws: RegistryError.failed("the database is closed")) {
            _ = try await Self.numbers(database)
        }
        await #expect(throws: RegistryError.failed("the database is closed")) {
            try await Self.insert(1, in: database)
        }
    }
}

@Suite("The address of a PostgreSQL server")
struct PostgreSQLAddressTests {
    static let malformed = [
        "postgres://ucm:geheim@[::1/db", "postgres://ucm:geheim%zz@host/db",
        "postgres://ucm:geheim@host/db?color=geheim",
        "host=x password='geheim", "geheim", "postgres://ucm:geheim@host:\0/db",
    ]

    @Test("that is malformed is refused without being repeated", arguments: malformed)
    func refusal(_ text: String) throws {
        let error = #expect(throws: RegistryError.self) { try PostgreSQLAddress(text) }
        let description = try #require(error).description
        #expect(description.contains("the database URL is malformed"))
        #expect(!description.contains("geheim"))
    }

    @Test(
        "is described without its password",
        arguments: [
            ("postgres://ucm:geheim@db.example:5433/registry?sslmode=verify-full", "registry on db.example"),
            ("host=/run/postgresql dbname=registry password=geheim", "registry on /run/postgresql"),
            ("postgresql:///registry", "registry"),
        ])
    func description(_ text: String, _ description: String) throws {
        #expect(try PostgreSQLAddress(text).description == description)
    }

    @Test("where nobody listens is an error of one line, without the password, and soon")
    func unreachable() async throws {
        var options = PostgreSQLOptions()
        options.reconnectionPatience = .milliseconds(100)
        let database = PostgreSQLDatabase(
            try PostgreSQLAddress("postgres://ucm:geheim@127.0.0.1:1/registry"), options: options)
        let error = await #expect(throws: RegistryError.self) { _ = try await Registry(database: database) }
        let description = try #require(error).description
        #expect(description.hasPrefix("the database cannot be opened: registry on 127.0.0.1: "))
        #expect(!description.contains("geheim"))
        #expect(!description.contains("\n"))
    }
}
