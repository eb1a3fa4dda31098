import CLibpq

/// The connection on which a node writes.
///
/// An advisory lock lets one transaction write at a time, whatever node it is of, as SQLite does: what a change has looked at
/// is still so when it is committed, numbers are committed in their order, and nothing has to be undone and tried again. The
/// end of the audit log, to which nearly every change adds, would keep them apart anyway; and whoever waits gathers changes.
struct PostgreSQLCommitConnection: CommitConnection {
    let session: PostgreSQLSession

    /// Waits for the lock of whoever writes to the schema.
    static let lock = "SELECT pg_advisory_xact_lock(1430474068, hashtext(coalesce(current_schema(), '')))"

    /// Begins a transaction of which every statement sees what was committed before it, so also what was while it waited.
    static let beginning = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"

    func connection(_ totals: RunningTotals) -> any SQLConnection {
        PostgreSQLConnection(session: self.session, totals: totals)
    }

    func begin() throws {
        try self.session.resuming {
            do {
                try self.session.send(Self.beginning, [])
                try self.session.send(Self.lock, [])
                try self.session.settle()
            } catch {
                self.rollBack()
                throw error
            }
        }
        self.session.bind()
    }

    func beginChange() throws { try self.session.run("SAVEPOINT change") }

    func finishChanges() throws {
        try self.session.settle()
        // Also where somebody has caught what a statement threw.
        guard self.session.transaction == PQTRANS_INTRANS else {
            throw RegistryError.failed("a statement of the change has failed")
        }
    }

    func endChange() throws {
        try self.finishChanges()
        try self.session.run("RELEASE change")
    }

    func undoChange() throws {
        // What is under way comes back first; that something of it fails is no matter any more.
        try? self.session.settle()
        // Where the connection has broken, there is nothing to undo, and a new one would know of no savepoint.
        guard self.session.isConnected else { throw RegistryError.unavailable("the connection to the server broke") }
        try self.session.run("ROLLBACK TO change; RELEASE change")
    }

    func commit() throws {
        try Self.commit(self.session)
    }

    func rollBack() {
        Self.rollBack(self.session)
    }

    /// Commits, once: where the answer is lost, it is not known whether it happened.
    static func commit(_ session: PostgreSQLSession) throws {
        try session.settle()
        guard session.isConnected else { throw RegistryError.unavailable("the connection to the server broke") }
        let tag: String
        do {
            tag = try session.run("COMMIT").tag
        } catch {
            guard !session.isConnected else { throw error }
            throw RegistryError.outcomeUnknown("\(error)")
        }
        // What has failed before is rolled back by COMMIT, which says so.
        guard tag == "COMMIT" else { throw RegistryError.failed("a statement of the transaction has failed") }
        session.release()
    }

    /// Rolls back what is not over.
    static func rollBack(_ session: PostgreSQLSession) {
        defer { session.release() }
        try? session.settle()
        guard session.isConnected, session.transaction != PQTRANS_IDLE else { return }
        do {
            try session.run("ROLLBACK")
        } catch {
            session.disconnect()
        }
    }
}
