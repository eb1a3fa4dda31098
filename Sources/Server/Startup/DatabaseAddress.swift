import Foundation
public import Registry

/// Where a registry is: in a file of this machine, or on a PostgreSQL server.
public enum DatabaseAddress: Hashable, Sendable, CustomStringConvertible {
    /// An SQLite database.
    case file(String)
    /// A database on a PostgreSQL server, which several nodes share.
    case postgreSQL(PostgreSQLAddress)

    /// The name of the SQLite database in a data directory.
    static let fileName = "ucm.sqlite"

    /// Understands what somebody wrote.
    ///
    /// - Parameter text: A URL that begins with `postgres://` or `postgresql://`, or the path of an SQLite database or of the
    ///   data directory in which it is.
    /// - Throws: ``RegistryError/cannotOpen(_:)``, which does not repeat a password.
    public init(parsing text: String) throws(RegistryError) {
        if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
            self = .postgreSQL(try PostgreSQLAddress(text))
            return
        }
        var isDirectory: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: text, isDirectory: &isDirectory)
        self = .file(isThere && isDirectory.boolValue ? text + "/" + Self.fileName : text)
    }

    /// Where it is, without a password.
    public var description: String {
        switch self {
        case .file(let path): path
        case .postgreSQL(let address): "the database \(address)"
        }
    }

    /// Whether several nodes can share it.
    var isShared: Bool {
        if case .postgreSQL = self { true } else { false }
    }

    /// Opens it; a connection to a server is only made when it is needed.
    ///
    /// - Throws: ``RegistryError/cannotOpen(_:)``.
    public func open() throws(RegistryError) -> any SQLDatabase {
        switch self {
        case .file(let path):
            // The database and its log are made with the process's umask; certificates are public, but who enrolled from
            // where is not.
            umask(0o077)
            return try SQLiteDatabase(path: path)
        case .postgreSQL(let address):
            return PostgreSQLDatabase(address)
        }
    }
}
