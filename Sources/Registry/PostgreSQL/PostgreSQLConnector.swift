import CLibpq
import Foundation
import Synchronization

/// Makes connections, less and less often where the server cannot be reached.
final class PostgreSQLConnector: Sendable {
    private struct State {
        var failures = 0
        var error: RegistryError?
        /// Before this nobody tries again.
        var next: ContinuousClock.Instant?
    }

    /// The oldest server whose SQL is known to do.
    private static let minimumVersion: CInt = 130_000

    private let address: PostgreSQLAddress
    let options: PostgreSQLOptions
    /// Looks after the connections.
    let watchdog: PostgreSQLWatchdog
    private let state = Mutex(State())

    init(address: PostgreSQLAddress, options: PostgreSQLOptions) {
        (self.address, self.options) = (address, options)
        self.watchdog = PostgreSQLWatchdog(patience: options.answerTimeout)
    }

    /// Makes a connection, trying for a while.
    ///
    /// - Parameter isReadOnly: Whether nothing is changed by it.
    /// - Returns: The connection, which whoever gets it finishes.
    /// - Throws: ``RegistryError/cannotOpen(_:)``.
    func connect(isReadOnly: Bool) throws(RegistryError) -> OpaquePointer {
        let deadline = ContinuousClock.now + self.options.reconnectionPatience
        while true {
            let (next, error) = self.state.withLock { ($0.next, $0.error) }
            if let next, let error {
                guard next < deadline else { throw error }
                let pause = next - ContinuousClock.now
                if pause > .zero { Thread.sleep(forTimeInterval: pause / .seconds(1)) }
            }
            do throws(RegistryError) {
                let connection = try self.attempt(isReadOnly: isReadOnly)
                self.state.withLock { $0 = State() }
                return connection
            } catch {
                self.state.withLock { state in
                    state.failures = min(state.failures + 1, 6)
                    state.error = error
                    state.next = .now + .milliseconds(50 << state.failures)
                }
                guard ContinuousClock.now < deadline else { throw error }
            }
        }
    }

    private func attempt(isReadOnly: Bool) throws(RegistryError) -> OpaquePointer {
        guard let connection = self.address.connect() else { throw .cannotOpen("out of memory") }
        do throws(RegistryError) {
            guard PQstatus(connection) == CONNECTION_OK else {
                throw PostgreSQLFailure.connecting(connection, to: self.address)
            }
            // They would go to standard error.
            PQsetNoticeProcessor(connection, { _, _ in }, nil)
            let version = PQserverVersion(connection)
            guard version >= Self.minimumVersion else {
                throw .cannotOpen(
                    "\(self.address): the server is PostgreSQL \(version / 10_000), it has to be "
                        + "\(Self.minimumVersion / 10_000) or newer")
            }
            let encoding = PQparameterStatus(connection, "server_encoding").map { String(cString: $0) } ?? "unknown"
            guard encoding == "UTF8" else {
                throw .cannotOpen(
                    "\(self.address): the database's encoding is \(encoding), it has to be UTF8: "
                        + "CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0")
            }
            try self.prepare(connection, isReadOnly: isReadOnly)
            return connection
        } catch {
            PQfinish(connection)
            throw error
        }
    }

    private func prepare(_ connection: OpaquePointer, isReadOnly: Bool) throws(RegistryError) {
        let result = PQexec(
            connection,
            """
            SET client_min_messages = warning;
            SET standard_conforming_strings = on;
            SET statement_timeout = \(Self.milliseconds(self.options.statementTimeout));
            SET lock_timeout = \(Self.milliseconds(self.options.lockTimeout));
            SET idle_in_transaction_session_timeout = \(Self.milliseconds(self.options.idleTimeout));
            SET default_transaction_read_only = \(isReadOnly ? "on" : "off");
            SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
            """
        )
        defer { PQclear(result) }
        guard let result, PQresultStatus(result) == PGRES_TUPLES_OK else {
            throw .cannotOpen("\(self.address): \(PostgreSQLFailure.broken(connection))")
        }
    }

    private static func milliseconds(_ duration: Duration) -> Int64 {
        max(1, Int64(clamping: Int((duration / .milliseconds(1)).rounded())))
    }
}
