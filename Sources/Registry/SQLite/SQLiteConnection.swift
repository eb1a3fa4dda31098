import GRDB

/// One connection of GRDB's, inside a transaction.
struct SQLiteConnection: SQLConnection {
    let database: Database
    var totals: RunningTotals?

    @discardableResult
    func execute(_ sql: String, _ values: [SQLValue]) throws -> Int {
        do {
            let statement = try self.database.cachedStatement(sql: sql)
            if values.isEmpty {
                try statement.execute()
            } else {
                try SQLiteBinding(statement, in: self.database).forEachRow(values) {}
            }
            return self.database.changesCount
        } catch {
            throw SQLiteDatabase.translate(error)
        }
    }

    @discardableResult
    func send(_ sql: String, _ values: [SQLValue]) throws -> any SQLAnswer {
        let rows = try self.query(sql, values)
        return Answer(content: rows, count: self.database.changesCount)
    }

    /// An answer that is there at once.
    private struct Answer: SQLAnswer {
        let content: [SQLRow]
        let count: Int

        func rows() -> [SQLRow] { self.content }
        func changedRows() -> Int { self.count }
    }

    func query(_ sql: String, _ values: [SQLValue]) throws -> [SQLRow] {
        var rows: [SQLRow] = []
        try self.forEach(sql, values) { row, count in
            rows.append(SQLRow(try (0..<count).map { try row.value($0) }))
        }
        return rows
    }

    func forEach(_ sql: String, _ values: [SQLValue], _ body: (any SQLCurrentRow) throws -> Void) throws {
        try self.forEach(sql, values) { row, _ in try body(row) }
    }

    private func forEach(
        _ sql: String,
        _ values: [SQLValue],
        _ body: (SQLiteCurrentRow, _ columnCount: Int) throws -> Void
    ) throws {
        do {
            let statement = try self.database.cachedStatement(sql: sql)
            let row = SQLiteCurrentRow(statement: statement)
            let count = statement.columnCount
            try SQLiteBinding(statement, in: self.database).forEachRow(values) { try body(row, count) }
        } catch {
            throw SQLiteDatabase.translate(error)
        }
    }
}
