import GRDB
import Synchronization

/// Gathers changes that arrive while the disk is being synced, and commits them together.
///
/// A sync costs milliseconds and does not care how much it writes, so under load one of them carries dozens of
/// enrolments; alone, a change waits for nobody. Each change runs in its own savepoint: one that fails takes none of
/// the others with it.
final class GroupCommit: Sendable {
    /// A change that waits for its turn.
    private struct Job: Sendable {
        /// Runs the change and keeps its result.
        let run: @Sendable (Database) throws -> Void
        /// Tells the caller, after the commit (nil) or instead of it.
        let finish: @Sendable ((any Error)?) -> Void
    }

    private struct State {
        var waiting: [Job] = []
        var isRunning = false
    }

    /// How many changes one commit may carry, so that the first of them does not wait too long.
    private static let maximumBatch = 256

    private let pool: DatabasePool
    private let state = Mutex(State())

    init(pool: DatabasePool) {
        self.pool = pool
    }

    /// Runs a change and returns when it is on disk.
    func write<T: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            let box = ResultBox<T>()
            self.add(
                Job(
                    run: { database in
                        do {
                            let value = try body(SQLiteConnection(database: database))
                            box.value.withLock { $0 = .success(value) }
                        } catch {
                            box.value.withLock { $0 = .failure(error) }
                            throw error
                        }
                    },
                    finish: { error in
                        let outcome = box.value.withLock { $0 }
                        if case .failure(let own)? = outcome {
                            continuation.resume(throwing: own)
                        } else if let error {
                            continuation.resume(throwing: SQLiteDatabase.translate(error))
                        } else if case .success(let value)? = outcome {
                            continuation.resume(returning: value)
                        } else {
                            continuation.resume(throwing: RegistryError.failed("a change was never run"))
                        }
                    }
                )
            )
        }
    }

    /// Carries a change's result from the writer's queue to the caller's continuation.
    private final class ResultBox<T: Sendable>: Sendable {
        let value = Mutex<Result<T, any Error>?>(nil)
    }

    private func add(_ job: Job) {
        let isFirst = self.state.withLock { state in
            state.waiting.append(job)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if isFirst { self.pool.asyncWriteWithoutTransaction { self.drain($0) } }
    }

    /// Commits batch after batch until nothing waits.
    private func drain(_ database: Database) {
        while true {
            let batch: [Job] = self.state.withLock { state in
                let batch = Array(state.waiting.prefix(Self.maximumBatch))
                state.waiting.removeFirst(batch.count)
                if batch.isEmpty { state.isRunning = false }
                return batch
            }
            if batch.isEmpty { return }
            self.commit(batch, in: database)
        }
    }

    private func commit(_ batch: [Job], in database: Database) {
        do {
            try database.execute(sql: "BEGIN IMMEDIATE")
            for job in batch {
                try database.execute(sql: "SAVEPOINT change")
                do {
                    try job.run(database)
                } catch {
                    try database.execute(sql: "ROLLBACK TO change")
                }
                try database.execute(sql: "RELEASE change")
            }
            try database.execute(sql: "COMMIT")
            for job in batch { job.finish(nil) }
        } catch {
            // A full disk may have rolled the transaction back by itself already.
            if database.isInsideTransaction { try? database.execute(sql: "ROLLBACK") }
            for job in batch { job.finish(error) }
        }
    }
}
