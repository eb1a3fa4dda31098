import Registry

/// A database whose answers are timed.
struct MeasuredDatabase: SQLDatabase {
    let database: any SQLDatabase
    let metrics: ServerMetrics

    var dialect: SQLDialect { self.database.dialect }

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
        return try await self.database.write(announced: announced, body)
    }

    func announceWrite() -> AnnouncedWrite { self.database.announceWrite() }

    func check() async throws -> [String] { try await self.database.check() }

    func close() throws { try self.database.close() }
}
