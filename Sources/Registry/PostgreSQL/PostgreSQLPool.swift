import Dispatch
import Synchronization

/// Sessions that read, as many as are needed up to a limit; whoever finds none free waits for one, for a while.
final class PostgreSQLPool: Sendable {
    private struct Waiter: Sendable {
        let number: UInt64
        let take: @Sendable (Result<PostgreSQLSession, RegistryError>) -> Void
    }

    private struct State {
        var idle: [PostgreSQLSession] = []
        var waiting: [Waiter] = []
        /// How many sessions there are.
        var count = 0
        /// How many have waited so far.
        var number: UInt64 = 0
        var isClosed = false
    }

    private static let timers = DispatchQueue(label: "registry.patience")

    private let label: String
    private let connector: PostgreSQLConnector
    private let maximum: Int
    private let patience: Duration
    private let state = Mutex(State())

    init(_ label: String, connector: PostgreSQLConnector, maximum: Int, patience: Duration) {
        (self.label, self.connector) = (label, connector)
        (self.maximum, self.patience) = (max(maximum, 1), patience)
    }

    /// Does something with a session, on its queue.
    func run<T: Sendable>(_ body: @escaping @Sendable (PostgreSQLSession) throws -> T) async throws -> T {
        let session = try await self.take()
        return try await withCheckedThrowingContinuation { continuation in
            session.queue.async {
                let result = Result { try body(session) }
                self.giveBack(session)
                continuation.resume(with: result)
            }
        }
    }

    /// Ends all sessions: those in use when they are given back.
    func close() {
        let (idle, waiting) = self.state.withLock { state in
            state.isClosed = true
            defer { (state.idle, state.waiting) = ([], []) }
            return (state.idle, state.waiting)
        }
        for session in idle { session.queue.sync { session.close() } }
        for waiter in waiting { waiter.take(.failure(Self.closed)) }
    }

    private static let closed = RegistryError.failed("the database is closed")

    private func take() async throws -> PostgreSQLSession {
        try await withCheckedThrowingContinuation { continuation in
            self.take { continuation.resume(with: $0) }
        }
    }

    private func take(_ take: @escaping @Sendable (Result<PostgreSQLSession, RegistryError>) -> Void) {
        enum Answer {
            case now(Result<PostgreSQLSession, RegistryError>)
            case later(UInt64)
        }
        let answer: Answer = self.state.withLock { state in
            guard !state.isClosed else { return .now(.failure(Self.closed)) }
            // The one that was used last: those that nobody needs stay unused.
            if let session = state.idle.popLast() { return .now(.success(session)) }
            if state.count < self.maximum {
                state.count += 1
                return .now(
                    .success(PostgreSQLSession(self.label, connector: self.connector, isReadOnly: true)))
            }
            state.number += 1
            state.waiting.append(Waiter(number: state.number, take: take))
            return .later(state.number)
        }
        switch answer {
        case .now(let result): take(result)
        case .later(let number):
            let patience = DispatchTimeInterval.milliseconds(Int(self.patience / .milliseconds(1)))
            Self.timers.asyncAfter(deadline: .now() + patience) { self.giveUp(number) }
        }
    }

    private func giveUp(_ number: UInt64) {
        let waiter = self.state.withLock { state in
            state.waiting.firstIndex { $0.number == number }.map { state.waiting.remove(at: $0) }
        }
        waiter?.take(.failure(.unavailable("all \(self.maximum) connections are in use, try again")))
    }

    private func giveBack(_ session: PostgreSQLSession) {
        let (next, isClosed): (Waiter?, Bool) = self.state.withLock { state in
            if state.isClosed { return (nil, true) }
            if !state.waiting.isEmpty { return (state.waiting.removeFirst(), false) }
            state.idle.append(session)
            return (nil, false)
        }
        // Only on its own queue, which is where it is given back.
        if isClosed { session.close() }
        next?.take(.success(session))
    }
}
