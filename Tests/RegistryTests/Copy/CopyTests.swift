import Foundation
import Testing

@testable import Registry

@Suite("A copy", .freshDatabase)
struct CopyTests {
    /// What the copy itself adds to.
    private static let recorded: Set<String> = ["event", "audit_chain", "event_count"]

    private static func rows(_ database: any SQLDatabase) async throws -> [String: [[SQLValue]]] {
        try await database.read { connection in
            var all: [String: [[SQLValue]]] = [:]
            for table in try connection.tables()
            where TableReading.isCopied(table) && !Self.recorded.contains(table.name) {
                var rows: [[SQLValue]] = []
                _ = try TableReading(table: table).read(connection) { rows.append($0) }
                all[table.name] = rows
            }
            return all
        }
    }

    /// Texts, bytes and numbers at the ends of what there is.
    private static func fillHostile(_ registry: Registry, _ driver: DatabaseDriver) async throws {
        let texts = [
            "", "'\"\\;--\u{0}\n\r\t", "😀\u{202e}ä\u{301}", String(repeating: "x", count: 300_000), "\\N", "\u{FFFF}",
        ]
        try await registry.database.write { connection in
            for (number, text) in texts.enumerated() {
                try connection.execute(
                    "INSERT INTO setting (name, value) VALUES ($1, $2)",
                    [.text("\(number)\(text.prefix(50))"), .text(text)])
            }
            for (number, bytes) in [[], [0], Array(0...255), [UInt8](repeating: 0xff, count: 200_000)].enumerated() {
                try connection.execute(
                    "INSERT INTO secret (name, sealed) VALUES ($1, $2)", [.text("\(number)"), .bytes(bytes)])
            }
            for (number, end) in [Int64.min, -1, 0, Int64.max].enumerated() {
                try connection.execute(
                    """
                    INSERT INTO certificate_count (authority_id, origin, end_day, revocation, count)
                    VALUES ($1, $2, $3, 0, 1)
                    """, [.integer(Int64(number)), .text("ü"), .integer(end)])
            }
            if driver == .sqlite {
                // As a version has stored it that knew nothing of the other databases.
                try connection.execute("INSERT INTO setting VALUES ('old', CAST(X'610062' AS TEXT))", [])
            }
        }
        try await registry.record(
            NewEvent(.settingChanged, by: Decider("a\u{0}b"), detail: texts[2]), at: TestRecords.now)
    }

    @Test(
        "has every row of every table, whatever is in it, and what the exchange log says",
        arguments: DatabaseDriver.available, DatabaseDriver.available)
    func everyTable(_ driver: DatabaseDriver, into otherDriver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        try await registry.fillEveryTable()
        try await registry.database.write { connection in
            for table in ["event", "audit_gap"] { try connection.execute("DELETE FROM \(table)", []) }
        }
        try await Self.fillHostile(registry, driver)
        let before = try await Self.rows(registry.database)
        for (table, rows) in before where table != "audit_gap" { #expect(!rows.isEmpty, "\(table) is empty") }
        let target = try otherDriver.openOther()
        let told = ToldProgress()
        let report = try await CopiedRegistry.copy(registry.database, to: target, progress: told.add)
        #expect(try await Self.rows(target) == before)
        #expect(
            report.rows == Int64(before.values.reduce(0) { $0 + $1.count })
                + report.tables
                .filter { Self.recorded.contains($0.name) }.reduce(0) { $0 + $1.rows })
        #expect(report.tables.allSatisfy { $0.digest.count == 32 })
        #expect(!report.isResumed)
        let copy = try await Registry(database: target)
        #expect(try await copy.verifyAudit() == report.audit)
        #expect(report.audit.isIntact)
        let event = try #require(try await copy.events(limit: 1).first)
        #expect(event.kind == .copied)
        #expect(event.actor == "somebody")
        #expect(event.detail == "\(report.rows) rows from the old one")
        #expect(try await copy.database.check() == [])
        #expect(told.all.last.map { $0.rows == $0.total } == true)
    }

    @Test(
        "goes on with the numbers behind the highest one", arguments: DatabaseDriver.available, DatabaseDriver.available
    )
    func identities(_ driver: DatabaseDriver, into otherDriver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let last = try await registry.waiting(TestRecords.request(1))
        let target = try otherDriver.openOther()
        try await CopiedRegistry.copy(registry.database, to: target)
        let copy = try await Registry(database: target)
        let next = try await copy.waiting(TestRecords.request(2, transactionID: "next", key: 2))
        #expect(next == last + 1)
        #expect(try await copy.verifyAudit().isIntact)
    }

    @Test(
        "leaves its source closed: the database refuses every change and says where to go",
        arguments: DatabaseDriver.available)
    func closed(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        _ = try await registry.waiting(TestRecords.request(1))
        let server = try await Registry(database: try driver.open())
        try await CopiedRegistry.copy(registry.database, to: try DatabaseDriver.sqlite.openOther())
        var statements = [
            "INSERT INTO setting (name, value) VALUES ('a', 'b')",
            "INSERT INTO setting (name, value) VALUES ('a', 'b') ON CONFLICT (name) DO UPDATE SET value = 'c'",
            "INSERT INTO setting (name, value) VALUES ('a', 'b') ON CONFLICT DO NOTHING",
            "INSERT INTO setting (name, value) SELECT name, name FROM profile",
            "UPDATE audit_chain SET sequence = sequence + 1 WHERE chain = 1 RETURNING sequence",
            "UPDATE profile SET name = name", "DELETE FROM profile", "DELETE FROM request WHERE id > 0",
            "UPDATE schema_version SET version = version + 1", "DELETE FROM schema_version",
            "WITH gone AS (SELECT 1 AS n) DELETE FROM event WHERE id >= (SELECT n FROM gone)",
        ]
        statements +=
            driver == .sqlite
            ? ["INSERT OR REPLACE INTO setting (name, value) VALUES ('a', 'b')"] : ["TRUNCATE setting"]
        for statement in statements {
            await #expect(throws: RegistryError.closed(CopiedRegistry.moved), "\(statement)") {
                _ = try await registry.database.write { try $0.query(statement, []).count }
            }
        }
        // What a server does that has been running all the while.
        await #expect(throws: RegistryError.closed(CopiedRegistry.moved)) {
            _ = try await server.waiting(TestRecords.request(2, transactionID: "next", key: 2))
        }
        #expect(try await server.count("request") == 1)
        // One that starts afterwards, and a command that only looks.
        await #expect(throws: RegistryError.closed(CopiedRegistry.moved)) {
            _ = try await Registry(database: try driver.open())
        }
        #expect(try await Registry(database: try driver.open(), migrating: false).profiles().count == 1)
        let error = await #expect(throws: CopyError.self) {
            try await CopiedRegistry.copy(registry.database, to: try DatabaseDriver.sqlite.openOther("third"))
        }
        #expect(error?.code == .moved)
    }

    @Test("to try out leaves its source as it is", arguments: DatabaseDriver.available)
    func kept(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let target = try driver.openOther()
        try await CopiedRegistry.copy(registry.database, to: target, keepingSource: true)
        _ = try await registry.waiting(TestRecords.request(1))
        let copy = try await Registry(database: target)
        _ = try await copy.waiting(TestRecords.request(2))
        #expect(try await copy.count("request") == 1)
    }

    @Test("is never made over something", arguments: DatabaseDriver.available)
    func occupied(_ driver: DatabaseDriver) async throws {
        let registry = try await DatabaseDriver.sqlite.openRegistry()
        _ = try await registry.install()
        let other = try await Registry(database: try driver.openOther())
        try await other.record(NewEvent(.settingChanged, by: Decider("somebody"), detail: ""), at: TestRecords.now)
        let foreign = try driver.openOther("foreign")
        _ = try await foreign.write { try $0.execute("CREATE TABLE cars (wheels BIGINT)", []) }
        let odd = try driver.openOther("odd")
        _ = try await odd.write { try $0.execute("CREATE TABLE cars (price FLOAT)", []) }
        for target in [other.database, foreign, odd] {
            let error = await #expect(throws: CopyError.self) {
                try await CopiedRegistry.copy(registry.database, to: target)
            }
            #expect(error?.code == .notEmpty)
        }
        #expect(try await other.count("event") == 1)
        _ = try await registry.waiting(TestRecords.request(1))
        // A schema in which nothing was ever done is nothing.
        let fresh = try await Registry(database: try driver.openOther("fresh"))
        try await CopiedRegistry.copy(registry.database, to: fresh.database)
        #expect(try await fresh.count("request") == 1)
    }

    @Test(
        "is refused where a row is lost or another one on the way", arguments: DatabaseDriver.available, [true, false])
    func altered(_ driver: DatabaseDriver, isLost: Bool) async throws {
        let registry = try await DatabaseDriver.sqlite.openRegistry()
        _ = try await registry.install()
        for number in 0..<20 {
            _ = try await registry.waiting(TestRecords.request(number, transactionID: "\(number)", key: number))
        }
        let target = try driver.openOther()
        let unreliable = try UnreliableDatabase(target) { table, values in
            guard table == "request", values.first == .integer(7) else { return true }
            values = values.map { $0 == .text("192.0.2.7") ? .text("192.0.2.8") : $0 }
            return !isLost
        }
        let error = await #expect(throws: CopyError.self) {
            try await CopiedRegistry.copy(registry.database, to: unreliable)
        }
        #expect(error?.code == .different)
        #expect(error?.description.contains("the table request") == true)
        #expect(try await target.read { try $0.tables() } == [])
        _ = try await registry.waiting(TestRecords.request(21, transactionID: "21", key: 21))
        try await CopiedRegistry.copy(registry.database, to: target)
    }

    @Test(
        "of an audit log that somebody has altered is only made where he insists", arguments: DatabaseDriver.available)
    func faults(_ driver: DatabaseDriver) async throws {
        let registry = try await DatabaseDriver.sqlite.openRegistry()
        _ = try await registry.install()
        _ = try await registry.waiting(TestRecords.request(1))
        _ = try await registry.database.write { try $0.execute("UPDATE event SET detail = 'nothing'", []) }
        let target = try driver.openOther()
        let error = await #expect(throws: CopyError.self) {
            try await CopiedRegistry.copy(registry.database, to: target)
        }
        #expect(error?.code == .audit)
        let report = try await CopiedRegistry.copy(registry.database, to: target, acceptingFaults: true)
        #expect(!report.audit.isIntact)
    }
}
