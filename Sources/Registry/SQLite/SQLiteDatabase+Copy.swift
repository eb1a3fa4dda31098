import GRDB

extension SQLiteDatabase: CopyableDatabase {
    /// Does something in one transaction on a connection of its own.
    public func alone<T>(_ access: CopyAccess, _ body: (any SQLConnection) throws -> T) throws -> T {
        var configuration = Configuration()
        configuration.label = "registry.copy"
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
            // The indexes are filled in the order of the rows, not in their own.
            try database.execute(sql: "PRAGMA cache_size = -65536")
        }
        do {
            let queue = try DatabaseQueue(path: self.path, configuration: configuration)
            defer { try? queue.close() }
            return try queue.writeWithoutTransaction { database in
                let transaction = SQLiteCommitConnection(database: database)
                defer { transaction.rollBack() }
                guard access == .writing else {
                    try database.execute(sql: "BEGIN DEFERRED")
                    return try body(SQLiteConnection(database: database))
                }
                try transaction.begin()
                let value = try body(SQLiteConnection(database: database))
                try transaction.commit()
                return value
            }
        } catch {
            throw Self.translate(error)
        }
    }
}
