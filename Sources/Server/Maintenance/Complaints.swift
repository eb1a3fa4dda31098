import Foundation
import Logging
import Synchronization

/// Tries things again and again, and says once a minute, or when the reason is another one, what does not work.
final class Complaints: Sendable {
    private struct Complaint {
        var reason: String
        var at: ContinuousClock.Instant
    }

    /// How long the same reason is not repeated.
    static let interval = Duration.seconds(60)

    private let logger: Logger
    private let last = Mutex<[String: Complaint]>([:])

    init(logger: Logger) {
        self.logger = logger
    }

    /// Whatever fails is tried again: nothing of it may end the server.
    ///
    /// - Parameters:
    ///   - what: What is tried, as it stands behind "cannot".
    ///   - now: The time.
    ///   - body: Tries it.
    /// - Returns: What the closure returned; nil where it did not work.
    @discardableResult
    func attempt<T: Sendable>(
        _ what: String,
        at now: ContinuousClock.Instant = .now,
        _ body: () async throws -> T
    ) async -> T? {
        do {
            let value = try await body()
            self.last.withLock { $0[what] = nil }
            return value
        } catch is CancellationError {
            // The server stops.
            return nil
        } catch {
            let reason = "\(error)"
            let isNew = self.last.withLock { last in
                if let known = last[what], known.reason == reason, known.at.duration(to: now) < Self.interval {
                    return false
                }
                last[what] = Complaint(reason: reason, at: now)
                return true
            }
            if isNew { self.logger.error("cannot \(what); trying again", metadata: ["reason": "\(reason)"]) }
            return nil
        }
    }
}
