import Foundation

/// What an installation knows: authorities, keys, profiles, challenges, requests, certificates, users.
///
/// One record type and its queries a file; every method is one transaction.
public struct Registry: Sendable {
    let database: any SQLDatabase

    /// Opens a database.
    ///
    /// - Parameters:
    ///   - database: The database.
    ///   - isMigrated: Whether it is brought up to this version's schema; otherwise one of another version is refused.
    ///     Only a server migrates: under a server of the old version nothing would work any more.
    /// - Throws: ``RegistryError``.
    public init(database: any SQLDatabase, migrating isMigrated: Bool = true) async throws {
        self.database = database
        // What is said where it has moved can be looked at all the same.
        if let closure = try await RegistryClosure.find(in: database), isMigrated || !closure.isComplete {
            throw RegistryError.closed(closure.reason)
        }
        if isMigrated {
            try await Migrations.run(on: database)
        } else {
            try await Migrations.check(database)
        }
    }

    /// Whether other nodes may be at work on it.
    public var isShared: Bool { self.database.isShared }

    /// Whether this node is the one that does what has to be done without anybody asking; where no other one is, it becomes it.
    ///
    /// - Throws: ``RegistryError`` where that cannot be found out; then it is not.
    public func isOnDuty() async throws -> Bool { try await self.database.take(.duty, .exclusive) }

    /// Finds out whether this node still says that it has the master key in memory, and says so again where the connection that
    /// said it broke.
    ///
    /// - Returns: Whether it could; not while somebody changes the master key.
    /// - Throws: ``RegistryError`` where that cannot be found out.
    public func keepsInstallation() async throws -> Bool { try await self.database.take(.installation, .shared) }

    /// Gives a lock back.
    public func release(_ lock: NodeLock) async { await self.database.release(lock) }

    /// Ends all connections.
    ///
    /// - Throws: ``RegistryError``.
    public func close() throws {
        try self.database.close()
    }
}

extension Date {
    /// The time in milliseconds since 1970, as it is stored: by this it is compared with what is stored.
    var milliseconds: Int64 { Int64((self.timeIntervalSince1970 * 1000).rounded()) }

    /// A time that is stored.
    init(milliseconds: Int64) {
        self.init(timeIntervalSince1970: Double(milliseconds) / 1000)
    }
}

extension SQLValue {
    /// A point in time, which is stored in milliseconds since 1970.
    static func date(_ date: Date) -> SQLValue {
        .integer(date.milliseconds)
    }

    /// A point in time, or NULL.
    static func date(ifPresent date: Date?) -> SQLValue {
        date.map(SQLValue.date) ?? .null
    }
}

extension SQLRow {
    /// The point in time in a column.
    func date(_ column: Int) throws(RegistryError) -> Date {
        Date(milliseconds: try self.integer(column))
    }

    /// The point in time in a column; nil for NULL.
    func dateIfPresent(_ column: Int) throws(RegistryError) -> Date? {
        try self.integerIfPresent(column).map(Date.init(milliseconds:))
    }
}
