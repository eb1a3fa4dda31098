import GRDB
import GRDBSQLite

/// The row at which a statement of SQLite's stands, read straight from SQLite.
struct SQLiteCurrentRow: SQLCurrentRow {
    private let statement: SQLiteStatement
    private let count: CInt

    /// The row at which a statement stands that is being stepped through.
    init(statement: Statement) {
        self.statement = statement.sqliteStatement
        self.count = CInt(statement.columnCount)
    }

    func integerIfPresent(_ column: Int) throws(RegistryError) -> Int64? {
        guard let index = try self.index(column, holding: SQLITE_INTEGER, "an integer") else { return nil }
        return sqlite3_column_int64(self.statement, index)
    }

    func textIfPresent(_ column: Int) throws(RegistryError) -> String? {
        guard let index = try self.index(column, holding: SQLITE_TEXT, "a text") else { return nil }
        guard let text = sqlite3_column_text(self.statement, index) else { throw .failed("out of memory") }
        let count = Int(sqlite3_column_bytes(self.statement, index))
        return String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
    }

    func bytesIfPresent(_ column: Int) throws(RegistryError) -> [UInt8]? {
        guard let index = try self.index(column, holding: SQLITE_BLOB, "bytes") else { return nil }
        // SQLite gives no address for no bytes.
        guard let bytes = sqlite3_column_blob(self.statement, index) else { return [] }
        let count = Int(sqlite3_column_bytes(self.statement, index))
        return Array(UnsafeRawBufferPointer(start: bytes, count: count))
    }

    /// Whatever is in a column of the result.
    func value(_ column: Int) throws(RegistryError) -> SQLValue {
        switch sqlite3_column_type(self.statement, CInt(column)) {
        case SQLITE_NULL: return .null
        case SQLITE_INTEGER: return .integer(try self.integer(column))
        case SQLITE_BLOB: return .bytes(try self.bytes(column))
        case SQLITE_TEXT: return .text(try self.text(column))
        // No column of ours holds a number with a fraction; whoever reads it as something else is told so.
        default: return .text("\(sqlite3_column_double(self.statement, CInt(column)))")
        }
    }

    /// SQLite's number of a column that holds a value of this type; nil for NULL.
    private func index(
        _ column: Int,
        holding type: CInt,
        _ expected: String
    ) throws(RegistryError) -> CInt? {
        guard let index = CInt(exactly: column), index >= 0, index < self.count else {
            throw .mismatch(column, expected)
        }
        switch sqlite3_column_type(self.statement, index) {
        case type: return index
        case SQLITE_NULL: return nil
        default: throw .mismatch(column, expected)
        }
    }
}
