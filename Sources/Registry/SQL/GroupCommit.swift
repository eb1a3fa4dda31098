import Dispatch
import Synchronization

/// Gathers changes that arrive while the disk is being synced, and commits them together.
///
/// A sync costs milliseconds and does not care how much it writes, so under load one of them carries dozens of
/// enrolments; alone, a change waits for nobody. One that fails takes none of the others with it (``CommitBatch``).
///
/// A disk that syncs faster than certificates are signed would get them one by one all the same, and every commit
/// costs a fifth of a signature. So a change waits, for some milliseconds at most, as long as many others have announced
/// that they will follow (PostgreSQL's commit_delay and commit_siblings are the same idea). It does not wait for the last
/// ones: they are what the processor does while the disk is being synced.
final class GroupCommit: Sendable {
    private struct State {
        var waiting: [CommitJob] = []
        /// How many changes are announced and not yet there.
        var announced = 0
        /// Whether the writer is at work, or will be as soon as it is free.
        var isRunning = false
        /// Whether the disk is slow enough for changes to gather by themselves while it syncs.
        var gathersByItself = false
        /// Whether a timer runs that ends the waiting.
        var isTimed = false
        /// Whether a timer has run out since the last commit.
        ///
        /// It may have been set for an earlier batch: then this one is committed a little early.
        var isOverdue = false
    }

    /// How many changes one commit may carry, so that the first of them does not wait too long.
    private static let maximumBatch = 256

    /// How long a change waits for others that are announced.
    private static let patienceInMilliseconds = 12

    /// How many have to wait for each that is announced, so that they are committed without it.
    private static let waitingForEachAnnounced = 3

    /// A commit that takes longer lets others gather behind it anyway.
    private static let slowCommit = Duration.milliseconds(3)

    private static let timers = DispatchQueue(label: "registry.commit")

    /// Runs something where changes are committed: later, and one after the other.
    private let onWriter: @Sendable (@escaping @Sendable (any CommitConnection) -> Void) -> Void
    private let state = Mutex(State())

    init(onWriter: @escaping @Sendable (@escaping @Sendable (any CommitConnection) -> Void) -> Void) {
        self.onWriter = onWriter
    }

    /// Announces a change that will follow soon, or not at all.
    func announce() -> AnnouncedWrite {
        self.state.withLock { $0.announced += 1 }
        return AnnouncedWrite { self.withdraw() }
    }

    /// Runs a change and returns when it is on disk.
    ///
    /// - Parameters:
    ///   - announced: What ``announce()`` gave for this change, if it was announced.
    ///   - body: The change.
    /// - Returns: What the change returned.
    /// - Throws: What the change throws, or ``RegistryError``.
    func write<T: Sendable>(
        _ announced: AnnouncedWrite?,
        _ body: @escaping @Sendable (any SQLConnection) throws -> T
    ) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            let box = ResultBox<T>()
            self.add(
                CommitJob(
                    run: { connection in
                        do {
                            let value = try body(connection)
                            box.value.withLock { $0 = .success(value) }
                        } catch {
                            box.value.withLock { $0 = .failure(error) }
                            throw error
                        }
                    },
                    fail: { error in box.value.withLock { $0 = .failure(error) } },
                    finish: { error in
                        let outcome = box.value.withLock { $0 }
                        if case .failure(let own)? = outcome {
                            continuation.resume(throwing: own)
                        } else if let error {
                            continuation.resume(throwing: error)
                        } else if case .success(let value)? = outcome {
                            continuation.resume(returning: value)
                        } else {
                            continuation.resume(throwing: RegistryError.failed("a change was never run"))
                        }
                    }
                ),
                announced
            )
        }
    }

    /// Carries a change's result from the writer's queue to the caller's continuation.
    private final class ResultBox<T: Sendable>: Sendable {
        let value = Mutex<Result<T, any Error>?>(nil)
    }

    private func add(_ job: CommitJob, _ announced: AnnouncedWrite?) {
        self.state.withLock { $0.waiting.append(job) }
        // The withdrawal also looks whether it is time to commit.
        if let announced { announced.end() } else { self.startIfDue() }
    }

    private func withdraw() {
        self.state.withLock { $0.announced -= 1 }
        self.startIfDue()
    }

    /// Starts the writer if something waits and there is nothing to wait for.
    private func startIfDue() {
        let action: Action = self.state.withLock { state in
            let action = Self.action(&state)
            if action == .start { state.isRunning = true }
            return action
        }
        switch action {
        case .start: self.onWriter { self.drain($0) }
        case .wait: self.wakeUp()
        case .nothing: break
        }
    }

    private enum Action {
        case start
        /// Look again when the patience is over.
        case wait
        case nothing
    }

    private static func action(_ state: inout State) -> Action {
        guard !state.waiting.isEmpty, !state.isRunning else { return .nothing }
        if state.announced * Self.waitingForEachAnnounced <= state.waiting.count { return .start }
        if state.gathersByItself || state.waiting.count >= Self.maximumBatch { return .start }
        if state.isOverdue { return .start }
        if state.isTimed { return .nothing }
        state.isTimed = true
        return .wait
    }

    private func wakeUp() {
        Self.timers.asyncAfter(deadline: .now() + .milliseconds(Self.patienceInMilliseconds)) {
            self.state.withLock { state in
                state.isTimed = false
                state.isOverdue = true
            }
            self.startIfDue()
        }
    }

    /// Commits batch after batch as long as there is something due.
    private func drain(_ writer: any CommitConnection) {
        while true {
            let action: Action = self.state.withLock { state in
                state.isRunning = false
                let action = Self.action(&state)
                guard action == .start else { return action }
                state.isRunning = true
                state.isOverdue = false
                return action
            }
            if action == .wait { self.wakeUp() }
            if action != .start { return }
            let isSlow = CommitBatch(on: writer) { self.take() }.commit() > Self.slowCommit
            self.state.withLock { $0.gathersByItself = isSlow }
        }
    }

    /// The changes that wait, as many as one commit may carry.
    private func take() -> [CommitJob] {
        self.state.withLock { state in
            let batch = Array(state.waiting.prefix(Self.maximumBatch))
            state.waiting.removeFirst(batch.count)
            return batch
        }
    }
}
