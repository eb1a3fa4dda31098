import GRDB

/// SQLite's only connection that writes.
struct SQLiteCommitConnection: CommitConnection {
    let database: Database

    var connection: any SQLConnection { SQLiteConnection(database: self.database) }

    /// SQLite keeps a copy of every page that changes behind a savepoint, which is more work than the change.
    var triesTogether: Bool { true }

    func begin() throws { try self.run("BEGIN IMMEDIATE") }
    func beginChange() throws { try self.run("SAVEPOINT change") }
    func endChange() throws { try self.run("RELEASE change") }

    func undoChange() throws {
        try self.run("ROLLBACK TO change")
        try self.run("RELEASE change")
    }

    func commit() throws { try self.run("COMMIT") }

    func rollBack() {
        // A full disk may have rolled the transaction back by itself already.
        if self.database.isInsideTransaction { try? self.database.execute(sql: "ROLLBACK") }
    }

    private func run(_ sql: String) throws {
        do {
            try self.database.cachedStatement(sql: sql).execute()
        } catch {
            throw SQLiteDatabase.translate(error)
        }
    }
}
