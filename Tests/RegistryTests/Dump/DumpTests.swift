import Foundation
import Testing

@testable import Registry

@Suite("A dump", .freshDatabase)
struct DumpTests {
    /// Another database than the test's own.
    static func other(_ driver: DatabaseDriver = .sqlite) throws -> any SQLDatabase { try driver.openOther() }

    @Test(
        "holds every row of every table, and a restoration has them all again, on whatever database",
        arguments: DatabaseDriver.available,
        DatabaseDriver.available
    )
    func everyTable(_ driver: DatabaseDriver, into otherDriver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        try await registry.fillEveryTable()
        let before = try await registry.everything()
        for (table, rows) in before { #expect(!rows.isEmpty, "\(table) is empty") }
        let dumped = DumpedBytes(try await registry.dumped())
        let other = try Self.other(otherDriver)
        let count = try await Registry.restore(from: dumped.source(), into: other)
        #expect(count == Int64(before.values.map(\.count).reduce(0, +)))
        let restored = try await Registry(database: other, migrating: false)
        #expect(try await restored.everything() == before)
        #expect(try await restored.dumped() == dumped.bytes)
    }

    /// What the statements of the migrations say, without asking the database.
    @Test("forgets no table that a migration has made", arguments: DatabaseDriver.available)
    func tables(_ driver: DatabaseDriver) async throws {
        var made: Set<String> = []
        for statement in Migrations.steps.joined() {
            let words = statement.split(whereSeparator: { $0.isWhitespace || $0 == "(" }).map(String.init)
            if words.starts(with: ["CREATE", "TABLE"]) { made.insert(words[2]) }
            if words.starts(with: ["DROP", "TABLE"]) { made.remove(words[2]) }
            if words.starts(with: ["ALTER", "TABLE"]), words[3] == "RENAME", words[4] == "TO" {
                made.remove(words[2])
                made.insert(words[5])
            }
        }
        let registry = try await driver.openRegistry()
        var reader = try DumpReader(from: DumpedBytes(try await registry.dumped()).source())
        var found: [SQLTable] = []
        while let part = try reader.next() { if case .table(let table) = part { found.append(table) } }
        #expect(Set(found.map(\.name)) == made.subtracting(Registry.undumpedTables))
        let unmigrated: Set<String> = [Registry.versionTable, RegistryClosure.table]
        #expect(made.isSuperset(of: Registry.undumpedTables.subtracting(unmigrated)))
        let tables = try await registry.database.read { try $0.tables() }
        #expect(tables.filter { !made.contains($0.name) }.map(\.name) == ["schema_version"])
        #expect(found.allSatisfy { table in tables.contains { $0.name == table.name } })
        let event = try #require(tables.first { $0.name == "event" })
        #expect(event.columns.first == SQLTable.Column(name: "id", kind: .integer, isIdentity: true))
        let crl = try #require(tables.first { $0.name == "crl" })
        #expect(crl.columns.last == SQLTable.Column(name: "encoded", kind: .bytes))
        #expect(crl.columns.allSatisfy { !$0.isIdentity })
    }

    @Test("says nothing of the exchange log, and a restoration begins a new one", arguments: DatabaseDriver.available)
    func exchanges(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let exchange = NewExchange(.getCACaps, .answered, from: "192.0.2.7", at: TestRecords.now)
        try await registry.record([exchange, exchange])
        let dumped = DumpedBytes(try await registry.dumped())
        let other = try Self.other()
        _ = try await Registry.restore(from: dumped.source(), into: other)
        let restored = try await Registry(database: other)
        #expect(try await restored.exchanges(limit: 10).isEmpty)
        #expect(try await restored.record([exchange]) == [1])
    }

    @Test("is of one moment, while others write", arguments: DatabaseDriver.available)
    func snapshot(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        for number in 0..<50 {
            _ = try await registry.waiting(TestRecords.request(number, transactionID: "\(number)", key: number))
        }
        let writing = Task {
            var number = 50
            while !Task.isCancelled {
                _ = try await registry.waiting(TestRecords.request(number, transactionID: "\(number)", key: number))
                number += 1
            }
        }
        for round in 0..<5 {
            let dumped = DumpedBytes(try await registry.dumped())
            let other = try driver.openOther("\(round)")
            _ = try await Registry.restore(from: dumped.source(1 << 16), into: other)
            let restored = try await Registry(database: other, migrating: false)
            // Each request has one event, written in the same transaction.
            let kinds = try await restored.eventKinds()
            #expect(Int64(kinds.count { $0 == .pending }) == (try await restored.count("request")))
            #expect(try await restored.database.check() == [])
        }
        writing.cancel()
        _ = try? await writing.value
    }

    @Test("goes on with the numbers behind the highest one", arguments: DatabaseDriver.available)
    func identities(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let last = try await registry.waiting(TestRecords.request(1))
        let other = try Self.other(driver)
        _ = try await Registry.restore(from: DumpedBytes(try await registry.dumped()).source(), into: other)
        let restored = try await Registry(database: other)
        let next = try await restored.waiting(TestRecords.request(2, transactionID: "next", key: 2))
        #expect(next == last + 1)
    }

    @Test("of an earlier schema is brought up to this one", arguments: 1..<Migrations.steps.count)
    func earlier(version: Int) async throws {
        let database = try DatabaseDriver.sqlite.open()
        try await Migrations.run(on: database, upTo: version)
        let statements = version == 1 ? MigrationTests.firstVersion : []
        try await database.write { connection in
            for statement in statements { try connection.execute(statement, []) }
        }
        // The way in which that version would have made it.
        let old = DumpedBytes()
        let dumped = try await Registry.dump(database, to: old.append)
        #expect(dumped >= Int64(statements.count))
        let other = try Self.other()
        _ = try await Registry.restore(from: old.source(), into: other)
        let restored = try await Registry(database: other, migrating: false)
        #expect(try await restored.profiles().map(\.name) == (version == 1 ? ["default"] : []))
        #expect(try await restored.count("configuration") == 1)
    }

    @Test("of a later schema is refused", arguments: DatabaseDriver.available)
    func later(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.database.write { connection in
            try connection.execute("UPDATE schema_version SET version = version + 1", [])
        }
        let known = Migrations.steps.count
        let dumped = DumpedBytes(try await registry.dumped())
        let other = try Self.other()
        await #expect(throws: RegistryError.tooNew(found: known + 1, known: known)) {
            try await Registry.restore(from: dumped.source(), into: other)
        }
    }

    @Test("tells how far it is", arguments: DatabaseDriver.available)
    func progress(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.database.write { connection in
            for number in 0..<2_500 {
                try connection.execute(
                    "INSERT INTO setting (name, value) VALUES ($1, $2)", [.text("\(number)"), .text("")])
            }
        }
        let told = ToldProgress()
        let dumped = DumpedBytes()
        let rows = try await registry.dump(to: dumped.append, progress: told.add)
        #expect(rows == 2_502)
        #expect(told.all.map(\.rows) == [1_000, 2_000, 2_502])
        #expect(told.all.allSatisfy { $0.total == 2_502 })
        let restored = ToldProgress()
        _ = try await Registry.restore(from: dumped.source(1 << 16), into: try Self.other(), progress: restored.add)
        #expect(restored.all == told.all)
    }
}
