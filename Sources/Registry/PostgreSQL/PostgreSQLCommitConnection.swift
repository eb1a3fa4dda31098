import CLibpq

/// The connection on which a node writes.
///
/// An advisory lock lets one transaction write at a time, whatever node it is of, as SQLite does: what a change has looked at
/// is still so when it is committed, numbers are committed in their order, and nothing has to be undone and tried again. The
/// end of the audit log, to which nearly every change adds, would keep them apart anyway; and whoever waits gathers changes.
struct PostgreSQLCommitConnection: CommitConnection {
    private let session: PostgreSQLSession
    /// Whether a savepoint stands where the transaction is.
    private let savepoint: Savepoint

    private final class Savepoint {
        var isFresh = false
    }

    init(session: PostgreSQLSession) {
        self.session = session
        self.savepoint = Savepoint()
    }

    /// Waits for the lock of whoever writes to the schema.
    static let lock = "SELECT pg_advisory_xact_lock(1430474068, hashtext(coalesce(current_schema(), '')))"

    /// Begins a transaction of which every statement sees what was committed before it, so also what was while it waited.
    static let beginning = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"

    var connection: any SQLConnection { PostgreSQLConnection(session: self.session) }

    /// A statement that fails ends the transaction, and only a savepoint says of which change it was.
    var triesTogether: Bool { false }

    func begin() throws {
        try self.session.resuming {
            do {
                try self.session.run("\(Self.beginning); \(Self.lock); SAVEPOINT change")
            } catch {
                self.rollBack()
                throw error
            }
        }
        self.session.bind()
        self.savepoint.isFresh = true
    }

    func beginChange() throws {
        if !self.savepoint.isFresh { try self.session.run("RELEASE change; SAVEPOINT change") }
        self.savepoint.isFresh = false
    }

    func endChange() throws {
        guard self.session.transaction == PQTRANS_INTRANS else {
            throw RegistryError.failed("a statement of the change has failed")
        }
    }

    func undoChange() throws {
        // Where the connection has broken, there is nothing to undo, and a new one would know of no savepoint.
        guard self.session.isConnected else { throw RegistryError.unavailable("the connection to the server broke") }
        try self.session.run("ROLLBACK TO change")
        self.savepoint.isFresh = true
    }

    func commit() throws {
        try Self.commit(self.session)
    }

    func rollBack() {
        Self.rollBack(self.session)
    }

    /// Commits, once: where the answer is lost, it is not known whether it happened.
    static func commit(_ session: PostgreSQLSession) throws {
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
        guard session.isConnected, session.transaction != PQTRANS_IDLE else { return }
        do {
            try session.run("ROLLBACK")
        } catch {
            session.disconnect()
        }
    }
}
