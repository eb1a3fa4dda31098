import Foundation
import Testing

@testable import Registry

@Suite("Going through rows", .freshDatabase)
struct CurrentRowTests {
    private struct Enough: Error {}

    @Test("shows one after the other, with every kind of value", arguments: DatabaseDriver.available)
    func values(_ driver: DatabaseDriver) async throws {
        let database = try driver.open()
        let values: [[SQLValue]] = [
            [.integer(.max), .text("ä\u{FFFD}🙂"), .bytes([0, 255])], [.integer(.min), .text(""), .bytes([])],
            [.null, .null, .null], [.integer(0), .text(String(repeating: "x", count: 100_000)), .bytes([1])],
        ]
        let (columns, bytes) = ("i BIGINT, t TEXT", database.dialect.bytes)
        let found = try await database.write { connection in
            try connection.execute("CREATE TABLE sample (n BIGINT, \(columns), b \(bytes))", [])
            for (number, row) in values.enumerated() {
                try connection.execute(
                    "INSERT INTO sample (n, i, t, b) VALUES ($1, $2, $3, $4)", [.integer(Int64(number))] + row)
            }
            var found: [[SQLValue]] = []
            try connection.forEach("SELECT i, t, b FROM sample WHERE n >= $1 ORDER BY n", [.integer(0)]) { row in
                found.append([
                    .integer(ifPresent: try row.integerIfPresent(0)), .text(ifPresent: try row.textIfPresent(1)),
                    .bytes(ifPresent: try row.bytesIfPresent(2)),
                ])
            }
            return found
        }
        #expect(found == values)
    }

    @Test("refuses a column that holds something else, or is not there", arguments: DatabaseDriver.available)
    func mismatch(_ driver: DatabaseDriver) async throws {
        let reads: [@Sendable (any SQLCurrentRow) throws -> Void] = [
            { _ = try $0.text(0) }, { _ = try $0.bytes(0) }, { _ = try $0.integer(1) }, { _ = try $0.integer(2) },
            { _ = try $0.text(2) }, { _ = try $0.bytes(2) }, { _ = try $0.integerIfPresent(-1) },
            { _ = try $0.textIfPresent(3) }, { _ = try $0.bytesIfPresent(.max) }, { _ = try $0.integerIfPresent(.min) },
        ]
        let database = try driver.open()
        for read in reads {
            await #expect(throws: RegistryError.self) {
                try await database.read { try $0.forEach("SELECT 1, 'a', NULL", [], read) }
            }
        }
    }

    @Test("needs no more of them than are looked at, and can begin again", arguments: DatabaseDriver.available)
    func endless(_ driver: DatabaseDriver) async throws {
        let database = try driver.open()
        for _ in 0..<2 {
            let count = try await database.read { connection in
                var count = 0
                do {
                    try connection.forEach(
                        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n", []
                    ) { _ in
                        count += 1
                        if count == 1_000 { throw Enough() }
                    }
                } catch is Enough {}
                return count
            }
            #expect(count == 1_000)
        }
    }

    @Test("says what is wrong with the statement", arguments: DatabaseDriver.available)
    func broken(_ driver: DatabaseDriver) async throws {
        let database = try driver.open()
        await #expect(throws: RegistryError.self) {
            try await database.read { try $0.forEach("SELECT * FROM nowhere", []) { _ in } }
        }
    }
}
