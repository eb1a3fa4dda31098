import CLibpq
import Dispatch

/// A connection that is made when it is needed, and again when it broke.
///
/// libpq waits for the server, so everything runs on the session's own queue, and only there: that is what makes it Sendable.
final class PostgreSQLSession: @unchecked Sendable {
    /// Where everything runs.
    let queue: DispatchQueue
    private let connector: PostgreSQLConnector
    private let isReadOnly: Bool
    private var connection: OpaquePointer?
    /// What is prepared on the connection, and what it was sent that has not been answered.
    var pipeline = PostgreSQLPipeline()
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

    /// Where the transaction stands, when nothing is under way.
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
        self.pipeline = PostgreSQLPipeline()
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
        try self.settle()
        let connection = try self.open()
        self.pipeline.isAfterStream = false
        return try self.checked(self.waiting(connection) { PQexec(connection, sql) })
    }

    /// Runs a statement, behind those that are under way.
    func run(_ sql: String, _ values: [SQLValue]) throws(RegistryError) -> PostgreSQLResult {
        try self.send(sql, values).received()
    }

    // MARK: Connection

    /// The connection, which is made where there is none.
    func open() throws(RegistryError) -> OpaquePointer {
        guard !self.isClosed else { throw .failed("the database is closed") }
        if let connection = self.connection { return connection }
        guard !self.isBound else { throw .failed("the connection to the server broke") }
        let connection = try self.connector.connect(isReadOnly: self.isReadOnly)
        self.connection = connection
        return connection
    }

    /// Waits for the server.
    func waiting<T>(_ connection: OpaquePointer, _ body: () -> T) -> T {
        self.connector.watchdog.waiting(self, PQsocket(connection), self.patience, body)
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
    func failure(_ result: OpaquePointer) -> RegistryError {
        if PQstatus(self.connection) == CONNECTION_BAD { return self.broken() }
        let error = PostgreSQLFailure.statement(result)
        if PostgreSQLFailure.endsConnection(result) { self.disconnect() }
        return error
    }

    /// Ends a connection that has broken, and says why.
    func broken() -> RegistryError {
        let error = PostgreSQLFailure.broken(self.connection)
        self.disconnect()
        return error
    }
}
