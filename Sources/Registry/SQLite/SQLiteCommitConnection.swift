import GRDB

/// SQLite's only connection that writes.
struct SQLiteCommitConnection: CommitConnection {
    let database: Database

    func connection(_ totals: RunningTotals) -> any SQLConnection {
        SQLiteConnection(database: self.database, totals: totals)
    }

    func begin() throws { try self.run("BEGIN IMMEDIATE") }
    func beginChange() throws { try self.run("SAVEPOINT change") }
    func finishChanges() {}
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
