import Testing

@testable import Registry

/// A database that may not grow is to SQLite what a full disk is: SQLITE_FULL, and the transaction is over.
@Suite("On a full disk", .freshDatabase)
struct FullDiskTests {
    private static func full() async throws -> any SQLDatabase {
        let database = try DatabaseDriver.sqlite.open()
        try await database.write { connection in
            _ = try connection.execute(
                "CREATE TABLE sample (number BIGINT NOT NULL PRIMARY KEY, bytes BLOB NOT NULL)", [])
            _ = try connection.query("PRAGMA max_page_count = 40", [])
        }
        return database
    }

    private static func insert(_ number: Int, _ size: Int, in connection: any SQLConnection) throws {
        try connection.execute(
            "INSERT INTO sample (number, bytes) VALUES ($1, $2)",
            [.integer(Int64(number)), .bytes([UInt8](repeating: 7, count: size))]
        )
    }

    private static func errors(_ database: any SQLDatabase, sizes: [Int]) async -> [RegistryError?] {
        await withTaskGroup(of: RegistryError?.self) { group in
            for (number, size) in sizes.enumerated() {
                group.addTask {
                    do {
                        try await database.write { try Self.insert(number, size, in: $0) }
                        return nil
                    } catch {
                        return error as? RegistryError ?? .failed("another error: \(error)")
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test("whoever shares the commit is told that the disk is full, and nothing is half done")
    func shared() async throws {
        let database = try await Self.full()
        // Each of them alone fits; the large ones do not.
        let errors = await Self.errors(database, sizes: (0..<60).map { $0 % 3 == 2 ? 1_000_000 : 100 })
        let failed = errors.compactMap(\.self)
        #expect(failed.count >= 20)
        #expect(failed.allSatisfy { $0.isOutage })
        for error in failed { #expect("\(error)".contains("the disk is full; free some space"), "\(error)") }
        let count = try await database.read { try $0.query("SELECT count(*) FROM sample", [])[0].integer(0) }
        #expect(count == Int64(60 - failed.count))
    }

    @Test("what comes when there is room again is written")
    func afterwards() async throws {
        let database = try await Self.full()
        #expect(await Self.errors(database, sizes: [1_000_000]).count { $0 != nil } == 1)
        try await database.write { _ = try $0.query("PRAGMA max_page_count = 100000", []) }
        #expect(await Self.errors(database, sizes: [1_000_000, 100]) == [nil, nil])
        #expect(try await database.check() == [])
    }
}
