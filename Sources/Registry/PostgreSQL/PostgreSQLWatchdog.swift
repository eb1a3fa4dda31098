import Dispatch
import Foundation
import Synchronization

/// Ends connections on which a server says nothing any more, though it takes what it is sent.
///
/// A server that is stopped, or whose disk hangs, ends no statement after its timeout, and TCP keeps the connection up; libpq
/// would wait for it forever, and with it everybody who writes.
final class PostgreSQLWatchdog: Sendable {
    private struct Watched {
        var socket: CInt
        var end: ContinuousClock.Instant
    }

    private static let timers = DispatchQueue(label: "registry.watchdog")

    private let watched = Mutex<[ObjectIdentifier: Watched]>([:])
    private let interval: DispatchTimeInterval

    /// Makes one that looks several times in a period.
    init(patience: Duration) {
        self.interval = .milliseconds(min(5_000, max(50, Int(clamping: Int64(patience / .milliseconds(4))))))
        self.schedule()
    }

    /// Waits for an answer, not longer than a while.
    ///
    /// - Parameters:
    ///   - session: Whose connection it is.
    ///   - socket: The connection's socket, which is open as long as the closure runs.
    ///   - patience: How long; nil for as long as it takes.
    ///   - body: Waits.
    /// - Returns: What the closure returned.
    func waiting<T>(
        _ session: PostgreSQLSession,
        _ socket: CInt,
        _ patience: Duration?,
        _ body: () -> T
    ) -> T {
        guard let patience, socket >= 0 else { return body() }
        let end = ContinuousClock.now + patience
        self.watched.withLock { $0[ObjectIdentifier(session)] = Watched(socket: socket, end: end) }
        defer { self.watched.withLock { $0[ObjectIdentifier(session)] = nil } }
        return body()
    }

    private func schedule() {
        Self.timers.asyncAfter(deadline: .now() + self.interval) { [weak self] in
            guard let self else { return }
            self.look()
            self.schedule()
        }
    }

    /// Whoever waits is told that the connection is closed, as if the server had done so.
    private func look() {
        let now = ContinuousClock.now
        self.watched.withLock { watched in
            for (session, entry) in watched where entry.end < now {
                shutdown(entry.socket, CInt(SHUT_RDWR))
                watched[session] = nil
            }
        }
    }
}
