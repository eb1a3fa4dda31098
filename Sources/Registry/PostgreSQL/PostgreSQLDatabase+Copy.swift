extension PostgreSQLDatabase: CopyableDatabase {
    /// Does something in one transaction on a connection of its own.
    public func alone<T>(_ access: CopyAccess, _ body: (any SQLConnection) throws -> T) throws -> T {
        // Nobody else has it, so it needs no queue; and inside of one SQLite's driver would not know its own.
        let session = PostgreSQLSession("registry.copy", connector: self.connector, isReadOnly: false)
        defer {
            PostgreSQLCommitConnection.rollBack(session)
            session.close()
        }
        switch access {
        case .reading: try session.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        case .writing: try session.run("\(PostgreSQLCommitConnection.beginning); \(PostgreSQLCommitConnection.lock)")
        }
        // It idles here while it is at work on the other database.
        session.isBound = true
        session.patience = nil
        try session.run(
            """
            SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;
            SET LOCAL idle_in_transaction_session_timeout = 0
            """)
        let value = try body(PostgreSQLConnection(session: session))
        if access == .writing { try PostgreSQLCommitConnection.commit(session) }
        return value
    }
}
