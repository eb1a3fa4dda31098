import CLibpq

/// What is prepared on a connection, and what it was sent that has not been answered.
struct PostgreSQLPipeline {
    /// What a prepared statement is found by: PostgreSQL prepares it for the types of its values.
    struct Statement: Hashable {
        var sql: String
        var types: [Oid]
    }

    /// What is under way.
    enum Step {
        case preparation(Statement)
        case execution(PostgreSQLAnswer)
    }

    /// How many statements stay prepared; filters make any number of them.
    static let maximumStatements = 300

    /// How much is under way at most, so that it does not fill the memory.
    static let maximumSteps = 256

    var statements: [Statement: String] = [:]
    /// How many were ever prepared, by which they are named: a name that has failed is not used again.
    var count = 0
    var steps: [Step] = []
    /// Whether the last result was read row by row, which libpq would do with the first of those that are under way as well: it
    /// goes back to whole results only where a statement is sent alone.
    var isAfterStream = false
}

/// Statements that are sent one after the other without waiting for their answers, in libpq's pipeline mode.
///
/// A round trip costs more than most statements: both processes are woken for it. The connection is in that mode only while
/// something is under way, because most of what libpq does it does not do there.
extension PostgreSQLSession {
    /// Sends a statement, which is run behind those that are under way.
    ///
    /// What it gives comes with ``settle()``. libpq takes what the server sends while it has no room for what is sent to it, so
    /// neither waits for the other forever.
    @discardableResult
    func send(_ sql: String, _ values: [SQLValue]) throws(RegistryError) -> PostgreSQLAnswer {
        let parameters = PostgreSQLParameters(values)
        let name = try self.prepared(sql, parameters)
        let connection = try self.piped()
        let isSent = self.waiting(connection) {
            parameters.withPointers { values, lengths, formats in
                PQsendQueryPrepared(connection, name, parameters.count, values, lengths, formats, 1)
            }
        }
        guard isSent == 1 else { throw self.broken() }
        let answer = PostgreSQLAnswer(session: self)
        self.pipeline.steps.append(.execution(answer))
        return answer
    }

    /// The name of a prepared statement, which may be under way.
    func prepared(_ sql: String, _ parameters: PostgreSQLParameters) throws(RegistryError) -> String {
        // What is made below belongs to the connection that is there then.
        _ = try self.open()
        let statement = PostgreSQLPipeline.Statement(sql: sql, types: parameters.types)
        if let name = self.pipeline.statements[statement] { return name }
        if self.pipeline.statements.count >= PostgreSQLPipeline.maximumStatements {
            try self.run("DEALLOCATE ALL")
            self.pipeline.statements = [:]
        }
        let connection = try self.piped()
        self.pipeline.count += 1
        let name = "s\(self.pipeline.count)"
        let isSent = self.waiting(connection) {
            PQsendPrepare(connection, name, sql, parameters.count, parameters.types)
        }
        guard isSent == 1 else { throw self.broken() }
        self.pipeline.steps.append(.preparation(statement))
        self.pipeline.statements[statement] = name
        return name
    }

    /// Waits for all that is under way.
    ///
    /// - Throws: ``RegistryError`` for the first statement that has failed; those behind it were not run.
    func settle() throws(RegistryError) {
        guard !self.pipeline.steps.isEmpty else { return }
        let connection = try self.open()
        let isSent = self.waiting(connection) { PQpipelineSync(connection) }
        guard isSent == 1 else { throw self.broken() }
        let steps = self.pipeline.steps
        self.pipeline.steps = []
        var failure: RegistryError?
        for step in steps {
            guard let pointer = self.next(connection) else { throw self.broken(after: failure) }
            let result = PostgreSQLResult(pointer)
            switch (PQresultStatus(pointer), step) {
            case (PGRES_COMMAND_OK, .preparation): break
            case (PGRES_COMMAND_OK, .execution(let answer)), (PGRES_TUPLES_OK, .execution(let answer)):
                answer.result = result
            default:
                // Of what follows the first failure nothing is said but that it was not run.
                failure = failure ?? self.failure(pointer)
                if case .preparation(let statement) = step { self.pipeline.statements[statement] = nil }
            }
            // Each has an end of its own.
            guard self.isConnected, self.next(connection) == nil else { throw self.broken(after: failure) }
        }
        guard let end = self.next(connection).map(PostgreSQLResult.init),
            PQresultStatus(end.pointer) == PGRES_PIPELINE_SYNC, PQexitPipelineMode(connection) == 1
        else { throw self.broken(after: failure) }
        if let failure { throw failure }
    }

    /// Ends a connection on which nobody knows what comes next, and says why.
    private func broken(after failure: RegistryError?) -> RegistryError {
        let error = self.broken()
        return failure ?? error
    }

    /// The connection, where statements can be sent one after the other.
    private func piped() throws(RegistryError) -> OpaquePointer {
        if self.pipeline.steps.count >= PostgreSQLPipeline.maximumSteps { try self.settle() }
        let connection = try self.open()
        guard self.pipeline.steps.isEmpty else { return connection }
        if self.pipeline.isAfterStream {
            PQclear(self.waiting(connection) { PQexec(connection, "") })
            self.pipeline.isAfterStream = false
        }
        guard PQenterPipelineMode(connection) == 1 else { throw self.broken() }
        return connection
    }

    /// The next that comes back, for which it is waited only where it is not there yet.
    private func next(_ connection: OpaquePointer) -> OpaquePointer? {
        guard PQisBusy(connection) == 1 else { return PQgetResult(connection) }
        return self.waiting(connection) { PQgetResult(connection) }
    }
}
