/// A change that waits for its turn.
struct CommitJob: Sendable {
    /// Runs the change and keeps its result.
    let run: @Sendable (any SQLConnection) throws -> Void
    /// Keeps an error in the place of its result.
    let fail: @Sendable (any Error) -> Void
    /// Tells the caller, after the commit (nil) or instead of it.
    let finish: @Sendable ((any Error)?) -> Void
}

/// Changes that are committed together.
///
/// One that fails takes none of the others with it. All are tried without anything to go back to: SQLite keeps a copy of every
/// page that changes behind a savepoint, which is more work than the change, and PostgreSQL would have to be asked after each
/// whether it has gone well. Where one fails, all of them are undone, and done again each in its own savepoint. So a change
/// that comes with others may run twice, and changes nothing but the database.
struct CommitBatch {
    private let writer: any CommitConnection
    private let jobs: [CommitJob]
    /// Whether the transaction has begun in which they are tried first.
    private let beginning: Result<Void, any Error>

    /// Begins a transaction.
    ///
    /// - Parameters:
    ///   - writer: Where it is.
    ///   - take: Gives the changes once it has begun: until then others may come, because another node has its turn.
    init(on writer: any CommitConnection, _ take: () -> [CommitJob]) {
        self.writer = writer
        self.beginning = Result { try writer.begin() }
        self.jobs = take()
    }

    /// Commits them, and tells each what became of it.
    ///
    /// - Returns: How long it was waited for the disk, when all was done that they consist of.
    func commit() -> Duration {
        var duration = Duration.zero
        do {
            switch try self.makeTogether() {
            case .made: duration = try ContinuousClock().measure { try self.writer.commit() }
            case .undone where self.jobs.count > 1:
                try self.makeOneByOne()
                duration = try ContinuousClock().measure { try self.writer.commit() }
            case .undone(let error): self.jobs[0].fail(error)
            }
            for job in self.jobs { job.finish(nil) }
        } catch {
            self.writer.rollBack()
            for job in self.jobs { job.finish(error) }
        }
        return duration
    }

    /// What became of changes that were tried together.
    private enum Attempt {
        /// They are ready to be committed.
        case made
        /// Nothing has happened, because one of them has failed.
        case undone(any Error)
    }

    /// Makes changes without anything to go back to.
    private func makeTogether() throws -> Attempt {
        try self.beginning.get()
        let totals = RunningTotals()
        let connection = self.writer.connection(totals)
        do {
            for job in self.jobs { try job.run(connection) }
            try totals.write(in: connection)
            try self.writer.finishChanges()
        } catch {
            self.writer.rollBack()
            return .undone(error)
        }
        return .made
    }

    /// Makes changes of which each can fail alone.
    private func makeOneByOne() throws {
        try self.writer.begin()
        for job in self.jobs {
            try self.writer.beginChange()
            do {
                try self.run(job)
            } catch {
                job.fail(error)
                try self.undo(because: error)
            }
        }
    }

    private func run(_ job: CommitJob) throws {
        let totals = RunningTotals()
        let connection = self.writer.connection(totals)
        try job.run(connection)
        try totals.write(in: connection)
        try self.writer.endChange()
    }

    /// Undoes a change that failed.
    ///
    /// Where that cannot be done the transaction is over, and all that were to share it fail. A full disk has ended it by
    /// itself: then they are told of the disk, not that there is nothing to undo any more.
    private func undo(because cause: any Error) throws {
        do {
            try self.writer.undoChange()
        } catch {
            throw cause is RegistryError ? cause : error
        }
    }
}
