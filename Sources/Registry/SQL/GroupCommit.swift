import Dispatch
import Synchronization

/// Gathers changes that arrive while the disk is being synced, and commits them together.
///
/// A sync costs milliseconds and does not care how much it writes, so under load one of them carries dozens of
/// enrolments; alone, a change waits for nobody. One that fails takes none of the others with it: each runs in its own
/// savepoint, or, where that is dear, all are done again so once one has failed. So a change that comes with others may
/// run twice, and changes nothing but the database.
///
/// A disk that syncs faster than certificates are signed would get them one by one all the same, and every commit
/// costs a fifth of a signature. So a change waits, for some milliseconds at most, as long as many others have announced
/// that they will follow (PostgreSQL's commit_delay and commit_siblings are the same idea). It does not wait for the last
/// ones: they are what the processor does while the disk is being synced.
final class GroupCommit: Sendable {
    /// A change that waits for its turn.
    private struct Job: Sendable {
        /// Runs the change and keeps its result.
        let run: @Sendable (any SQLConnection) throws -> Void
        /// Keeps an error in the place of its result.
        let fail: @Sendable (any Error) -> Void
        /// Tells the caller, after the commit (nil) or instead of it.
        let finish: @Sendable ((any Error)?) -> Void
    }

    private struct State {
        var waiting: [Job] = []
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
                Job(
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

    private func add(_ job: Job, _ announced: AnnouncedWrite?) {
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
            let (batch, mustWakeUp): ([Job], Bool) = self.state.withLock { state in
                state.isRunning = false
                let action = Self.action(&state)
                guard action == .start else { return ([], action == .wait) }
                state.isRunning = true
                state.isOverdue = false
                let batch = Array(state.waiting.prefix(Self.maximumBatch))
                state.waiting.removeFirst(batch.count)
                return (batch, false)
            }
            if mustWakeUp { self.wakeUp() }
            if batch.isEmpty { return }
            self.commit(batch, on: writer)
        }
    }

    private func commit(_ batch: [Job], on writer: any CommitConnection) {
        let start = ContinuousClock.now
        defer {
            let isSlow = ContinuousClock.now - start > Self.slowCommit
            self.state.withLock { $0.gathersByItself = isSlow }
        }
        do {
            let isOver = try writer.triesTogether && self.commitTogether(batch, on: writer)
            if !isOver { try self.commitOneByOne(batch, on: writer) }
            for job in batch { job.finish(nil) }
        } catch {
            writer.rollBack()
            for job in batch { job.finish(error) }
        }
    }

    /// Commits changes without anything to go back to.
    ///
    /// - Returns: Whether it is over: all are committed, or the only one has failed. Where one of several has, nothing has
    ///   happened yet.
    private func commitTogether(_ batch: [Job], on writer: any CommitConnection) throws -> Bool {
        try writer.begin()
        let connection = writer.connection
        do {
            for job in batch { try job.run(connection) }
        } catch {
            writer.rollBack()
            return batch.count == 1
        }
        try writer.commit()
        return true
    }

    /// Commits changes of which each can fail alone.
    private func commitOneByOne(_ batch: [Job], on writer: any CommitConnection) throws {
        try writer.begin()
        let connection = writer.connection
        for job in batch {
            try writer.beginChange()
            do {
                try job.run(connection)
                try self.end(job, on: writer)
            } catch {
                try Self.undo(on: writer, because: error)
            }
        }
        try writer.commit()
    }

    private func end(_ job: Job, on writer: any CommitConnection) throws {
        do {
            try writer.endChange()
        } catch {
            job.fail(error)
            throw error
        }
    }

    /// Undoes a change that failed.
    ///
    /// Where that cannot be done the transaction is over, and all that were to share it fail. A full disk has ended it by
    /// itself: then they are told of the disk, not that there is nothing to undo any more.
    private static func undo(on writer: any CommitConnection, because cause: any Error) throws {
        do {
            try writer.undoChange()
        } catch {
            throw cause is RegistryError ? cause : error
        }
    }
}
