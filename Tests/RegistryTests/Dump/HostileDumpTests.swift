import Foundation
import TestSupport
import Testing

@testable import Registry

@Suite("A damaged dump", .freshDatabase)
struct HostileDumpTests {
    /// A small dump with every kind of value.
    static func small() throws -> [UInt8] {
        let dumped = DumpedBytes()
        var writer = DumpWriter(to: dumped.append)
        try writer.begin(schemaVersion: 1, rows: 2)
        let table = SQLTable(
            name: "t",
            columns: [
                SQLTable.Column(name: "a", kind: .integer), SQLTable.Column(name: "b", kind: .text),
                SQLTable.Column(name: "c", kind: .bytes),
            ]
        )
        try writer.begin(table)
        try writer.row(TestRow([.integer(-1), .text("ä"), .bytes([1, 2])]), of: table)
        try writer.row(TestRow([.null, .null, .bytes([])]), of: table)
        try writer.endTable(rows: 2)
        try writer.end(tables: 1, rows: 2)
        return dumped.bytes
    }

    /// Reads all of it.
    static func read(_ bytes: [UInt8], piece: Int = 7) throws -> [DumpReader.Part] {
        var reader = try DumpReader(from: DumpedBytes(bytes).source(piece))
        var parts: [DumpReader.Part] = []
        while let part = try reader.next() { parts.append(part) }
        return parts
    }

    @Test("is read as it was written, in whatever pieces it comes", arguments: [1, 2, 7, 1_000])
    func whole(piece: Int) throws {
        let parts = try Self.read(try Self.small(), piece: piece)
        #expect(parts.count == 4)
        #expect(parts[1] == .row([.integer(-1), .text("ä"), .bytes([1, 2])]))
        #expect(parts[2] == .row([.null, .null, .bytes([])]))
        #expect(parts[3] == .tableEnd(rows: 2))
    }

    @Test("that ends too early is refused, wherever it ends")
    func truncated() throws {
        let whole = try Self.small()
        for count in whole.indices {
            let error = #expect(throws: DumpError.self) { try Self.read(Array(whole.prefix(count))) }
            #expect(error?.code == (count == 0 ? .truncated : error?.code))
        }
    }

    @Test("with one bit changed is refused or read, and never traps")
    func mutated() throws {
        let whole = try Self.small()
        for index in whole.indices {
            for bit in 0..<8 {
                var bytes = whole
                bytes[index] ^= 1 << bit
                _ = try? Self.read(bytes)
            }
        }
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<2_000 {
            var bytes = whole
            for _ in 0..<4 {
                bytes[Int.random(in: bytes.indices, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            _ = try? Self.read(bytes)
        }
    }

    /// What is put in the place of a part, and what is said about it.
    struct Change: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var code: DumpError.Code
        var change: @Sendable (inout [UInt8]) -> Void
    }

    /// The offsets of the small dump: 22 bytes of beginning, then the table.
    static let changes: [Change] = [
        Change(testDescription: "another magic", code: .malformed) { $0[0] = 0 },
        Change(testDescription: "another format", code: .unsupported) { $0[9] = 2 },
        Change(testDescription: "a number of rows beyond all", code: .malformed) { $0[14] = 0xff },
        Change(testDescription: "an unknown mark", code: .malformed) { $0[22] = 9 },
        Change(testDescription: "a row before its table", code: .malformed) { $0[22] = 2 },
        Change(testDescription: "no name", code: .malformed) { $0[23] = 0 },
        Change(testDescription: "a name that is not UTF-8", code: .malformed) { $0[24] = 0xff },
        Change(testDescription: "no columns", code: .malformed) { $0[26] = 0 },
        Change(testDescription: "too many columns", code: .malformed) { $0[25] = 0xff },
        Change(testDescription: "a column of no kind", code: .malformed) { $0[29] = 0 },
        Change(testDescription: "a column twice", code: .malformed) { $0[31] = UInt8(ascii: "a") },
        Change(testDescription: "a value of another kind", code: .malformed) { $0[37] = 2 },
        Change(testDescription: "a text of 4 GB", code: .malformed) { $0[47] = 0xff },
        Change(testDescription: "a text of some hundred MB", code: .truncated) { $0[47] = 0x20 },
        Change(testDescription: "a text that is not UTF-8", code: .malformed) { $0[51] = 0xff },
        Change(testDescription: "another number of rows of the table", code: .incomplete) { $0[$0.count - 14] = 3 },
        Change(testDescription: "another number of tables", code: .incomplete) { $0[$0.count - 9] = 2 },
        Change(testDescription: "another number of rows at the end", code: .incomplete) { $0[$0.count - 1] = 3 },
        Change(testDescription: "something behind the end", code: .malformed) { $0.append(0) },
    ]

    @Test("is refused for what is wrong with it", arguments: Self.changes)
    func changed(_ change: Change) throws {
        var bytes = try Self.small()
        change.change(&bytes)
        let error = #expect(throws: DumpError.self) { try Self.read(bytes) }
        #expect(error?.code == change.code)
    }

    @Test(
        "with other tables than the schema's is not put into a database", arguments: ["", "DROP TABLE secret"],
        DatabaseDriver.available)
    func otherTables(statement: String, on driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.database.write { connection in
            let other = statement.isEmpty ? "CREATE TABLE other (a BIGINT)" : statement
            try connection.execute(other, [])
        }
        let dumped = DumpedBytes(try await registry.dumped())
        let other = try DumpTests.other()
        let error = await #expect(throws: DumpError.self) {
            try await Registry.restore(from: dumped.source(), into: other)
        }
        #expect(error?.code == (statement.isEmpty ? .unsupported : .incomplete))
    }

    @Test("with another column is not put into a database", arguments: DatabaseDriver.available)
    func otherColumn(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.database.write { try $0.execute("ALTER TABLE secret ADD COLUMN other TEXT", []) }
        let dumped = DumpedBytes(try await registry.dumped())
        let other = try DumpTests.other()
        let error = await #expect(throws: DumpError.self) {
            try await Registry.restore(from: dumped.source(), into: other)
        }
        #expect(error?.code == .unsupported)
    }

    @Test(
        "with references that lead nowhere is not put into a database, and changes nothing",
        arguments: DatabaseDriver.available)
    func references(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let bytes = try await registry.dumped()
        // A profile of a CA that is not there: the only row with this text.
        let other = try DumpTests.other()
        let tables = try await registry.database.read { try $0.tables() }
        let dumped = DumpedBytes()
        var reader = try DumpReader(from: DumpedBytes(bytes).source())
        var writer = DumpWriter(to: dumped.append)
        try writer.begin(schemaVersion: reader.schemaVersion, rows: 0)
        var count = 0
        var rows: Int64 = 0
        var current: SQLTable?
        while let part = try reader.next() {
            switch part {
            case .table(let table):
                (current, count) = (table, count + 1)
                try writer.begin(table)
            case .row(var values):
                let table = try #require(current)
                if table.name == "profile" { values[1] = .integer(99) }
                try writer.row(TestRow(values), of: table)
                rows += 1
            case .tableEnd(let count): try writer.endTable(rows: count)
            }
        }
        try writer.end(tables: count, rows: rows)
        #expect(tables.first { $0.name == "profile" }?.columns[1].name == "authority_id")
        let source = dumped.source()
        await #expect(throws: RegistryError.self) { try await Registry.restore(from: source, into: other) }
        let left = try await other.everything()
        // What an empty schema has: the count of changes, and the end of an audit log without entries.
        #expect(left.filter { !["configuration", "audit_chain"].contains($0.key) }.allSatisfy { $0.value.isEmpty })
    }
}

/// A row that comes from no database.
struct TestRow: SQLCurrentRow {
    let values: [SQLValue]

    init(_ values: [SQLValue]) { self.values = values }

    func integerIfPresent(_ column: Int) throws(RegistryError) -> Int64? {
        if case .integer(let integer) = self.values[column] { integer } else { nil }
    }

    func textIfPresent(_ column: Int) throws(RegistryError) -> String? {
        if case .text(let text) = self.values[column] { text } else { nil }
    }

    func bytesIfPresent(_ column: Int) throws(RegistryError) -> [UInt8]? {
        if case .bytes(let bytes) = self.values[column] { bytes } else { nil }
    }
}
