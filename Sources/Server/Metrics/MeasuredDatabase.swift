import Registry

/// A database whose answers are timed, and of which it is noted whether it takes changes.
struct MeasuredDatabase: SQLDatabase {
    let database: any SQLDatabase
    let metrics: ServerMetrics
    let condition: DatabaseCondition

    var dialect: SQLDialect { self.database.dialect }
    var isShared: Bool { self.database.isShared }

    func read<T: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> T) async throws -> T {
        let start = ContinuousClock.now
        defer { self.metrics.databaseReads.observe(.now - start, ServerMetrics.NoLabels()) }
        return try await self.database.read(body)
    }

    func lookUp<T: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> T) async throws -> T {
        let start = ContinuousClock.now
        defer { self.metrics.databaseReads.observe(.now - start, ServerMetrics.NoLabels()) }
        return try await self.database.lookUp(body)
    }

    func write<T: Sendable>(
        announced: AnnouncedWrite?,
        _ body: @escaping @Sendable (any SQLConnection) throws -> T
    ) async throws -> T {
        let start = ContinuousClock.now
        defer { self.metrics.databaseWrites.observe(.now - start, ServerMetrics.NoLabels()) }
        do {
            let value = try await self.database.write(announced: announced, body)
            self.condition.noteChange()
            return value
        } catch {
            self.condition.note(error)
            throw error
        }
    }

    func migrate<T: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> T) async throws -> T {
        try await self.database.migrate(body)
    }

    func announceWrite() -> AnnouncedWrite { self.database.announceWrite() }

    func take(_ lock: NodeLock, _ kind: NodeLock.Kind) async throws -> Bool {
        try await self.database.take(lock, kind)
    }

    func release(_ lock: NodeLock) async { await self.database.release(lock) }

    func check() async throws -> [String] { try await self.database.check() }

    func close() throws { try self.database.close() }
}
