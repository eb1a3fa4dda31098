import TestSupport
import Testing

@testable import Server

@Suite("A table that is read")
struct ReadTableTests {
    private static func read(_ text: String) throws -> CommaSeparatedValues {
        try CommaSeparatedValues(reading: Array(text.utf8))
    }

    @Test(
        "has rows of fields",
        arguments: [
            ("a,b\n1,2\n", [["1", "2"]]), ("a,b\r\n1,2\r\n", [["1", "2"]]), ("a,b\n1,2", [["1", "2"]]),
            ("\u{feff}a,b\n1,2\n", [["1", "2"]]), ("a,b\n", []), ("a,b", []), ("a,b\n,\n", [["", ""]]),
            ("a,b\n1,", [["1", ""]]), ("a,b\n\n1,2\n\r\n\n3,4\n\n", [["1", "2"], ["3", "4"]]),
            ("\n\na,b\n1,2", [["1", "2"]]), ("a,b\n\"1\",\"2\"\n", [["1", "2"]]), ("a,b\n\"\",\"\"", [["", ""]]),
            ("a,b\n\"1,2\",\"3\"\"4\"\n", [["1,2", "3\"4"]]), ("a,b\n\"\"\"\",x\n", [["\"", "x"]]),
            ("a,b\n\"1\n2\",\"3\r\n4\"\n5,6", [["1\n2", "3\r\n4"], ["5", "6"]]), ("a,b\n 1 ,\t2\n", [[" 1 ", "\t2"]]),
            ("a,b\nä,€🔑\n", [["ä", "€🔑"]]), ("\"a\",\"b\"\n1,2", [["1", "2"]]), ("a,b\n=1,+2\n", [["=1", "+2"]]),
            ("a,b\n'=1,''+2\n", [["=1", "'+2"]]), ("a,b\n'x,'\n", [["'x", "'"]]), ("a,b\n\"\r\",2\n", [["\r", "2"]]),
            ("a,b\n\"\n\n\",2\n", [["\n\n", "2"]]),
        ] as [(String, [[String]])]
    )
    func rows(text: String, rows: [[String]]) throws {
        let table = try Self.read(text)
        #expect(table.columns == ["a", "b"])
        #expect(table.rows.map(\.fields) == rows)
    }

    @Test("knows columns by their names, and rows by their lines")
    func names() throws {
        let table = try Self.read("Device, User \nd1,\"u\n1\"\n\nd2,u2\n")
        #expect(table.columns == ["Device", "User"])
        #expect(table.rows.map(\.line) == [2, 5])
        #expect(table.rows.map { table["USER", in: $0] } == ["u\n1", "u2"])
        #expect(table.rows.map { table["device", in: $0] } == ["d1", "d2"])
        #expect(table.rows.map { table["other", in: $0] } == [nil, nil])
    }

    @Test("has the columns that are known, and those that are needed")
    func columns() throws {
        let table = try Self.read("device,Expires\n")
        try table.checkColumns(known: ["Device", "expires", "user"], needed: ["device"])
        let unknown = #expect(throws: CommaSeparatedValues.Fault.self) {
            try table.checkColumns(known: ["device", "user"])
        }
        #expect(unknown?.reason == "there is no column \"Expires\"; the columns are device, user")
        let missing = #expect(throws: CommaSeparatedValues.Fault.self) {
            try table.checkColumns(known: ["device", "expires", "user"], needed: ["user"])
        }
        #expect(missing?.reason.hasPrefix("the column user is missing") == true)
    }

    @Test(
        "is refused with the place where it is wrong",
        arguments: [
            ("", 1, 1, "there is no header"), ("\n\n", 3, 1, "there is no header"),
            ("\u{feff}", 1, 1, "there is no header"),
            ("a,,b\n", 1, 3, "a column has no name"), ("a, \n", 1, 3, "a column has no name"),
            ("a,b,A\n", 1, 5, "the column \"A\" is there twice"), ("a;b\n1;2\n", 1, 1, "separated by semicolons"),
            ("a\tb\n1\t2\n", 1, 1, "separated by tabs"), ("a,b\n1\n", 2, 1, "has 1 fields, the header 2"),
            ("a,b\n1,2\nä,2,3\n", 3, 5, "has 3 fields, the header 2"), ("a,b\n1,2,\n", 2, 5, "has 3 fields"),
            ("a,b\n1,x\"y\"\n", 2, 4, "a quote stands inside a field"),
            ("a,b\n1,\"x\"y\n", 2, 6, "behind the closing quote"),
            ("a,b\n1, \"x\"\n", 2, 4, "a quote stands inside a field"),
            ("a,b\n1,\"x\" \n", 2, 6, "behind the closing quote"),
            ("a,b\n\"1\n2\n,\"x\"y\n", 4, 3, "behind the closing quote"),
            ("a,b\n1,\"2\n3\n", 2, 3, "the quote is not closed"),
            ("a,b\n1,\"2\"\"", 2, 3, "the quote is not closed"), ("a,b\n1,\"", 2, 3, "the quote is not closed"),
            ("a,b\r1,2\r", 1, 4, "a carriage return without a line feed"), ("a,b\n1,2\r", 2, 4, "a carriage return"),
            ("a,b\n1,\u{0}\n", 2, 3, "not UTF-8"),
        ]
    )
    func faults(text: String, line: Int, column: Int, reason: String) throws {
        let fault = try #require(throws: CommaSeparatedValues.Fault.self) { try Self.read(text) }
        #expect(fault.line == line)
        #expect(fault.column == column)
        #expect(fault.reason.contains(reason), "\(fault)")
        #expect("\(fault)".hasPrefix("line \(line), column \(column): "))
    }

    @Test(
        "is UTF-8",
        arguments: [
            ([0xff, 0xfe, 0x61, 0x00], 1, 1, "UTF-16"), ([0xfe, 0xff, 0x00, 0x61], 1, 1, "UTF-16"),
            ([0x61, 0x2c, 0x62, 0x0a, 0x31, 0x2c, 0xfc, 0x0a], 2, 3, "not UTF-8"),
            ([0x61, 0x2c, 0x62, 0x0a, 0x22, 0xc3, 0x22, 0x2c, 0x31], 2, 1, "not UTF-8"), ([0xe4], 1, 1, "not UTF-8"),
            ([0x61, 0x00, 0x2c, 0x00, 0x62, 0x00], 1, 1, "not UTF-8"), ([0xed, 0xa0, 0x80], 1, 1, "not UTF-8"),
            ([0xc0, 0xac], 1, 1, "not UTF-8"),
        ] as [([UInt8], Int, Int, String)]
    )
    func encodings(bytes: [UInt8], line: Int, column: Int, reason: String) throws {
        let fault = try #require(throws: CommaSeparatedValues.Fault.self) { try CommaSeparatedValues(reading: bytes) }
        #expect(fault.line == line && fault.column == column)
        #expect(fault.reason.contains(reason))
    }

    @Test("is not read without end")
    func limits() throws {
        let rows = String(repeating: "1\n", count: 10_000)
        #expect(try Self.read("a\n" + rows).rows.count == 10_000)
        let tooMany = try #require(throws: CommaSeparatedValues.Fault.self) { try Self.read("a\n" + rows + "1\n") }
        #expect(tooMany.line == 10_002)
        #expect(tooMany.reason == "more than 10000 rows: split the file")
        let columns = (0..<64).map { "c\($0)" }.joined(separator: ",")
        #expect(try Self.read(columns).columns.count == 64)
        #expect(
            try #require(throws: CommaSeparatedValues.Fault.self) { try Self.read(columns + ",x") }.reason
                == "more than 64 columns")
        #expect(try Self.read("a\n" + String(repeating: "x", count: 8192)).rows.count == 1)
        let long = "a\n\"" + String(repeating: "x", count: 8193) + "\""
        #expect(try #require(throws: CommaSeparatedValues.Fault.self) { try Self.read(long) }.line == 2)
        let large = [UInt8](repeating: 0x0a, count: (4 << 20) + 1)
        let fault = try #require(throws: CommaSeparatedValues.Fault.self) { try CommaSeparatedValues(reading: large) }
        #expect(fault.reason.contains("4 MiB"))
        let commas = [UInt8](repeating: UInt8(ascii: ","), count: 4 << 20)
        #expect(throws: CommaSeparatedValues.Fault.self) { try CommaSeparatedValues(reading: commas) }
        let quotes = [UInt8](repeating: UInt8(ascii: "\""), count: 4 << 20)
        #expect(throws: CommaSeparatedValues.Fault.self) { try CommaSeparatedValues(reading: quotes) }
    }

    @Test("never traps, and has as many fields as columns", arguments: [UInt64(41), 42])
    func mutations(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let bytes = Array("\u{feff}device,user\r\n\"r, \"\"1\"\"\",'=x\r\n\"a\r\nb\",ü\n".utf8)
        let bad = Array("\",\r\n\u{0}';=\u{ff}".utf8)
        for _ in 0..<4000 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let position = Int.random(in: changed.indices, using: &generator)
                let byte = Bool.random(using: &generator) ? bad.randomElement(using: &generator) : nil
                changed[position] = byte ?? .random(in: .min ... .max, using: &generator)
            }
            changed = Array(changed.prefix(Int.random(in: 0...changed.count, using: &generator)))
            guard let table = try? CommaSeparatedValues(reading: changed) else { continue }
            #expect(table.rows.allSatisfy { $0.fields.count == table.columns.count })
        }
    }
}
