/// Takes a file apart (RFC 4180 §2), byte by byte, because a CRLF is one character to Swift.
///
/// ```
/// file         = header CRLF record *(CRLF record) [CRLF]
/// record       = field *(COMMA field)
/// field        = (escaped / non-escaped)
/// escaped      = DQUOTE *(TEXTDATA / COMMA / CR / LF / 2DQUOTE) DQUOTE
/// non-escaped  = *TEXTDATA
/// ```
struct CommaSeparatedValuesParser {
    typealias Fault = CommaSeparatedValues.Fault

    /// How many bytes a file may have.
    static let maximumSize = 4 << 20
    /// How many rows below the header.
    static let maximumRows = 10_000
    /// How many columns.
    static let maximumColumns = 64
    /// How many bytes a field may have.
    static let maximumFieldSize = 8192

    private struct Field {
        var text: String
        var place: (line: Int, column: Int)
    }

    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private var lineStart = 0

    init(_ bytes: [UInt8]) throws(Fault) {
        guard bytes.count <= Self.maximumSize else {
            let reason = "the file has \(bytes.count) bytes, \(Self.maximumSize >> 20) MiB are read at most: split it"
            throw Fault(line: 1, column: 1, reason: reason)
        }
        guard !bytes.starts(with: [0xff, 0xfe]), !bytes.starts(with: [0xfe, 0xff]) else {
            throw Fault(line: 1, column: 1, reason: "the file is UTF-16: save it as CSV in UTF-8")
        }
        self.bytes = bytes
        self.position = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
        self.lineStart = self.position
    }

    /// The names of the columns, and the rows.
    mutating func parse() throws(Fault) -> (columns: [String], rows: [CommaSeparatedValues.Row]) {
        guard let header = try self.record() else {
            throw self.fault("there is no header: the first line names the columns, with commas between")
        }
        let columns = try Self.columns(header)
        var rows: [CommaSeparatedValues.Row] = []
        while let fields = try self.record() {
            let place = fields.first?.place ?? (line: self.line, column: 1)
            guard rows.count < Self.maximumRows else {
                throw Fault(place, "more than \(Self.maximumRows) rows: split the file")
            }
            guard fields.count == columns.count else {
                throw Fault(
                    fields.count > columns.count ? fields[columns.count].place : place,
                    "the row has \(fields.count) fields, the header \(columns.count); a field with a comma stands in quotes"
                )
            }
            rows.append(CommaSeparatedValues.Row(line: place.line, fields: fields.map(\.text)))
        }
        return (columns, rows)
    }

    private static func columns(_ header: [Field]) throws(Fault) -> [String] {
        var columns: [String] = []
        for field in header {
            let name = String(String(field.text.drop { $0 == " " }.reversed()).drop { $0 == " " }.reversed())
            for (separator, what) in [(";", "semicolons"), ("\t", "tabs")] where name.contains(separator) {
                throw Fault(field.place, "the columns are separated by \(what): separate them by commas")
            }
            guard !name.isEmpty else { throw Fault(field.place, "a column has no name") }
            guard !columns.contains(where: { $0.lowercased() == name.lowercased() }) else {
                throw Fault(field.place, "the column \"\(name)\" is there twice")
            }
            columns.append(name)
        }
        return columns
    }

    /// The fields of the next line that has something in it; nil at the end.
    private mutating func record() throws(Fault) -> [Field]? {
        while try self.skipLineEnd() {}
        guard self.position < self.bytes.count else { return nil }
        var fields: [Field] = []
        repeat {
            guard fields.count < Self.maximumColumns else {
                throw self.fault("more than \(Self.maximumColumns) columns")
            }
            fields.append(try self.field())
        } while self.skip(UInt8(ascii: ","))
        guard try self.skipLineEnd() || self.position == self.bytes.count else {
            throw self.fault("something stands behind the closing quote; a quote inside a field is doubled")
        }
        return fields
    }

    private mutating func field() throws(Fault) -> Field {
        let place = (line: self.line, column: self.column)
        let content = self.skip(UInt8(ascii: "\"")) ? try self.quoted(from: place) : try self.plain()
        guard content.count <= Self.maximumFieldSize else {
            throw Fault(place, "the field has more than \(Self.maximumFieldSize) bytes")
        }
        guard let text = String(validating: content, as: UTF8.self), !content.contains(0) else {
            throw Fault(place, "the field is not UTF-8: save the file as CSV in UTF-8")
        }
        return Field(text: SpreadsheetFormula.original(text), place: place)
    }

    /// A field without quotes.
    private mutating func plain() throws(Fault) -> [UInt8] {
        let start = self.position
        while self.position < self.bytes.count {
            switch self.bytes[self.position] {
            case UInt8(ascii: ","), 0x0a, 0x0d: return Array(self.bytes[start..<self.position])
            case UInt8(ascii: "\""):
                throw self.fault("a quote stands inside a field; put the field in quotes and double it")
            default: self.position += 1
            }
        }
        return Array(self.bytes[start...])
    }

    /// A field behind its opening quote, to its closing one.
    private mutating func quoted(from place: (line: Int, column: Int)) throws(Fault) -> [UInt8] {
        var content: [UInt8] = []
        while self.position < self.bytes.count {
            let byte = self.bytes[self.position]
            self.position += 1
            if byte == UInt8(ascii: "\""), !self.skip(UInt8(ascii: "\"")) { return content }
            content.append(byte)
            if byte == 0x0a {
                self.line += 1
                self.lineStart = self.position
            }
        }
        throw Fault(place, "the quote is not closed")
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard self.position < self.bytes.count, self.bytes[self.position] == byte else { return false }
        self.position += 1
        return true
    }

    /// Goes on to the next line where this one ends here.
    private mutating func skipLineEnd() throws(Fault) -> Bool {
        if self.skip(0x0d), self.position == self.bytes.count || self.bytes[self.position] != 0x0a {
            self.position -= 1
            throw self.fault("a carriage return without a line feed: lines end in CRLF or LF")
        }
        guard self.skip(0x0a) else { return false }
        self.line += 1
        self.lineStart = self.position
        return true
    }

    /// The number of characters before the place where we are, and one.
    private var column: Int {
        // Continuation bytes of UTF-8 do not begin a character.
        self.bytes[self.lineStart..<self.position].count { $0 & 0xc0 != 0x80 } + 1
    }

    private func fault(_ reason: String) -> Fault { Fault((self.line, self.column), reason) }
}

extension CommaSeparatedValues.Fault {
    fileprivate init(_ place: (line: Int, column: Int), _ reason: String) {
        self.init(line: place.line, column: place.column, reason: reason)
    }
}
