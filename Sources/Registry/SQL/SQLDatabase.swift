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

    /// Changes the database in a transaction of its own.
    ///
    /// When it returns, the change is on disk; when it throws, nothing has changed.
    ///
    /// - Throws: ``RegistryError``, or what the closure throws.
    func write<T: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> T) async throws -> T

    /// Ends all connections; nothing works afterwards.
    ///
    /// - Throws: ``RegistryError``.
    func close() throws
}

/// One connection, inside a transaction.
public protocol SQLConnection {
    /// Runs a statement that returns no rows.
    ///
    /// - Returns: The number of rows it changed.
    /// - Throws: ``RegistryError``.
    @discardableResult
    func execute(_ sql: String, _ values: [SQLValue]) throws -> Int

    /// Runs a statement that returns rows.
    ///
    /// - Throws: ``RegistryError``.
    func query(_ sql: String, _ values: [SQLValue]) throws -> [SQLRow]
}

/// Where SQL dialects differ, in the migrations.
public struct SQLDialect: Hashable, Sendable {
    /// The type of a primary key of 64 bits that the database numbers itself.
    public var identity: String
    /// The type of a string of bytes.
    public var bytes: String

    /// SQLite.
    public static let sqlite = SQLDialect(identity: "INTEGER PRIMARY KEY", bytes: "BLOB")
}
