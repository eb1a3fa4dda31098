import Foundation
import Synchronization

/// What devices, and whoever looks after the server, get while four times as many enrol as it can bear.
struct EnrolmentOverload {
    let requests: EnrolmentRequests
    let port: Int

    /// More than ever wait for an answer at a time.
    private static let connections = 2_000
    private static let factor = 4.0
    private static let seconds = 5.0
    /// How often the health is asked for meanwhile.
    private static let interval = 0.02

    private struct Counts {
        /// Of the answers that are SUCCESS, in milliseconds.
        var latencies: [Double] = []
        var turnedAway = 0
        var other = 0
        /// Of the answers about the health, in milliseconds.
        var health: [Double] = []
        var failure: (any Error)?
    }

    /// What the threads count together.
    private final class Shared: Sendable {
        let value = Mutex(Counts())
    }

    /// Begins requests at a fixed rate, over again where there are not as many; a late start counts as waiting.
    ///
    /// - Parameter bearable: How many enrolments a second the server can bear.
    /// - Throws: Why it cannot be measured.
    func run(bearable: Double) throws {
        let rate = bearable * Self.factor
        let (requests, port) = (self.requests, self.port)
        let next = Mutex(0)
        let counts = Shared()
        let total = Int(rate * Self.seconds)
        // All connections are there before the first request.
        let start = ContinuousClock.now + .seconds(2)
        let load = (0..<Self.connections).map { _ in
            Self.thread(counts) {
                let connection = try Connection(port: port)
                while true {
                    let index = next.withLock { next in
                        defer { next += 1 }
                        return next
                    }
                    guard index < total else { return }
                    let due = start + .seconds(Double(index) / rate)
                    let wait = (due - .now) / .seconds(1)
                    if wait > 0 { Thread.sleep(forTimeInterval: wait) }
                    let position = index % requests.count
                    let answer = try connection.answer(to: requests.request(position))
                    let duration = (ContinuousClock.now - due) / .milliseconds(1)
                    counts.value.withLock { counts in
                        if answer.status == 200, requests.isAnswered(position, by: answer.body) {
                            counts.latencies.append(duration)
                        } else if answer.status == 503 {
                            counts.turnedAway += 1
                        } else {
                            counts.other += 1
                        }
                    }
                }
            }
        }
        let health = Self.thread(counts) {
            let connection = try Connection(port: port)
            let request = Connection.request("GET", "/health/live")
            Thread.sleep(forTimeInterval: max(0, (start - .now) / .seconds(1)))
            while next.withLock({ $0 < total }) {
                let begin = ContinuousClock.now
                _ = try connection.exchange(request)
                let duration = (ContinuousClock.now - begin) / .milliseconds(1)
                counts.value.withLock { $0.health.append(duration) }
                Thread.sleep(forTimeInterval: Self.interval)
            }
        }
        for thread in load + [health] { thread.start() }
        while (load + [health]).contains(where: { !$0.isFinished }) { Thread.sleep(forTimeInterval: 0.01) }
        let duration = (ContinuousClock.now - start) / .seconds(1)
        let found = counts.value.withLock { $0 }
        if let failure = found.failure { throw failure }
        report(
            "ucm, 4 times that load",
            String(
                format: "%.0f/s answered, p50 %.0f ms, p99 %.0f ms; %.0f/s told to come back (503), %d others",
                Double(found.latencies.count) / duration, Self.percentile(found.latencies, 0.5),
                Self.percentile(found.latencies, 0.99), Double(found.turnedAway) / duration, found.other))
        report(
            "  GET /health/live",
            String(
                format: "p50 %.1f ms, p99 %.1f ms meanwhile", Self.percentile(found.health, 0.5),
                Self.percentile(found.health, 0.99)))
    }

    /// A thread whose failure is noted.
    private static func thread(_ counts: Shared, _ body: @Sendable @escaping () throws -> Void) -> Thread {
        let thread = Thread {
            do {
                try body()
            } catch {
                counts.value.withLock { $0.failure = error }
            }
        }
        thread.stackSize = 256 << 10
        return thread
    }

    private static func percentile(_ values: [Double], _ share: Double) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }
}
