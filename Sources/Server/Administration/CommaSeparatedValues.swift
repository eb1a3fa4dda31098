/// A table in a file that spreadsheets and scripts read and write (RFC 4180), its first row the names of its columns.
///
/// What is read: UTF-8, with a byte order mark or without; lines that end in CRLF or LF; fields in quotes, which may
/// hold commas, quotes (doubled) and line ends; blanks belong to their field. Lines without anything in them are passed
/// over. What is written is what RFC 4180 has, without a byte order mark.
///
/// A cell that a spreadsheet would take for a formula is written with an apostrophe in front (``SpreadsheetFormula``),
/// and reading takes that one away again, so that what was written is what is read.
struct CommaSeparatedValues: Hashable, Sendable {
    /// A row below the header.
    struct Row: Hashable, Sendable {
        /// In which line of the file it begins, the first one being 1.
        let line: Int
        /// Its fields, one for each column.
        let fields: [String]
    }

    /// What is wrong with a file, and where.
    struct Fault: Error, Hashable, CustomStringConvertible {
        /// In which line, the first one being 1.
        var line: Int
        /// At which character of the line, the first one being 1.
        var column: Int
        /// What is wrong, and what would be right.
        var reason: String

        var description: String { "line \(self.line), column \(self.column): \(self.reason)" }
    }

    /// The names of the columns.
    let columns: [String]
    /// The rows, in order.
    let rows: [Row]

    /// Makes a table to be written.
    ///
    /// - Parameters:
    ///   - columns: The names of the columns.
    ///   - rows: The fields of each row; where one has too few, the last ones are empty.
    init(columns: [String], rows: [[String]]) {
        self.columns = columns
        self.rows = rows.enumerated().map { number, fields in
            Row(line: number + 2, fields: columns.indices.map { $0 < fields.count ? fields[$0] : "" })
        }
    }

    /// Reads a file.
    ///
    /// - Throws: ``Fault`` with the place.
    init(reading bytes: [UInt8]) throws(Fault) {
        var parser = try CommaSeparatedValuesParser(bytes)
        (self.columns, self.rows) = try parser.parse()
    }

    /// The field of a row in a column; nil where there is no such column.
    ///
    /// - Parameters:
    ///   - column: The name of the column, in any case.
    ///   - row: The row.
    subscript(column: String, in row: Row) -> String? {
        self.columns.firstIndex { $0.lowercased() == column.lowercased() }.map { row.fields[$0] }
    }

    /// Refuses a table that has other columns than are known, so that nothing is passed over, or lacks one.
    ///
    /// - Parameters:
    ///   - known: The columns that are known.
    ///   - needed: Those of them that have to be there.
    /// - Throws: ``Fault``.
    func checkColumns(known: [String], needed: [String] = []) throws(Fault) {
        let lists = "the columns are \(known.joined(separator: ", "))"
        for name in self.columns where !known.contains(where: { $0.lowercased() == name.lowercased() }) {
            throw Fault(line: 1, column: 1, reason: "there is no column \"\(name)\"; \(lists)")
        }
        for name in needed where !self.columns.contains(where: { $0.lowercased() == name.lowercased() }) {
            throw Fault(line: 1, column: 1, reason: "the column \(name) is missing; \(lists)")
        }
    }

    /// The table as a file.
    var text: String { Self.line(self.columns) + self.textOfRows }

    /// The rows of the table, to be put behind those of another one with the same columns.
    var textOfRows: String { self.rows.map { Self.line($0.fields) }.joined() }

    private static func line(_ fields: [String]) -> String {
        fields.map { Self.cell($0, isAlone: fields.count == 1) }.joined(separator: ",") + "\r\n"
    }

    /// A field as it is written.
    ///
    /// - Parameters:
    ///   - field: The field.
    ///   - isAlone: Whether its row has no other; it must not look like a line without anything in it.
    /// - Returns: The text.
    private static func cell(_ field: String, isAlone: Bool) -> String {
        let text = SpreadsheetFormula.disarmed(field)
        let isBlank = text.unicodeScalars.first == " " || text.unicodeScalars.last == " "
        guard text.isEmpty ? isAlone : isBlank || text.utf8.contains(where: { ",\";\t\r\n".utf8.contains($0) }) else {
            return text
        }
        return "\"" + String(text.unicodeScalars.flatMap { $0 == "\"" ? [$0, $0] : [$0] }.map(Character.init)) + "\""
    }
}
