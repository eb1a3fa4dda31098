import Testing

@testable import Registry

@Suite("A lock of nodes", .freshDatabase)
struct NodeLockTests {
    @Test("is held by nobody else where there are no others")
    func alone() async throws {
        let database = try DatabaseDriver.sqlite.open()
        #expect(!database.isShared)
        for lock in NodeLock.allCases {
            #expect(try await database.take(lock, .exclusive))
            #expect(try await database.take(lock, .exclusive))
            await database.release(lock)
        }
    }
}

@Suite(
    "A lock of nodes on PostgreSQL", .freshDatabase,
    .enabled(if: PostgreSQLServer.isExpected, "no server: Tests/PostgreSQL/run starts one for the tests"))
struct SharedNodeLockTests {
    private static func ends(_ lock: NodeLock) -> String {
        """
        SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = \(1_430_474_068 + lock.rawValue)
            AND objid::bigint = hashtext(current_schema())::bigint & 4294967295
        """
    }

    /// Whether a lock can be had, for which the server may first have to end a connection.
    private static func takes(_ lock: NodeLock, _ database: any SQLDatabase) async throws -> Bool {
        for _ in 0..<250 {
            if try await database.take(lock, .exclusive) { return true }
            try await Task.sleep(for: .milliseconds(20))
        }
        return false
    }

    @Test("is one node's until it gives it back", arguments: NodeLock.allCases)
    func turns(_ lock: NodeLock) async throws {
        let (one, other) = (try DatabaseDriver.postgreSQL.open(), try DatabaseDriver.postgreSQL.open())
        #expect(one.isShared)
        #expect(try await one.take(lock, .exclusive))
        #expect(try await one.take(lock, .exclusive))
        #expect(try await !other.take(lock, .exclusive))
        #expect(try await !other.take(lock, .shared))
        await other.release(lock)
        #expect(try await !other.take(lock, .exclusive))
        await one.release(lock)
        #expect(try await other.take(lock, .exclusive))
        try one.close()
        try other.close()
    }

    @Test("is shared by those who share it")
    func sharing() async throws {
        let (one, other) = (try DatabaseDriver.postgreSQL.open(), try DatabaseDriver.postgreSQL.open())
        #expect(try await one.take(.installation, .shared))
        #expect(try await other.take(.installation, .shared))
        let third = try DatabaseDriver.postgreSQL.open()
        #expect(try await !third.take(.installation, .exclusive))
        await one.release(.installation)
        try other.close()
        #expect(try await Self.takes(.installation, third))
        try one.close()
        try third.close()
    }

    @Test("is another node's as soon as the connection of the one that had it is gone")
    func lostConnection() async throws {
        let (one, other) = (try DatabaseDriver.postgreSQL.open(), try DatabaseDriver.postgreSQL.open())
        #expect(try await one.take(.duty, .exclusive))
        #expect(try await !other.take(.duty, .exclusive))
        _ = try await other.read { try $0.query(Self.ends(.duty), []) }
        #expect(try await Self.takes(.duty, other))
        // It finds out that it has it no more, and can have it again.
        #expect(try await !one.take(.duty, .exclusive))
        await other.release(.duty)
        #expect(try await one.take(.duty, .exclusive))
        try one.close()
        try other.close()
    }

    @Test("is not held on a database that is closed")
    func closed() async throws {
        let database = try DatabaseDriver.postgreSQL.open()
        #expect(try await database.take(.duty, .exclusive))
        try database.close()
        await #expect(throws: RegistryError.failed("the database is closed")) {
            _ = try await database.take(.duty, .exclusive)
        }
    }

    @Test("of one schema is not that of another one")
    func schemas() async throws {
        let (one, other) = (try DatabaseDriver.postgreSQL.open(), try DatabaseDriver.postgreSQL.openOther())
        #expect(try await one.take(.duty, .exclusive))
        #expect(try await other.take(.duty, .exclusive))
        try one.close()
        try other.close()
    }
}
