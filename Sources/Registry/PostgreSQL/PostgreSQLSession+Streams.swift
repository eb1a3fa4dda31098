import CLibpq

/// Results that are read row by row, and rows that are sent one after the other.
extension PostgreSQLSession {
    /// How many rows are read to be thrown away before a new connection is the quicker way.
    private static let maximumSurplus = 1_000

    /// Runs a statement and goes through its rows as they come.
    func forEach(_ sql: String, _ values: [SQLValue], _ body: (any SQLCurrentRow) throws -> Void) throws {
        let parameters = PostgreSQLParameters(values)
        let name = try self.prepared(sql, parameters)
        try self.settle()
        let connection = try self.open()
        self.pipeline.isAfterStream = true
        let isSent = parameters.withPointers { values, lengths, formats in
            PQsendQueryPrepared(connection, name, parameters.count, values, lengths, formats, 1)
        }
        guard isSent == 1, PQsetSingleRowMode(connection) == 1 else { throw self.broken() }
        var failure: (any Error)?
        var surplus = 0
        while let pointer = self.waiting(connection, { PQgetResult(connection) }) {
            let result = PostgreSQLResult(pointer)
            if failure != nil {
                surplus += 1
                guard surplus < Self.maximumSurplus else { break }
                continue
            }
            do {
                switch PQresultStatus(pointer) {
                case PGRES_SINGLE_TUPLE: try body(PostgreSQLCurrentRow(result: result, row: 0))
                case PGRES_TUPLES_OK, PGRES_COMMAND_OK: break
                default: throw self.failure(pointer)
                }
            } catch {
                failure = error
            }
        }
        if surplus >= Self.maximumSurplus || PQstatus(connection) == CONNECTION_BAD { self.disconnect() }
        if let failure { throw failure }
    }

    /// Runs a COPY … FROM STDIN.
    ///
    /// - Parameters:
    ///   - sql: The statement.
    ///   - body: Gives everything to ``send(_:)``. What it throws ends the statement.
    /// - Throws: ``RegistryError``, or what the closure throws.
    func copy(_ sql: String, _ body: () throws -> Void) throws {
        try self.settle()
        let connection = try self.open()
        guard let begun = PQexec(connection, sql) else { throw self.broken() }
        let beginning = PostgreSQLResult(begun)
        guard PQresultStatus(begun) == PGRES_COPY_IN else { throw self.failure(beginning.pointer) }
        var failure: (any Error)?
        do {
            try body()
        } catch {
            failure = error
            guard self.isConnected else { throw error }
        }
        guard PQputCopyEnd(connection, failure == nil ? nil : "stopped") == 1 else { throw failure ?? self.broken() }
        while let pointer = PQgetResult(connection) {
            let result = PostgreSQLResult(pointer)
            guard PQresultStatus(pointer) != PGRES_COMMAND_OK, failure == nil else { continue }
            failure = self.failure(result.pointer)
            guard self.isConnected else { break }
        }
        if let failure { throw failure }
    }

    /// Sends what belongs to the COPY that runs.
    func send(_ bytes: [UInt8]) throws(RegistryError) {
        let connection = try self.open()
        // In pieces: libpq keeps a copy of each until it is sent.
        var sent = 0
        while sent < bytes.count {
            let count = min(bytes.count - sent, PostgreSQLCopyEncoder.blockSize)
            let answer = bytes[sent..<sent + count].withUnsafeBytes { piece in
                PQputCopyData(connection, piece.bindMemory(to: CChar.self).baseAddress, CInt(count))
            }
            guard answer == 1 else { throw self.broken() }
            sent += count
        }
    }
}
