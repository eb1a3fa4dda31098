import Dispatch

/// The locks of a node: advisory ones of a connection that does nothing else, which the server takes away with it.
///
/// A process that ends, however it ends, closes its connection, and the server knows at once. One that stops, or whose machine
/// or network is gone, does not: so the connection gives a sign of life every two seconds, and the server gives up one that
/// has given none for eight.
final class PostgreSQLLocks: @unchecked Sendable {
    private let session: PostgreSQLSession
    /// What is held on the present connection; only looked at on the session's queue, as the timer.
    private var held: [NodeLock: NodeLock.Kind] = [:]
    private var timer: (any DispatchSourceTimer)?

    /// The first half of the key of each lock; the other half is the schema.
    private static let firstKey: Int32 = 1_430_474_068

    /// How long the server does without a sign of life.
    private static let patience = "8000"

    init(connector: PostgreSQLConnector) {
        self.session = PostgreSQLSession("registry.locks", connector: connector, isReadOnly: false)
    }

    deinit { self.timer?.cancel() }

    /// Takes a lock unless somebody is in the way, or finds out whether it is still held.
    func take(_ lock: NodeLock, _ kind: NodeLock.Kind) async throws -> Bool {
        try await withCheckedThrowingContinuation { continuation in
            self.session.queue.async { continuation.resume(with: Result { try self.taken(lock, kind) }) }
        }
    }

    /// Gives a lock back.
    func release(_ lock: NodeLock) async {
        await withCheckedContinuation { continuation in
            self.session.queue.async {
                if let kind = self.held.removeValue(forKey: lock), self.session.isConnected {
                    // Whoever cannot give it back loses it with the connection.
                    do {
                        try self.call(kind == .shared ? "pg_advisory_unlock_shared" : "pg_advisory_unlock", lock)
                    } catch {
                        self.lose()
                    }
                }
                continuation.resume()
            }
        }
    }

    /// Gives everything back.
    func close() {
        self.session.queue.sync {
            self.lose()
            self.session.close()
        }
    }

    private func taken(_ lock: NodeLock, _ kind: NodeLock.Kind) throws -> Bool {
        if !self.session.isConnected { self.held = [:] }
        if self.held[lock] != nil, self.isAlive() { return true }
        if !self.session.isConnected { try self.begin() }
        let function = kind == .shared ? "pg_try_advisory_lock_shared" : "pg_try_advisory_lock"
        guard try self.call(function, lock) else { return false }
        self.held[lock] = kind
        return true
    }

    @discardableResult
    private func call(_ function: String, _ lock: NodeLock) throws -> Bool {
        let rows = try PostgreSQLConnection(session: self.session).query(
            "SELECT \(function)(\(Self.firstKey + lock.rawValue), hashtext(coalesce(current_schema(), '')))", [])
        return try rows.first?.integer(0) == 1
    }

    /// Begins a connection that the server gives up soon when nothing comes any more.
    private func begin() throws {
        try self.session.run(
            """
            SET tcp_keepalives_idle = 2; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3;
            SET tcp_user_timeout = \(Self.patience);
            SELECT set_config('idle_session_timeout', '\(Self.patience)', false)
                FROM pg_settings WHERE name = 'idle_session_timeout'
            """)
        guard self.timer == nil else { return }
        let timer = DispatchSource.makeTimerSource(queue: self.session.queue)
        timer.schedule(deadline: .now() + 2, repeating: 2)
        timer.setEventHandler { [weak self] in _ = self?.isAlive() }
        timer.resume()
        self.timer = timer
    }

    /// Whether the connection, if there is one, still answers; where not, nothing is held any more.
    private func isAlive() -> Bool {
        guard self.session.isConnected else { return false }
        do {
            try self.session.run("SELECT 1")
            return true
        } catch {
            self.lose()
            return false
        }
    }

    private func lose() {
        self.held = [:]
        self.session.disconnect()
    }
}
