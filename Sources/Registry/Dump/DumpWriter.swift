/// Writes a dump in blocks.
struct DumpWriter: ~Copyable {
    /// How much is gathered before it is handed on.
    private static let blockSize = 1 << 16

    private var block: [UInt8] = []
    private let sink: ([UInt8]) throws -> Void

    init(to sink: @escaping ([UInt8]) throws -> Void) {
        self.sink = sink
    }

    mutating func begin(schemaVersion: Int, rows: Int64) throws {
        self.block += DumpFormat.magic
        self.append(DumpFormat.version)
        self.append(UInt32(clamping: schemaVersion))
        self.append(UInt64(clamping: rows))
    }

    mutating func begin(_ table: SQLTable) throws {
        self.block.append(DumpFormat.Mark.table.rawValue)
        try self.append(name: table.name)
        self.append(UInt16(clamping: table.columns.count))
        for column in table.columns {
            try self.append(name: column.name)
            self.block.append(column.kind.rawValue)
        }
    }

    mutating func row(_ row: any SQLCurrentRow, of table: SQLTable) throws {
        self.block.append(DumpFormat.Mark.row.rawValue)
        for (index, column) in table.columns.enumerated() {
            try self.append(row.value(index, column.kind))
        }
        try self.flush(ifAtLeast: Self.blockSize)
    }

    mutating func row(_ values: [SQLValue]) throws {
        self.block.append(DumpFormat.Mark.row.rawValue)
        for value in values { try self.append(value) }
        try self.flush(ifAtLeast: Self.blockSize)
    }

    /// Hands on what is there, where a part ends that is read by itself.
    mutating func flush() throws { try self.flush(ifAtLeast: 1) }

    mutating func endTable(rows: Int64) throws {
        self.block.append(DumpFormat.Mark.tableEnd.rawValue)
        self.append(UInt64(clamping: rows))
    }

    mutating func end(tables: Int, rows: Int64) throws {
        self.block.append(DumpFormat.Mark.end.rawValue)
        self.append(UInt32(clamping: tables))
        self.append(UInt64(clamping: rows))
        try self.flush(ifAtLeast: 1)
    }

    private mutating func append(_ value: SQLValue) throws {
        switch value {
        case .null: self.block.append(DumpFormat.null)
        case .integer(let integer):
            self.block.append(SQLColumnKind.integer.rawValue)
            self.append(integer)
        case .text(let text): try self.append(text.utf8, .text)
        case .bytes(let bytes): try self.append(bytes, .bytes)
        }
    }

    private mutating func append(_ bytes: some Collection<UInt8>, _ kind: SQLColumnKind) throws {
        guard bytes.count <= DumpFormat.maximumValueSize else {
            throw DumpError(.unsupported, "a value has \(bytes.count) bytes, more than a dump can hold")
        }
        self.block.append(kind.rawValue)
        self.append(UInt32(clamping: bytes.count))
        self.block += bytes
    }

    private mutating func append(name: String) throws {
        guard (1...255).contains(name.utf8.count) else {
            throw DumpError(.unsupported, "a table or column has a name of \(name.utf8.count) bytes")
        }
        self.block.append(UInt8(clamping: name.utf8.count))
        self.block += name.utf8
    }

    private mutating func append(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.bigEndian) { self.block += $0 }
    }

    private mutating func flush(ifAtLeast size: Int) throws {
        guard self.block.count >= size else { return }
        try self.sink(self.block)
        self.block.removeAll(keepingCapacity: true)
    }
}
