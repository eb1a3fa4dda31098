import CLibpq
import Dispatch

/// A connection that is made when it is needed, and again when it broke.
///
/// libpq waits for the server, so everything runs on the session's own queue, and only there: that is what makes it Sendable.
final class PostgreSQLSession: @unchecked Sendable {
    /// What a prepared statement is found by: PostgreSQL prepares it for the types of its values.
    private struct Statement: Hashable {
        var sql: String
        var types: [Oid]
    }

    /// How many statements stay prepared; filters make any number of them.
    private static let maximumStatements = 300

    /// How many rows are read to be thrown away before a new connection is the quicker way.
    private static let maximumSurplus = 1_000

    /// Where everything runs.
    let queue: DispatchQueue
    private let connector: PostgreSQLConnector
    private let isReadOnly: Bool
    private var connection: OpaquePointer?
    private var statements: [Statement: String] = [:]
    private var isClosed = false
    /// Whether a transaction is open that is of this connection: another one would know nothing of it, and make its changes one
    /// by one.
    var isBound = false
    /// How long an answer is waited for; nil for as long as it takes.
    var patience: Duration?

    init(_ label: String, connector: PostgreSQLConnector, isReadOnly: Bool) {
        self.queue = DispatchQueue(label: label)
        (self.connector, self.isReadOnly) = (connector, isReadOnly)
        self.patience = connector.options.answerTimeout
    }

    deinit { PQfinish(self.connection) }

    /// Whether there is a connection of which nothing bad is known.
    var isConnected: Bool { self.connection != nil }

    /// Where the transaction stands.
    var transaction: PGTransactionStatusType { PQtransactionStatus(self.connection) }

    /// A transaction has begun, of which everything is made on this connection.
    func bind() {
        self.isBound = true
        self.patience = self.connector.options.answerTimeout
    }

    /// The transaction is over.
    func release() {
        self.isBound = false
        self.patience = self.connector.options.answerTimeout
    }

    /// The statements of the transaction take the time they take.
    func takeTime() {
        if self.patience != nil { self.patience = self.connector.options.longAnswerTimeout }
    }

    /// Ends it for good.
    func close() {
        self.isClosed = true
        self.disconnect()
    }

    /// Ends the connection; the next one comes when it is needed.
    func disconnect() {
        PQfinish(self.connection)
        self.connection = nil
        self.statements = [:]
    }

    /// Does something by which nothing is changed as long as it has not succeeded, again where the connection has broken while
    /// nobody used it.
    @discardableResult
    func resuming<T>(_ body: () throws -> T) throws -> T {
        guard self.isConnected else { return try body() }
        do {
            return try body()
        } catch {
            guard !self.isConnected, !self.isClosed else { throw error }
            return try body()
        }
    }

    /// Runs statements without values; the last one's result is what comes back.
    @discardableResult
    func run(_ sql: String) throws(RegistryError) -> PostgreSQLResult {
        let connection = try self.open()
        return try self.checked(self.waiting(connection) { PQexec(connection, sql) })
    }

    /// Runs a statement.
    func run(_ sql: String, _ values: [SQLValue]) throws(RegistryError) -> PostgreSQLResult {
        let parameters = PostgreSQLParameters(values)
        let name = try self.prepared(sql, parameters)
        let connection = try self.open()
        let result = parameters.withPointers { values, lengths, formats in
            self.waiting(connection) {
                PQexecPrepared(connection, name, parameters.count, values, lengths, formats, 1)
            }
        }
        return try self.checked(result)
    }

    /// Runs a statement and goes through its rows as they come.
    func forEach(_ sql: String, _ values: [SQLValue], _ body: (any SQLCurrentRow) throws -> Void) throws {
        let parameters = PostgreSQLParameters(values)
        let name = try self.prepared(sql, parameters)
        let connection = try self.open()
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

    // MARK: Connection

    private func open() throws(RegistryError) -> OpaquePointer {
        guard !self.isClosed else { throw .failed("the database is closed") }
        if let connection = self.connection { return connection }
        guard !self.isBound else { throw .failed("the connection to the server broke") }
        let connection = try self.connector.connect(isReadOnly: self.isReadOnly)
        self.connection = connection
        return connection
    }

    /// Waits for the server.
    private func waiting<T>(_ connection: OpaquePointer, _ body: () -> T) -> T {
        self.connector.watchdog.waiting(self, PQsocket(connection), self.patience, body)
    }

    private func prepared(_ sql: String, _ parameters: PostgreSQLParameters) throws(RegistryError) -> String {
        let connection = try self.open()
        let statement = Statement(sql: sql, types: parameters.types)
        if let name = self.statements[statement] { return name }
        if self.statements.count >= Self.maximumStatements {
            try self.run("DEALLOCATE ALL")
            self.statements = [:]
        }
        let name = "s\(self.statements.count)"
        try self.checked(
            self.waiting(connection) { PQprepare(connection, name, sql, parameters.count, parameters.types) })
        self.statements[statement] = name
        return name
    }

    @discardableResult
    private func checked(_ pointer: OpaquePointer?) throws(RegistryError) -> PostgreSQLResult {
        guard let pointer else { throw self.broken() }
        let result = PostgreSQLResult(pointer)
        switch PQresultStatus(pointer) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK: return result
        default: throw self.failure(pointer)
        }
    }

    /// Why a statement failed; a connection that is of no use any more is ended.
    private func failure(_ result: OpaquePointer) -> RegistryError {
        if PQstatus(self.connection) == CONNECTION_BAD { return self.broken() }
        let error = PostgreSQLFailure.statement(result)
        if PostgreSQLFailure.endsConnection(result) { self.disconnect() }
        return error
    }

    private func broken() -> RegistryError {
        let error = PostgreSQLFailure.broken(self.connection)
        self.disconnect()
        return error
    }
}
