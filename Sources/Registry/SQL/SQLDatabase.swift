import Synchronization

/// A database that the registry's SQL runs on.
///
/// The SQL is written once; parameters are `$1`, `$2`, … in the order of their first appearance, which SQLite and
/// PostgreSQL read alike.
public protocol SQLDatabase: Sendable {
    /// What a column of the portable types is called here.
    var dialect: SQLDialect { get }

    /// Reads from one consistent snapshot.
    ///
    /// - Throws: ``RegistryError``, or what the closure throws.
    func read<T: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> T) async throws -> T

    /// Reads by one statement that takes a moment, such as a row by an index.
    ///
    /// It need not wait for reads that take long.
    ///
    /// - Throws: ``RegistryError``, or what the closure throws.
    func lookUp<T: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> T) async throws -> T

    /// Changes the database in a transaction of its own.
    ///
    /// When it returns, the change is on disk; when it throws, nothing has changed.
    ///
    /// - Parameters:
    ///   - announced: What ``announceWrite()`` gave for this change; nil where it was not announced.
    ///   - body: The change.
    /// - Returns: What the closure returned.
    /// - Throws: ``RegistryError``, or what the closure throws.
    func write<T: Sendable>(
        announced: AnnouncedWrite?,
        _ body: @escaping @Sendable (any SQLConnection) throws -> T
    ) async throws -> T

    /// Changes the schema in a transaction of its own, which waits for all others who do and takes the time it takes.
    ///
    /// - Returns: What the closure returned.
    /// - Throws: ``RegistryError``, or what the closure throws.
    func migrate<T: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> T) async throws -> T

    /// Announces a change that takes some milliseconds to prepare, so that others can wait and share its commit.
    func announceWrite() -> AnnouncedWrite

    /// Looks for damage, which takes as long as reading everything.
    ///
    /// - Returns: What is wrong, one sentence each; empty where nothing is.
    /// - Throws: ``RegistryError`` where not even that can be found out.
    func check() async throws -> [String]

    /// Whether other nodes may use it, of whom this one learns only through it.
    var isShared: Bool { get }

    /// Takes a lock where nobody is in the way, and keeps it until it is given back or this node is gone; whoever has it
    /// already finds out whether he still has.
    ///
    /// - Returns: Whether this node has it.
    /// - Throws: ``RegistryError`` where that cannot be found out; then this node has it no more.
    func take(_ lock: NodeLock, _ kind: NodeLock.Kind) async throws -> Bool

    /// Gives a lock back; one that is not held does no harm.
    func release(_ lock: NodeLock) async

    /// Ends all connections; nothing works afterwards.
    ///
    /// - Throws: ``RegistryError``.
    func close() throws
}

extension SQLDatabase {
    /// Reads by one statement, as every read.
    ///
    /// - Throws: ``RegistryError``, or what the closure throws.
    public func lookUp<T: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> T) async throws -> T {
        try await self.read(body)
    }

    /// Nobody knows of it but this machine.
    public var isShared: Bool { false }

    /// There are no other nodes.
    public func take(_ lock: NodeLock, _ kind: NodeLock.Kind) async throws -> Bool { true }

    /// There are no other nodes.
    public func release(_ lock: NodeLock) async {}

    /// Changes the schema as every change is made.
    ///
    /// - Throws: ``RegistryError``, or what the closure throws.
    public func migrate<T: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> T) async throws -> T {
        try await self.write(announced: nil, body)
    }

    /// Changes the database in a transaction of its own, unannounced.
    ///
    /// - Throws: ``RegistryError``, or what the closure throws.
    func write<T: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> T) async throws -> T {
        try await self.write(announced: nil, body)
    }
}

/// A change that will follow soon.
///
/// It is over when the change is written, or when nobody holds it any more.
public final class AnnouncedWrite: Sendable {
    private let onEnd: @Sendable () -> Void
    private let isOver = Atomic(false)

    /// Makes an announcement that tells once when it is over.
    public init(onEnd: @escaping @Sendable () -> Void) {
        self.onEnd = onEnd
    }

    deinit { self.end() }

    func end() {
        if !self.isOver.exchange(true, ordering: .relaxed) { self.onEnd() }
    }
}

/// One connection, inside a transaction.
public protocol SQLConnection {
    /// Runs a statement that returns no rows.
    ///
    /// - Returns: The number of rows it changed.
    /// - Throws: ``RegistryError``.
    @discardableResult
    func execute(_ sql: String, _ values: [SQLValue]) throws -> Int

    /// Runs a statement whose answer nobody needs yet, or nobody at all.
    ///
    /// Where waiting costs, it is under way until an answer is looked at, another statement needs its own, or the change is
    /// over, which fails where it has failed. Statements are run in their order, in whatever way they are given.
    ///
    /// - Returns: The answer, which need not be looked at.
    /// - Throws: ``RegistryError``, where it is known already that it fails.
    @discardableResult
    func send(_ sql: String, _ values: [SQLValue]) throws -> any SQLAnswer

    /// What is written once when all changes of the transaction are made; nil where it is written with each.
    var totals: RunningTotals? { get }

    /// Runs a statement that returns rows.
    ///
    /// - Throws: ``RegistryError``.
    func query(_ sql: String, _ values: [SQLValue]) throws -> [SQLRow]

    /// Runs a statement and goes through its rows one by one, of which only one is in memory.
    ///
    /// - Parameters:
    ///   - sql: The statement.
    ///   - values: Its parameters.
    ///   - body: What is done with each row; it does not run the same statement. What it throws ends it.
    /// - Throws: ``RegistryError``, or what the closure throws.
    func forEach(_ sql: String, _ values: [SQLValue], _ body: (any SQLCurrentRow) throws -> Void) throws

    /// All tables of the schema, by name, as the database itself describes them.
    ///
    /// - Throws: ``RegistryError``, also where a column is of a type that the migrations do not have.
    func tables() throws -> [SQLTable]

    /// Whether there is a table, also one that ``tables()`` leaves out because it can be made anew.
    ///
    /// - Throws: ``RegistryError``.
    func hasTable(_ name: String) throws -> Bool

    /// Has references looked at when the transaction ends only, so that rows can come in whatever order.
    ///
    /// - Throws: ``RegistryError``.
    func deferReferences() throws

    /// Has references looked at from now on, where that has been put off and stands in the way of changing the schema.
    ///
    /// - Throws: ``RegistryError``, also where a reference leads nowhere.
    func settleReferences() throws

    /// Puts many rows into a table.
    ///
    /// - Parameters:
    ///   - table: The table.
    ///   - rows: Is given what takes a row, a value for each column, and hands all rows to it, without using this connection
    ///     meanwhile. What it throws ends it.
    /// - Throws: ``RegistryError``, or what the closure throws.
    func fill(_ table: SQLTable, _ rows: (_ add: ([SQLValue]) throws -> Void) throws -> Void) throws

    /// Lets the numbers that the database gives go on behind the highest that is there.
    ///
    /// - Parameter tables: The tables into which rows were put with their numbers.
    /// - Throws: ``RegistryError``.
    func continueIdentities(of tables: [SQLTable]) throws
}

extension SQLConnection {
    /// Nobody writes them at the end.
    public var totals: RunningTotals? { nil }

    /// Whether it is among ``tables()``.
    ///
    /// - Throws: ``RegistryError``.
    public func hasTable(_ name: String) throws -> Bool { try self.tables().contains { $0.name == name } }

    /// Nothing, where the schema can be changed all the same.
    public func settleReferences() throws {}

    /// Row by row.
    ///
    /// - Throws: ``RegistryError``, or what the closure throws.
    public func fill(_ table: SQLTable, _ rows: (_ add: ([SQLValue]) throws -> Void) throws -> Void) throws {
        let insertion = table.insertion
        try rows { try self.execute(insertion, $0) }
    }
}
