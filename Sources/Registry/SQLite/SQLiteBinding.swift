import GRDB
import GRDBSQLite

/// Runs a statement with its parameters, straight on SQLite.
///
/// GRDB makes an object of every value that goes in and comes out, which takes longer than most of the statements; it
/// prepares them and keeps them, and runs what begins and ends a transaction or changes the schema.
struct SQLiteBinding {
    /// Held as well, so that it lasts as long as it runs.
    private let prepared: Statement
    private let statement: SQLiteStatement
    private let database: Database

    /// Takes a statement that is not running.
    init(_ statement: Statement, in database: Database) {
        self.prepared = statement
        self.statement = statement.sqliteStatement
        self.database = database
    }

    /// Goes through the rows of a result.
    ///
    /// - Parameters:
    ///   - values: The parameters.
    ///   - body: What is done at each row.
    /// - Throws: `DatabaseError` where SQLite refuses, or what the closure throws.
    func forEachRow(_ values: [SQLValue], _ body: () throws -> Void) throws {
        // A result that somebody stopped reading.
        sqlite3_reset(self.statement)
        guard sqlite3_bind_parameter_count(self.statement) == values.count else {
            throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "wrong number of statement arguments")
        }
        defer {
            // In this order: what is bound belongs to nobody any more afterwards.
            sqlite3_reset(self.statement)
            sqlite3_clear_bindings(self.statement)
        }
        let texts = values.map { value -> String in
            guard case .text(let text) = value else { return "" }
            return text.storable
        }
        let size = zip(values, texts).reduce(0) { size, pair in
            if case .bytes(let bytes) = pair.0 { size + bytes.count } else { size + pair.1.utf8.count }
        }
        // All texts and bytes stand in one piece of memory, which SQLite reads in place.
        try withUnsafeTemporaryAllocation(byteCount: max(size, 1), alignment: 1) { memory in
            var end = 0
            for (index, value) in values.enumerated() {
                try self.bind(value, texts[index], at: CInt(index + 1), in: memory, &end)
            }
            try self.step(body)
        }
    }

    private func step(_ body: () throws -> Void) throws {
        while true {
            switch sqlite3_step(self.statement) {
            case SQLITE_ROW: try body()
            case SQLITE_DONE: return
            // GRDB interrupts what nobody waits for any more, and nobody else does.
            case SQLITE_INTERRUPT: throw CancellationError()
            default: throw self.error
            }
        }
    }

    private func bind(
        _ value: SQLValue,
        _ text: String,
        at index: CInt,
        in memory: UnsafeMutableRawBufferPointer,
        _ end: inout Int
    ) throws {
        let start = end
        let result: CInt
        switch value {
        case .null: result = sqlite3_bind_null(self.statement, index)
        case .integer(let integer): result = sqlite3_bind_int64(self.statement, index, integer)
        case .text:
            end += text.utf8.count
            UnsafeMutableRawBufferPointer(rebasing: memory[start..<end]).copyBytes(from: text.utf8)
            result = sqlite3_bind_text64(
                self.statement, index, memory.baseAddress?.advanced(by: start).assumingMemoryBound(to: CChar.self),
                UInt64(end - start), nil, UInt8(SQLITE_UTF8))
        case .bytes(let bytes):
            end += bytes.count
            UnsafeMutableRawBufferPointer(rebasing: memory[start..<end]).copyBytes(from: bytes)
            result = sqlite3_bind_blob64(
                self.statement, index, memory.baseAddress?.advanced(by: start), UInt64(end - start), nil)
        }
        guard result == SQLITE_OK else { throw self.error }
    }

    private var error: DatabaseError {
        let connection = self.database.sqliteConnection
        // The statement itself is not said: it may be long, and its values may be secrets.
        return DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
            message: sqlite3_errmsg(connection).map { String(cString: $0) }
        )
    }
}
