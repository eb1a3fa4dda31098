import NIOCore
import Synchronization

/// Lets only so many pkiMessages be worked on at a time as keep the processors busy, so that whatever else is asked of the
/// server is answered in between, and no message waits longer than its client does.
///
/// Private operations run on as many threads as there are processors. What is admitted beyond that waits for its commit,
/// which it shares with others. Whoever comes then waits in a line, the first one first. Once the first one waits too
/// long, more come than can be answered, and those who come are told at once to come back later.
final class Admission: Sendable {
    /// How much is borne.
    struct Limits: Sendable {
        /// How many are worked on at a time.
        var inProgress = 8 * System.coreCount
        /// How long one waits for its turn.
        var patience = Duration.seconds(1)
        /// How many wait.
        var waiting = 2_000
        /// How many bytes the messages have that wait in memory.
        var waitingBytes = 64 << 20
    }

    /// How often the server's log says that some were turned away.
    private static let complaintInterval = Duration.seconds(10)

    private struct Waiter {
        let since: ContinuousClock.Instant
        let size: Int
        let turn: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var inProgress = 0
        /// Those that wait are behind ``first``.
        var waiters: [Waiter?] = []
        var first = 0
        var waitingBytes = 0
        var turnedAway = 0
        var complainedAt: ContinuousClock.Instant?

        var waiting: Int { self.waiters.count - self.first }

        /// The one that has waited longest; it waits no more.
        mutating func next() -> Waiter? {
            guard self.first < self.waiters.count, let waiter = self.waiters[self.first] else { return nil }
            self.waiters[self.first] = nil
            self.first += 1
            self.waitingBytes -= waiter.size
            if self.first == self.waiters.count || self.first >= 1_024 {
                self.waiters.removeFirst(self.first)
                self.first = 0
            }
            return waiter
        }

        /// When the one came that has waited longest.
        var oldest: ContinuousClock.Instant? {
            self.first < self.waiters.count ? self.waiters[self.first]?.since : nil
        }
    }

    private let limits: Limits
    private let state = Mutex(State())

    init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Works on a message when it is its turn.
    ///
    /// - Parameters:
    ///   - size: How many bytes the message has.
    ///   - body: What is done.
    /// - Returns: What the closure returned; nil where more come than can be answered.
    /// - Throws: What the closure throws.
    func admitted<T: Sendable>(size: Int = 0, _ body: () async throws -> T) async rethrows -> T? {
        guard await self.enter(size) else { return nil }
        defer { self.leave() }
        return try await body()
    }

    /// How many were turned away since this was last told; nil where there were none, or it was told a moment ago.
    func complaint(at now: ContinuousClock.Instant = .now) -> Int? {
        self.state.withLock { state in
            guard state.turnedAway > 0,
                state.complainedAt.map({ $0.duration(to: now) >= Self.complaintInterval }) ?? true
            else { return nil }
            defer { state.turnedAway = 0 }
            state.complainedAt = now
            return state.turnedAway
        }
    }

    /// How many wait for their turn.
    var waiting: Int { self.state.withLock { $0.waiting } }

    private enum Entry {
        case admitted, turnedAway, waits
    }

    private func enter(_ size: Int) async -> Bool {
        // Nearly always there is room, and nothing to wait for.
        if self.state.withLock({ self.admit(&$0) }) { return true }
        return await withCheckedContinuation { turn in
            let entry: Entry = self.state.withLock { state in
                if self.admit(&state) { return .admitted }
                let now = ContinuousClock.now
                let isLate = state.oldest.map { $0.duration(to: now) > self.limits.patience } ?? false
                if isLate || state.waiting >= self.limits.waiting
                    || size > self.limits.waitingBytes - state.waitingBytes
                {
                    state.turnedAway += 1
                    return .turnedAway
                }
                state.waiters.append(Waiter(since: now, size: size, turn: turn))
                state.waitingBytes += size
                return .waits
            }
            switch entry {
            case .admitted: turn.resume(returning: true)
            case .turnedAway: turn.resume(returning: false)
            case .waits: break
            }
        }
    }

    private func admit(_ state: inout State) -> Bool {
        guard state.inProgress < self.limits.inProgress, state.waiting == 0 else { return false }
        state.inProgress += 1
        return true
    }

    /// Gives the turn to the first one that has not waited too long.
    private func leave() {
        let now = ContinuousClock.now
        while true {
            let next: (waiter: Waiter, isLate: Bool)? = self.state.withLock { state in
                guard let waiter = state.next() else {
                    state.inProgress -= 1
                    return nil
                }
                let isLate = waiter.since.duration(to: now) > self.limits.patience
                if isLate { state.turnedAway += 1 }
                return (waiter, isLate)
            }
            guard let next else { return }
            next.waiter.turn.resume(returning: !next.isLate)
            if !next.isLate { return }
        }
    }
}
