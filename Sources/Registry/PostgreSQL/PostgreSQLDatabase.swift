import Dispatch

/// The registry's database on a PostgreSQL server, which any number of nodes share.
///
/// One connection writes and the others read; they are made when they are needed, so that the first use says where the server
/// cannot be reached.
public final class PostgreSQLDatabase: SQLDatabase {
    private let reads: PostgreSQLPool
    /// Connections of their own for look-ups, so that they wait for no read that takes long.
    private let lookUps: PostgreSQLPool
    private let writer: PostgreSQLSession
    /// Makes connections for what needs one of its own.
    let connector: PostgreSQLConnector
    private let commits: GroupCommit
    private let locks: PostgreSQLLocks

    /// PostgreSQL's column types.
    public let dialect = SQLDialect.postgreSQL

    /// Prepares to use a database.
    ///
    /// - Parameters:
    ///   - address: Where it is.
    ///   - options: How much of the server is used.
    public init(_ address: PostgreSQLAddress, options: PostgreSQLOptions = PostgreSQLOptions()) {
        let connector = PostgreSQLConnector(address: address, options: options)
        self.connector = connector
        let readers = max(options.maximumConnections - 1, 2)
        self.lookUps = PostgreSQLPool(
            "registry.lookups", connector: connector, maximum: readers / 2, patience: options.connectionPatience)
        self.reads = PostgreSQLPool(
            "registry.reads", connector: connector, maximum: readers - readers / 2,
            patience: options.connectionPatience)
        let writer = PostgreSQLSession("registry.writes", connector: connector, isReadOnly: false)
        self.writer = writer
        self.locks = PostgreSQLLocks(connector: connector)
        self.commits = GroupCommit { work in
            writer.queue.async { work(PostgreSQLCommitConnection(session: writer)) }
        }
    }

    /// Reads from one consistent snapshot.
    public func read<T: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> T) async throws -> T {
        try await self.reads.run { session in
            try session.resuming { try session.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") }
            session.bind()
            defer { PostgreSQLCommitConnection.rollBack(session) }
            return try body(PostgreSQLConnection(session: session))
        }
    }

    /// Reads by one statement that takes a moment, without a transaction around it.
    public func lookUp<T: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> T) async throws -> T {
        try await self.lookUps.run { session in
            try session.resuming { try body(PostgreSQLConnection(session: session)) }
        }
    }

    /// Changes the database; many changes share one commit and so one sync of the server's disk.
    public func write<T: Sendable>(
        announced: AnnouncedWrite?,
        _ body: @escaping @Sendable (any SQLConnection) throws -> T
    ) async throws -> T {
        try await self.commits.write(announced, body)
    }

    /// Changes the schema while no node writes.
    public func migrate<T: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> T
    ) async throws -> T {
        try await withCheckedThrowingContinuation { [writer] continuation in
            writer.queue.async { continuation.resume(with: Result { try Self.migrate(writer, body) }) }
        }
    }

    private static func migrate<T>(
        _ session: PostgreSQLSession,
        _ body: (any SQLConnection) throws -> T
    ) throws -> T {
        let unlimited = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0"
        defer { PostgreSQLCommitConnection.rollBack(session) }
        session.patience = nil
        try session.resuming {
            try session.run(
                "\(PostgreSQLCommitConnection.beginning); \(unlimited); \(PostgreSQLCommitConnection.lock)")
        }
        session.isBound = true
        let value = try body(PostgreSQLConnection(session: session))
        try PostgreSQLCommitConnection.commit(session)
        return value
    }

    /// Announces a change, for which others will wait some milliseconds.
    public func announceWrite() -> AnnouncedWrite { self.commits.announce() }

    /// It is what several nodes share.
    public var isShared: Bool { true }

    /// Takes an advisory lock of a connection of its own, or finds out whether it still has it.
    public func take(_ lock: NodeLock, _ kind: NodeLock.Kind) async throws -> Bool {
        try await self.locks.take(lock, kind)
    }

    /// Gives an advisory lock back.
    public func release(_ lock: NodeLock) async { await self.locks.release(lock) }

    /// Ends all connections; what is being committed is committed before.
    public func close() {
        self.locks.close()
        self.reads.close()
        self.lookUps.close()
        self.writer.queue.sync { self.writer.close() }
    }
}
