import Foundation
import GRDB
import Synchronization

/// The registry's database in a file: SQLite in WAL mode, durable at every commit.
public final class SQLiteDatabase: SQLDatabase {
    /// The file.
    let path: String
    private let pool: DatabasePool
    /// A connection of its own for look-ups: one queue and no transaction around them, so that under load one follows the
    /// other without a thread being woken for it, which costs more than the look-up.
    private let lookUps: DatabaseQueue
    private let commits: GroupCommit
    private let isClosed = Atomic(false)

    /// SQLite's column types.
    public let dialect = SQLDialect.sqlite

    /// Opens a database, and makes it where there is none.
    ///
    /// - Parameter path: The file.
    /// - Throws: ``RegistryError/cannotOpen(_:)``.
    public init(path: String) throws(RegistryError) {
        self.path = path
        var configuration = Configuration()
        configuration.label = "registry"
        configuration.maximumReaderCount = 2
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase {
            try $0.execute(sql: "PRAGMA cache_size = -4096")
            // What a savepoint goes back to is no file's: nobody looks for it after a crash.
            try $0.execute(sql: "PRAGMA temp_store = MEMORY")
        }
        do {
            self.pool = try DatabasePool(path: path, configuration: configuration)
            // FULL: the write-ahead log is synced at every commit, so that what was answered survives a power cut.
            // It is set only now because GRDB sets NORMAL when it turns the write-ahead log on.
            // A longer log writes pages that change often back to the database less often.
            try self.pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = FULL")
                try database.execute(sql: "PRAGMA wal_autocheckpoint = 4000")
            }
            configuration.label = "registry.lookups"
            configuration.readonly = true
            self.lookUps = try DatabaseQueue(path: path, configuration: configuration)
        } catch {
            throw .cannotOpen("\(path): \(Self.reason(error, isOpen: false))")
        }
        self.commits = GroupCommit { [pool] work in
            pool.asyncWriteWithoutTransaction { work(SQLiteCommitConnection(database: $0)) }
        }
    }

    /// Reads from one consistent snapshot.
    public func read<T: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> T) async throws -> T {
        do {
            return try await self.pool.read { try body(SQLiteConnection(database: $0)) }
        } catch {
            throw Self.translate(error)
        }
    }

    /// Reads by one statement that takes a moment.
    public func lookUp<T: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> T) async throws -> T {
        do {
            return try await self.lookUps.unsafeRead { try body(SQLiteConnection(database: $0)) }
        } catch {
            throw Self.translate(error)
        }
    }

    /// Changes the database; many changes share one commit and so one sync of the disk.
    public func write<T: Sendable>(
        announced: AnnouncedWrite?,
        _ body: @escaping @Sendable (any SQLConnection) throws -> T
    ) async throws -> T {
        try await self.commits.write(announced, body)
    }

    /// Announces a change, for which others will wait some milliseconds.
    public func announceWrite() -> AnnouncedWrite { self.commits.announce() }

    /// Ends all connections, with everything in the database's own file, so that a copy of it is whole.
    ///
    /// Once it is closed, closing it again does nothing.
    public func close() throws {
        guard !self.isClosed.exchange(true, ordering: .relaxed) else { return }
        // What is not copied now, because another process is at work on the same file, stays in the log, which belongs to
        // the database.
        _ = try? self.pool.writeWithoutTransaction { try $0.checkpoint(.passive) }
        do {
            try self.lookUps.close()
            try self.pool.close()
        } catch {
            throw Self.translate(error)
        }
    }

    static func translate(_ error: any Error) -> any Error {
        guard let databaseError = error as? DatabaseError else { return error }
        // The only triggers there are refuse changes of a registry that has moved.
        if databaseError.extendedResultCode == .SQLITE_CONSTRAINT_TRIGGER, let message = databaseError.message {
            return RegistryError.closed(message)
        }
        let reason = Self.reason(databaseError)
        return switch databaseError.resultCode {
        case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_BUSY,
            .SQLITE_LOCKED,
            .SQLITE_NOMEM:
            RegistryError.unavailable(reason)
        default: RegistryError.failed(reason)
        }
    }

    /// What happened and what to do where that is the disk's affair, otherwise SQLite's own words; without the statement's
    /// values, which may be secrets.
    private static func reason(_ error: any Error, isOpen: Bool = true) -> String {
        guard let error = error as? DatabaseError else { return "\(error)" }
        let own = "\(error.message ?? "no reason given") (SQLite \(error.extendedResultCode.rawValue))"
        let afterwards = isOpen ? ", and the server goes on by itself" : ""
        return switch error.resultCode {
        case .SQLITE_FULL:
            "the disk is full; free some space where the database is\(afterwards): \(own)"
        case .SQLITE_IOERR:
            "its files cannot be written or read; look at the disk, its quota and the system's log; mend it\(afterwards): \(own)"
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            "another program writes to it for too long; end that, or wait: \(own)"
        case .SQLITE_READONLY:
            "its files cannot be written; look at their owner, and whether the disk is mounted read-only: \(own)"
        default: own
        }
    }
}
