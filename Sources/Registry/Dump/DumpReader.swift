/// Reads a dump part by part, believing none of its numbers before they have come true.
public struct DumpReader {
    /// A part of a dump.
    public enum Part: Hashable, Sendable {
        /// A table begins.
        case table(SQLTable)
        /// A row of it, with a value for each column.
        case row([SQLValue])
        /// The table ends, with as many rows as were read.
        case tableEnd(rows: Int64)
    }

    /// The version of the schema.
    public let schemaVersion: Int
    /// How many rows there are, as the beginning says.
    public let announcedRows: Int64

    private var source: DumpSource
    private var table: SQLTable?
    private var names: Set<String> = []
    private var tableRows: Int64 = 0
    private var rows: Int64 = 0
    private var isOver = false

    /// Reads the beginning of a dump.
    ///
    /// - Parameter source: Gives some bytes more each time, and none at the end.
    /// - Throws: ``DumpError``, or what the closure throws.
    public init(from source: @escaping () throws -> [UInt8]) throws {
        self.source = DumpSource(source)
        guard try self.source.bytes(DumpFormat.magic.count) == DumpFormat.magic else {
            throw DumpError(.malformed, "this is no dump of a registry")
        }
        let version = try self.source.number(UInt16.self)
        guard version == DumpFormat.version else {
            throw DumpError(
                .unsupported, "the dump has the format \(version), this version reads \(DumpFormat.version)")
        }
        self.schemaVersion = Int(try self.source.number(UInt32.self))
        self.announcedRows = try Self.count(self.source.number(UInt64.self))
    }

    /// The next part; nil at the end, behind which nothing is.
    ///
    /// - Throws: ``DumpError``, or what the source throws.
    public mutating func next() throws -> Part? {
        guard !self.isOver else { return nil }
        let byte = try self.source.number(UInt8.self)
        switch (DumpFormat.Mark(rawValue: byte), self.table) {
        case (.table, nil): return .table(try self.beginTable())
        case (.row, let table?): return .row(try self.row(of: table))
        case (.tableEnd, .some):
            try self.check(self.source.number(UInt64.self), is: self.tableRows, "rows of a table")
            self.table = nil
            return .tableEnd(rows: self.tableRows)
        case (.end, nil):
            try self.check(UInt64(self.source.number(UInt32.self)), is: Int64(self.names.count), "tables")
            try self.check(self.source.number(UInt64.self), is: self.rows, "rows")
            guard try self.source.isAtEnd() else {
                throw DumpError(.malformed, "something is behind the end of the dump")
            }
            self.isOver = true
            return nil
        default: throw DumpError(.malformed, "the byte \(byte) is none that can be here")
        }
    }

    private mutating func beginTable() throws -> SQLTable {
        var table = SQLTable(name: try self.source.name(), columns: [])
        guard self.names.count < DumpFormat.maximumTables, self.names.insert(table.name).inserted else {
            throw DumpError(.malformed, "a table is there twice, or there are too many")
        }
        let count = Int(try self.source.number(UInt16.self))
        guard (1...DumpFormat.maximumColumns).contains(count) else {
            throw DumpError(.malformed, "a table has \(count) columns")
        }
        var columns: Set<String> = []
        for _ in 0..<count {
            let name = try self.source.name()
            guard columns.insert(name).inserted else { throw DumpError(.malformed, "a column is there twice") }
            guard let kind = SQLColumnKind(rawValue: try self.source.number(UInt8.self)) else {
                throw DumpError(.malformed, "a column is of a kind that does not exist")
            }
            table.columns.append(SQLTable.Column(name: name, kind: kind))
        }
        self.table = table
        self.tableRows = 0
        return table
    }

    private mutating func row(of table: SQLTable) throws -> [SQLValue] {
        var values: [SQLValue] = []
        values.reserveCapacity(table.columns.count)
        for column in table.columns {
            let kind = try self.source.number(UInt8.self)
            guard kind == DumpFormat.null || kind == column.kind.rawValue else {
                throw DumpError(.malformed, "the column \(column.name) has a value of another kind")
            }
            values.append(kind == DumpFormat.null ? .null : try self.value(column.kind))
        }
        self.tableRows += 1
        self.rows += 1
        return values
    }

    private mutating func value(_ kind: SQLColumnKind) throws -> SQLValue {
        if kind == .integer { return .integer(try self.source.number(Int64.self)) }
        let length = Int(try self.source.number(UInt32.self))
        guard length <= DumpFormat.maximumValueSize else {
            throw DumpError(.malformed, "a value has \(length) bytes")
        }
        let bytes = try self.source.bytes(length)
        return kind == .bytes ? .bytes(bytes) : .text(try DumpSource.text(bytes))
    }

    private static func count(_ number: UInt64) throws -> Int64 {
        guard let count = Int64(exactly: number) else { throw DumpError(.malformed, "a number of rows is too high") }
        return count
    }

    private func check(_ said: UInt64, is found: Int64, _ what: String) throws {
        guard said == UInt64(clamping: found) else {
            throw DumpError(.incomplete, "the dump says \(said) \(what) and has \(found)")
        }
    }
}
