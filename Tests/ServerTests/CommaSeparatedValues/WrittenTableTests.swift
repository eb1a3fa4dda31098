import TestSupport
import Testing

@testable import Server

@Suite("A table that is written")
struct WrittenTableTests {
    @Test("has quotes where they are needed, and CRLF")
    func form() {
        let table = CommaSeparatedValues(
            columns: ["device", "user"],
            rows: [["r1", "a,b"], ["say \"x\"", ""], ["a\nb", " c"], ["only"], ["1", "2", "3"], ["ü", "a;b"]]
        )
        #expect(
            table.text
                == "device,user\r\nr1,\"a,b\"\r\n\"say \"\"x\"\"\",\r\n\"a\nb\",\" c\"\r\nonly,\r\n1,2\r\nü,\"a;b\"\r\n"
        )
        #expect(CommaSeparatedValues(columns: ["a"], rows: [[""], ["x"]]).text == "a\r\n\"\"\r\nx\r\n")
    }

    @Test(
        "has no cell that is a formula",
        arguments: [
            ("=1+2", "'=1+2"), ("+1", "'+1"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"), ("\tx", "\"'\tx\""),
            ("\r=1", "\"'\r'=1\""),
            ("\n+1", "\"'\n'+1\""), (" =1", "\" '=1\""), ("＝1", "'＝1"), ("'=1", "''=1"), ("''=1", "'''=1"), ("'", "'"),
            ("'x", "'x"), ("a=1", "a=1"), ("a-b", "a-b"), ("x;=1", "\"x;'=1\""), ("x; -1", "\"x; '-1\""),
            ("x;y", "\"x;y\""),
            ("x\n@1", "\"x\n'@1\""), ("=a,b", "\"'=a,b\""), ("\"=1\"", "\"\"\"'=1\"\"\""), ("a;\"=1", "\"a;\"\"'=1\""),
            ("CN=a", "CN=a"), ("", ""),
            ("10.0.0.0/8;2001:db8::/32", "\"10.0.0.0/8;2001:db8::/32\""), ("=\u{338}", "'=\u{338}"),
        ]
    )
    func formulas(field: String, cell: String) throws {
        let table = CommaSeparatedValues(columns: ["a", "b"], rows: [["x", field]])
        #expect(table.text.unicodeScalars.elementsEqual("a,b\r\nx,\(cell)\r\n".unicodeScalars))
        let read = try CommaSeparatedValues(reading: Array(table.text.utf8)).rows.first?.fields.last
        #expect(read.map { Array($0.utf8) } == Array(field.utf8))
    }

    @Test("has generated challenges as they are")
    func challenges() {
        for _ in 0..<100 {
            let secret = GeneratedSecret.make()
            #expect(CommaSeparatedValues(columns: ["challenge"], rows: [[secret]]).text == "challenge\r\n\(secret)\r\n")
        }
    }

    /// Tables of fields that are as awkward as can be.
    private static func table(_ generator: inout SeededGenerator) -> CommaSeparatedValues {
        let pieces = [
            "'", "=", "+", "-", "@", "\t", "\r", "\n", "\r\n", ";", ",", "\"", "\"\"", " ", "x", "ü", "\u{ff1d}",
            "\u{301}",
            "\u{feff}", "🔑", "1",
        ]
        let columns = (0..<Int.random(in: 1...4, using: &generator)).map { "c\($0)" }
        let rows = (0..<Int.random(in: 0...5, using: &generator)).map { _ in
            columns.map { _ in
                (0..<Int.random(in: 0...6, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? ""
                }
                .joined()
            }
        }
        return CommaSeparatedValues(columns: columns, rows: rows)
    }

    @Test("is read as it was", arguments: [UInt64(51), 52, 53])
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let table = Self.table(&generator)
            let read = try CommaSeparatedValues(reading: Array(table.text.utf8))
            #expect(read.columns == table.columns)
            // Bytes: Swift takes texts for equal that are composed differently.
            let isSame =
                read.rows.map { $0.fields.map { Array($0.utf8) } }
                == table.rows.map { $0.fields.map { Array($0.utf8) } }
            #expect(isSame, "\(table.text.debugDescription)")
            #expect(read.text.utf8.elementsEqual(table.text.utf8))
        }
    }

    @Test("has no formula for spreadsheets that separate by semicolons or tabs either", arguments: [UInt64(61), 62])
    func otherSeparators(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let formulas = Set("=+-@\u{ff1d}".unicodeScalars)
        for _ in 0..<500 {
            let table = Self.table(&generator)
            for separator in [";", "\t"] as [Unicode.Scalar] {
                let cells = table.text.unicodeScalars.split { $0 == separator || $0 == "\r" || $0 == "\n" }
                let begins = cells.map { $0.drop { $0 == " " || $0 == "\"" }.first ?? " " }
                #expect(!begins.contains { formulas.contains($0) }, "\(table.text.debugDescription)")
            }
        }
    }
}
