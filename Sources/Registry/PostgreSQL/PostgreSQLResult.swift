import CLibpq

/// What a statement gave, in binary; it is freed with the last reference to it.
final class PostgreSQLResult {
    let pointer: OpaquePointer

    /// Takes a result over.
    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    deinit { PQclear(self.pointer) }

    /// How many rows it has.
    var rowCount: CInt { PQntuples(self.pointer) }

    /// How many rows the statement changed.
    var changedRows: Int { Int(String(cString: PQcmdTuples(self.pointer))) ?? 0 }

    /// The word for what was done, such as COMMIT.
    var tag: String { String(cString: PQcmdStatus(self.pointer)) }

    /// All rows.
    func rows() throws(RegistryError) -> [SQLRow] {
        var rows: [SQLRow] = []
        rows.reserveCapacity(Int(self.rowCount))
        for row in 0..<self.rowCount { rows.append(try self.row(row)) }
        return rows
    }

    /// All of a row.
    private func row(_ row: CInt) throws(RegistryError) -> SQLRow {
        var values: [SQLValue] = []
        values.reserveCapacity(Int(PQnfields(self.pointer)))
        for column in 0..<PQnfields(self.pointer) { values.append(try self.value(row, column)) }
        return SQLRow(values)
    }

    private func value(_ row: CInt, _ column: CInt) throws(RegistryError) -> SQLValue {
        let current = PostgreSQLCurrentRow(result: self, row: row)
        switch PQftype(self.pointer, column) {
        case PostgreSQLType.bytes: return .bytes(ifPresent: try current.bytesIfPresent(Int(column)))
        case let type where PostgreSQLCurrentRow.texts.contains(type):
            return .text(ifPresent: try current.textIfPresent(Int(column)))
        default: return .integer(ifPresent: try current.integerIfPresent(Int(column)))
        }
    }
}

/// A row of a result.
struct PostgreSQLCurrentRow: SQLCurrentRow {
    /// The types that hold texts.
    static let texts: Set<Oid> = [PostgreSQLType.text, PostgreSQLType.name, PostgreSQLType.varyingCharacters]

    let result: PostgreSQLResult
    let row: CInt

    func integerIfPresent(_ column: Int) throws(RegistryError) -> Int64? {
        guard let (type, bytes) = try self.value(column, "an integer") else { return nil }
        let size =
            switch type {
            case PostgreSQLType.integer64: 8
            case PostgreSQLType.integer32: 4
            case PostgreSQLType.integer16: 2
            case PostgreSQLType.boolean: 1
            default: 0
            }
        guard size > 0, bytes.count == size else { throw .mismatch(column, "an integer") }
        // The first byte has the sign, and those behind it come as they are.
        var value = Int64(Int8(bitPattern: bytes[0]))
        for byte in bytes.dropFirst() { value = value << 8 | Int64(byte) }
        return value
    }

    func textIfPresent(_ column: Int) throws(RegistryError) -> String? {
        guard let (type, bytes) = try self.value(column, "a text") else { return nil }
        guard Self.texts.contains(type) else { throw .mismatch(column, "a text") }
        return String(decoding: bytes, as: UTF8.self)
    }

    func bytesIfPresent(_ column: Int) throws(RegistryError) -> [UInt8]? {
        guard let (type, bytes) = try self.value(column, "bytes") else { return nil }
        guard type == PostgreSQLType.bytes else { throw .mismatch(column, "bytes") }
        return Array(bytes)
    }

    /// What is in a column, and of which type; nil for NULL.
    private func value(
        _ column: Int,
        _ expected: String
    ) throws(RegistryError) -> (type: Oid, bytes: UnsafeBufferPointer<UInt8>)? {
        let pointer = self.result.pointer
        guard let index = CInt(exactly: column), index >= 0, index < PQnfields(pointer), self.row < PQntuples(pointer)
        else { throw .mismatch(column, expected) }
        guard PQgetisnull(pointer, self.row, index) == 0 else { return nil }
        guard PQfformat(pointer, index) == 1, let address = PQgetvalue(pointer, self.row, index) else {
            throw .mismatch(column, expected)
        }
        let count = Int(PQgetlength(pointer, self.row, index))
        let bytes = UnsafeRawBufferPointer(start: address, count: count).bindMemory(to: UInt8.self)
        return (PQftype(pointer, index), bytes)
    }
}
