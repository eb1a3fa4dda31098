import CLibpq

/// The connection of a session, inside a transaction.
struct PostgreSQLConnection: SQLConnection {
    let session: PostgreSQLSession

    @discardableResult
    func execute(_ sql: String, _ values: [SQLValue]) throws -> Int {
        try self.session.run(sql, values).changedRows
    }

    func query(_ sql: String, _ values: [SQLValue]) throws -> [SQLRow] {
        let result = try self.session.run(sql, values)
        var rows: [SQLRow] = []
        rows.reserveCapacity(Int(result.rowCount))
        for row in 0..<result.rowCount { rows.append(try result.row(row)) }
        return rows
    }

    func forEach(_ sql: String, _ values: [SQLValue], _ body: (any SQLCurrentRow) throws -> Void) throws {
        try self.takeTime()
        try self.session.forEach(sql, values, body)
    }

    /// Lets the statements of the transaction take the time they take: whoever goes through a million rows may be slow himself.
    func takeTime() throws {
        guard self.session.transaction == PQTRANS_INTRANS else { return }
        try self.session.run("SET LOCAL statement_timeout = 0")
    }
}
