import CLibpq

/// The connection of a session, inside a transaction.
struct PostgreSQLConnection: SQLConnection {
    let session: PostgreSQLSession
    var totals: RunningTotals?

    @discardableResult
    func execute(_ sql: String, _ values: [SQLValue]) throws -> Int {
        try self.session.run(sql, values).changedRows
    }

    func query(_ sql: String, _ values: [SQLValue]) throws -> [SQLRow] { try self.session.run(sql, values).rows() }

    @discardableResult
    func send(_ sql: String, _ values: [SQLValue]) throws -> any SQLAnswer { try self.session.send(sql, values) }

    func forEach(_ sql: String, _ values: [SQLValue], _ body: (any SQLCurrentRow) throws -> Void) throws {
        try self.takeTime()
        try self.session.forEach(sql, values, body)
    }

    func fill(_ table: SQLTable, _ rows: (_ add: ([SQLValue]) throws -> Void) throws -> Void) throws {
        try self.takeTime()
        let copy = "COPY \(table.quotedName) (\(table.quotedColumns)) FROM STDIN (FORMAT binary)"
        var encoder = PostgreSQLCopyEncoder()
        try self.session.copy(copy) {
            try rows { values in
                encoder.add(values)
                if encoder.bytes.count >= PostgreSQLCopyEncoder.blockSize { try self.session.send(encoder.take()) }
            }
            encoder.finish()
            try self.session.send(encoder.take())
        }
        // Nothing is known of the table until the server looks at it some time later, and until then its plans are bad.
        try self.session.run("ANALYZE \(table.quotedName)")
    }

    /// Lets the statements of the transaction take the time they take: whoever goes through a million rows may be slow himself.
    func takeTime() throws {
        try self.session.settle()
        guard self.session.transaction == PQTRANS_INTRANS else { return }
        try self.session.run("SET LOCAL statement_timeout = 0")
        self.session.takeTime()
    }
}
