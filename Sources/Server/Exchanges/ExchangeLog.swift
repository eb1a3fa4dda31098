import Foundation
import Logging
import Registry
import ServiceLifecycle
import Synchronization

/// Writes down what clients ask by SCEP, without any request's waiting for it.
///
/// What cannot be written is lost, and the server's log says how much: the exchange log is for looking at, the audit log is
/// what everything is in.
final class ExchangeLog: Service {
    /// Writes rows and counts further ones, and gives the new rows' numbers.
    typealias Write = @Sendable (_ exchanges: [NewExchange], _ further: [Int64: Int]) async throws -> [Int64]

    /// How long an exchange waits at most to be written.
    static let interval = Duration.milliseconds(500)

    /// How often the server's log says that something is lost.
    static let complaintInterval = Duration.seconds(60)

    private struct State {
        var queue: ExchangeQueue
        var isFlushing = false
        /// Why something was lost the last time.
        var reason = "more came than can be kept until it is written"
        var complainedAt: ContinuousClock.Instant?
    }

    private let state: Mutex<State>
    private let batch: Int
    private let logger: Logger
    private let write: Write
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    /// Makes a log.
    ///
    /// - Parameters:
    ///   - limits: How much is kept in memory.
    ///   - logger: The server's log.
    ///   - write: Writes rows in one transaction.
    init(limits: ExchangeQueue.Limits = ExchangeQueue.Limits(), logger: Logger, write: @escaping Write) {
        self.state = Mutex(State(queue: ExchangeQueue(limits: limits)))
        self.batch = max(limits.batch, 1)
        self.logger = logger
        self.write = write
        (self.wakes, self.wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Makes a log in a registry.
    convenience init(_ registry: Registry, logger: Logger) {
        self.init(logger: logger) { try await registry.record($0, counting: $1) }
    }

    /// Takes an exchange; it is written soon.
    func add(_ exchange: NewExchange) {
        let count = self.state.withLock { state in
            state.queue.add(exchange)
            return state.queue.count
        }
        if count >= self.batch { self.wake.yield() }
    }

    /// Writes until the server stops, and then what is left.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    while !Task.isCancelled {
                        try? await Task.sleep(for: Self.interval)
                        self.wake.yield()
                    }
                }
                for await _ in self.wakes { await self.flush() }
                group.cancelAll()
            }
        }
        await self.flush()
        self.complain(isLast: true)
    }

    /// Writes all that waits; what cannot be written now is lost, and the rest is tried the next time.
    func flush() async {
        guard self.begin() else { return }
        while let batch = self.state.withLock({ $0.queue.next() }) {
            do {
                let ids = try await self.write(batch.exchanges, batch.further)
                self.state.withLock { $0.queue.wrote(batch, as: ids) }
            } catch {
                self.state.withLock { state in
                    state.queue.lose(batch)
                    state.reason = "\(error)"
                }
                break
            }
        }
        self.state.withLock { $0.isFlushing = false }
        self.complain()
    }

    /// Only one writes at a time.
    private func begin() -> Bool {
        self.state.withLock { state in
            defer { state.isFlushing = true }
            return !state.isFlushing
        }
    }

    /// Says how much is lost, where it was not said a moment ago.
    private func complain(isLast: Bool = false, at now: ContinuousClock.Instant = .now) {
        let loss: (count: Int, reason: String)? = self.state.withLock { state in
            if isLast { state.queue.loseAll() }
            guard state.queue.lost > 0 else { return nil }
            if !isLast, let before = state.complainedAt, before.duration(to: now) < Self.complaintInterval {
                return nil
            }
            defer { state.queue.lost = 0 }
            state.complainedAt = now
            return (state.queue.lost, state.reason)
        }
        guard let loss else { return }
        self.logger.warning(
            "some exchanges are not in the exchange log",
            metadata: ["exchanges": "\(loss.count)", "reason": "\(loss.reason)"]
        )
    }
}
