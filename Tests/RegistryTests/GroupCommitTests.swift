import Testing

@testable import Registry

@Suite("Changes that come together", .freshDatabase)
struct GroupCommitTests {
    private struct Refused: Error {}

    private static func insert(_ number: Int, in connection: any SQLConnection) throws {
        try connection.execute("INSERT INTO sample (number) VALUES ($1)", [.integer(Int64(number))])
    }

    private static func numbers(in database: any SQLDatabase) async throws -> [Int] {
        try await database.read { connection in
            try connection.query("SELECT number FROM sample ORDER BY number", []).map { Int(try $0.integer(0)) }
        }
    }

    private static func open(_ driver: DatabaseDriver) async throws -> any SQLDatabase {
        let database = try driver.open()
        _ = try await database.write {
            try $0.execute("CREATE TABLE IF NOT EXISTS sample (number BIGINT NOT NULL PRIMARY KEY)", [])
        }
        return database
    }

    @Test("are all there when the database is opened again", arguments: DatabaseDriver.available)
    func durability(_ driver: DatabaseDriver) async throws {
        let database = try await Self.open(driver)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<500 {
                group.addTask { try await database.write { try Self.insert(number, in: $0) } }
            }
            try await group.waitForAll()
        }
        try database.close()
        #expect(try await Self.numbers(in: try driver.open()) == Array(0..<500))
    }

    @Test("return what they made, each its own", arguments: DatabaseDriver.available)
    func results(_ driver: DatabaseDriver) async throws {
        let database = try await Self.open(driver)
        try await withThrowingTaskGroup(of: (Int, Int).self) { group in
            for number in 0..<300 {
                group.addTask {
                    let result = try await database.write { connection in
                        try Self.insert(number, in: connection)
                        return number * 2
                    }
                    return (number, result)
                }
            }
            for try await (number, result) in group { #expect(result == number * 2) }
        }
    }

    @Test("fail alone: a broken constraint takes no other with it", arguments: DatabaseDriver.available)
    func constraint(_ driver: DatabaseDriver) async throws {
        let database = try await Self.open(driver)
        try await database.write { try Self.insert(7, in: $0) }
        let failed = try await Self.writeAll(0..<100, to: database) { number, connection in
            try Self.insert(number, in: connection)
        }
        #expect(failed == [7])
        #expect(try await Self.numbers(in: database) == Array(0..<100))
    }

    @Test(
        "fail alone: what throws has changed nothing, not even what went well before",
        arguments: DatabaseDriver.available)
    func throwing(_ driver: DatabaseDriver) async throws {
        let database = try await Self.open(driver)
        let failed = try await Self.writeAll(0..<100, to: database) { number, connection in
            try Self.insert(number, in: connection)
            try Self.insert(number + 1000, in: connection)
            if number % 10 == 3 { throw Refused() }
        }
        let expected = (0..<100).filter { $0 % 10 != 3 }
        #expect(failed == Array(stride(from: 3, to: 100, by: 10)))
        #expect(try await Self.numbers(in: database) == expected + expected.map { $0 + 1000 })
    }

    @Test("throw what they threw", arguments: DatabaseDriver.available)
    func error(_ driver: DatabaseDriver) async throws {
        let database = try await Self.open(driver)
        await #expect(throws: Refused.self) { try await database.write { _ in throw Refused() } }
        await #expect(throws: Refused.self) { try await database.read { _ in throw Refused() } }
        let error = await #expect(throws: RegistryError.self) {
            try await database.write { try $0.execute("INSERT INTO nowhere VALUES (1)", []) }
        }
        #expect(error?.description.contains("nowhere") == true)
    }

    @Test("are refused, not lost, once the database is closed", arguments: DatabaseDriver.available)
    func closed(_ driver: DatabaseDriver) async throws {
        let database = try await Self.open(driver)
        try database.close()
        await #expect(throws: RegistryError.self) { try await database.write { try Self.insert(1, in: $0) } }
        await #expect(throws: RegistryError.self) { try await Self.numbers(in: database) }
    }

    /// Writes all at once and returns the numbers of those that failed.
    private static func writeAll(
        _ numbers: Range<Int>,
        to database: any SQLDatabase,
        _ change: @escaping @Sendable (Int, any SQLConnection) throws -> Void
    ) async throws -> [Int] {
        await withTaskGroup(of: Int?.self) { group in
            for number in numbers {
                group.addTask {
                    do {
                        try await database.write { try change(number, $0) }
                        return nil
                    } catch {
                        return number
                    }
                }
            }
            return await group.compactMap(\.self).reduce(into: []) { $0.append($1) }.sorted()
        }
    }
}
