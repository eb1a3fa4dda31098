import Foundation
import Testing

@testable import Registry

@Suite("Statements whose answers nobody needs yet", .freshDatabase)
struct SentStatementTests {
    private static let insertion = "INSERT INTO sample (number) VALUES ($1)"

    private static func open(_ driver: DatabaseDriver) async throws -> any SQLDatabase {
        let database = try driver.open()
        _ = try await database.write {
            try $0.execute("CREATE TABLE sample (number BIGINT NOT NULL PRIMARY KEY, note BIGINT)", [])
        }
        return database
    }

    private static func numbers(in database: any SQLDatabase) async throws -> [Int64] {
        try await database.read { connection in
            try connection.query("SELECT number FROM sample ORDER BY number", []).map { try $0.integer(0) }
        }
    }

    @Test("fail their own change and no other where they fail", arguments: DatabaseDriver.available)
    func failure(_ driver: DatabaseDriver) async throws {
        let database = try await Self.open(driver)
        _ = try await database.write { try $0.execute(Self.insertion, [.integer(7)]) }
        let failed = await withTaskGroup(of: Int64?.self) { group in
            for number in 0..<60 as Range<Int64> {
                group.addTask {
                    do {
                        try await database.write { connection in
                            try connection.send(Self.insertion, [.integer(number)])
                            try connection.send(Self.insertion, [.integer(number + 1_000)])
                        }
                        return nil
                    } catch {
                        #expect((error as? RegistryError)?.isOutage == false)
                        return number
                    }
                }
            }
            return await group.compactMap(\.self).reduce(into: []) { $0.append($1) }
        }
        #expect(failed == [7])
        let expected = (0..<60).filter { $0 != 7 }.map { Int64($0) }
        let all = Set(expected + expected.map { $0 + 1_000 } + [7])
        #expect(Set(try await Self.numbers(in: database)) == all)
    }

    @Test("run in their order, also among others", arguments: DatabaseDriver.available)
    func order(_ driver: DatabaseDriver) async throws {
        let database = try await Self.open(driver)
        let found = try await database.write { connection in
            try connection.send(Self.insertion, [.integer(1)])
            let first = try connection.send(
                "UPDATE sample SET note = 10 WHERE number = $1 RETURNING note", [.integer(1)])
            let before = try connection.query("SELECT note FROM sample", [])[0].integer(0)
            let none = try connection.send("UPDATE sample SET note = 20 WHERE number = $1", [.integer(2)])
            let one = try connection.send("UPDATE sample SET note = note + 1 WHERE number = $1", [.integer(1)])
            var rows: [Int64] = []
            try connection.forEach("SELECT note FROM sample", []) { rows.append(try $0.integer(0)) }
            return try [before, first.rows()[0].integer(0), Int64(none.changedRows()), Int64(one.changedRows())] + rows
        }
        #expect(found == [10, 10, 0, 1, 11])
    }

    @Test("have each its own answer, in whatever order they are looked at", arguments: DatabaseDriver.available)
    func answers(_ driver: DatabaseDriver) async throws {
        let database = try await Self.open(driver)
        // More than are under way at a time.
        let numbers = Array(0..<1_000 as Range<Int64>)
        let found = try await database.write { connection in
            let answers = try numbers.map {
                try connection.send("\(Self.insertion) RETURNING number", [.integer($0)])
            }
            return try answers.reversed().map { try $0.rows()[0].integer(0) }
        }
        #expect(found == numbers.reversed())
        #expect(try await Self.numbers(in: database) == numbers)
    }

    @Test(
        "are neither lost nor stuck where they and their answers are larger than any buffer",
        .timeLimit(.minutes(2)), arguments: DatabaseDriver.available)
    func large(_ driver: DatabaseDriver) async throws {
        let database = try driver.open()
        let type = database.dialect.bytes
        let sums = try await database.write { connection in
            try connection.execute("CREATE TABLE large (number BIGINT NOT NULL, content \(type) NOT NULL)", [])
            let answers = try (0..<200).map { number in
                let content = [UInt8](repeating: UInt8(number), count: 150_000)
                return try connection.send(
                    "INSERT INTO large (number, content) VALUES ($1, $2) RETURNING content",
                    [.integer(Int64(number)), .bytes(content)])
            }
            return try answers.map { answer in
                let content = try answer.rows()[0].bytes(0)
                return [content.count, Int(content.min() ?? 0), Int(content.max() ?? 0)]
            }
        }
        #expect(sums == (0..<200).map { [150_000, $0, $0] })
    }

    @Test("take whatever values there are", arguments: DatabaseDriver.available)
    func values(_ driver: DatabaseDriver) async throws {
        let texts = [
            "", "'; DROP TABLE sample; --", "$1", "e\u{301}", "a\u{0}b", String(repeating: "ü", count: 100_000),
        ]
        let bytes: [[UInt8]] = [[], [0], [0xff, 0, 0x27], Array(0...255)]
        let integers: [Int64?] = [nil, 0, -1, .min, .max]
        let database = try driver.open()
        let type = database.dialect.bytes
        let found = try await database.write { connection in
            try connection.execute("CREATE TABLE odd (text TEXT, content \(type), number BIGINT)", [])
            let answers = try texts.flatMap { text in
                try bytes.flatMap { bytes in
                    try integers.map { integer in
                        try connection.send(
                            "INSERT INTO odd (text, content, number) VALUES ($1, $2, $3) RETURNING text, content, number",
                            [.text(text), .bytes(bytes), .integer(ifPresent: integer)])
                    }
                }
            }
            return try answers.map { answer in
                let row = try answer.rows()[0]
                return (Array(try row.text(0).utf8), try row.bytes(1), try row.integerIfPresent(2))
            }
        }
        var index = 0
        for text in texts {
            for bytes in bytes {
                for integer in integers {
                    #expect(found[index].0 == Array(text.replacing("\u{0}", with: "\u{FFFD}").utf8))
                    #expect(found[index].1 == bytes)
                    #expect(found[index].2 == integer)
                    index += 1
                }
            }
        }
        #expect(index == found.count)
    }

    @Test("can be tried again where what they need was not there", arguments: DatabaseDriver.available)
    func preparation(_ driver: DatabaseDriver) async throws {
        let database = try await Self.open(driver)
        let statement = "INSERT INTO later (number) VALUES ($1)"
        await #expect(throws: RegistryError.self) {
            try await database.write { connection in
                try connection.send(Self.insertion, [.integer(1)])
                try connection.send(statement, [.integer(1)])
                // Prepared for the first time behind one that fails.
                try connection.send("UPDATE sample SET note = 5 WHERE number = $1", [.integer(1)])
            }
        }
        try await database.write { connection in
            try connection.execute("CREATE TABLE later (number BIGINT NOT NULL)", [])
            try connection.send(Self.insertion, [.integer(2)])
            try connection.send(statement, [.integer(2)])
            try connection.send("UPDATE sample SET note = 5 WHERE number = $1", [.integer(2)])
        }
        let found = try await database.read { connection in
            try connection.query("SELECT sample.number, note, later.number FROM sample, later", []).map {
                [try $0.integer(0), try $0.integer(1), try $0.integer(2)]
            }
        }
        #expect(found == [[2, 5, 2]])
    }

    @Test("are of any number of sorts", arguments: DatabaseDriver.available)
    func manyStatements(_ driver: DatabaseDriver) async throws {
        let database = try await Self.open(driver)
        let found = try await database.write { connection in
            let answers = try (0..<700).map { try connection.send("SELECT \($0) + $1", [.integer(1)]) }
            return try answers.map { try $0.rows()[0].integer(0) }
        }
        #expect(found == (1...700).map { Int64($0) })
    }

    @Test(
        "leave the end of the audit log and the counts as they are where their change fails",
        arguments: DatabaseDriver.available)
    func totals(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let before = try await registry.auditHeads()[0].head.sequence
        let failed = await withTaskGroup(of: Int?.self) { group in
            for number in 0..<40 {
                group.addTask {
                    do {
                        try await registry.database.write { connection in
                            try Registry.record(AuditLog.event(number, .refused), at: TestRecords.now, in: connection)
                            if number % 8 == 5 { try connection.send("INSERT INTO nowhere VALUES (1)", []) }
                        }
                        return nil
                    } catch {
                        return number
                    }
                }
            }
            return await group.compactMap(\.self).reduce(into: []) { $0.append($1) }.sorted()
        }
        #expect(failed == [5, 13, 21, 29, 37])
        #expect(try await registry.auditHeads()[0].head.sequence == before + 35)
        #expect(try await registry.auditFault() == nil)
        let counts = try await registry.eventCounts(since: 0).filter { $0.kindName == EventKind.refused.rawValue }
        #expect(counts.map(\.count).reduce(0, +) == 35)
    }
}
