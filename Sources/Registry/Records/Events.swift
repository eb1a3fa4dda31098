public import Foundation

/// What is remembered of every change and every decision, written in the transaction that takes it: the audit log.
extension Registry {
    /// The chain that this server's entries are in.
    static let chain: Int64 = 1

    /// Records an event that belongs to no other change.
    ///
    /// - Throws: ``RegistryError``.
    public func record(_ event: NewEvent, at now: Date) async throws {
        try await self.database.write { try Self.record(event, at: now, in: $0) }
    }

    /// An event by its number; nil where there is none.
    ///
    /// - Throws: ``RegistryError``.
    public func event(_ id: Int64) async throws -> EventRecord? {
        try await self.events("WHERE id = $1", [.integer(id)]).first
    }

    /// The events of a request, in the order in which they happened.
    ///
    /// - Throws: ``RegistryError``.
    public func events(request: Int64) async throws -> [EventRecord] {
        try await self.events("WHERE request_id = $1 ORDER BY id", [.integer(request)])
    }

    /// What was decided on a certificate by hand, in the order in which it happened.
    ///
    /// - Throws: ``RegistryError``.
    public func events(certificate: Int64) async throws -> [EventRecord] {
        try await self.events(
            "WHERE certificate_id = $1 AND \(EventRecord.isOfCertificate) ORDER BY id", [.integer(certificate)])
    }

    /// Events, however long it takes to find them.
    ///
    /// - Parameters:
    ///   - filter: Which ones.
    ///   - last: The last number of the page before; nil for the first page.
    ///   - order: In which order.
    ///   - limit: How many at most.
    /// - Returns: The events.
    /// - Throws: ``RegistryError``.
    public func events(
        _ filter: EventFilter = EventFilter(),
        after last: Int64? = nil,
        order: ListOrder = .newestFirst,
        limit: Int
    ) async throws -> [EventRecord] {
        try await self.eventPage(filter, after: last, order: order, limit: limit, patience: nil).items
    }

    /// Events, page by page.
    ///
    /// - Parameters:
    ///   - filter: Which ones.
    ///   - last: The number behind which it goes on; nil for the first page.
    ///   - order: In which order.
    ///   - limit: How many at most.
    ///   - patience: After how long it stops looking; nil for never.
    /// - Returns: The page.
    /// - Throws: ``RegistryError``.
    public func eventPage(
        _ filter: EventFilter,
        after last: Int64? = nil,
        order: ListOrder = .newestFirst,
        limit: Int,
        patience: Duration? = Registry.patience
    ) async throws -> ListPage<EventRecord> {
        try await self.page(
            filter.query, order: order, after: last, limit: limit, patience: patience
        ) { connection, clauses, values in try Self.events(clauses, values, in: connection) }
    }

    private func events(_ clauses: String, _ values: [SQLValue]) async throws -> [EventRecord] {
        try await self.database.read { try Self.events(clauses, values, in: $0) }
    }

    private static func events(
        _ clauses: String,
        _ values: [SQLValue],
        in connection: any SQLConnection
    ) throws -> [EventRecord] {
        var events: [EventRecord] = []
        try connection.forEach("SELECT \(EventRecord.columns) FROM event \(clauses)", values) { row in
            events.append(try EventRecord(row))
        }
        return events
    }

    /// Writes an event down at the end of the audit log.
    ///
    /// The chain's end is changed first, so that whoever else writes to it waits, and the numbers of the events are in the
    /// order of the chain.
    static func record(_ event: NewEvent, at now: Date, in connection: any SQLConnection) throws {
        let chain = SQLValue.integer(Self.chain)
        let head = try connection.query(
            "UPDATE audit_chain SET sequence = sequence + 1 WHERE chain = $1 RETURNING sequence, digest", [chain]
        ).first
        guard let head else {
            throw RegistryError.damaged(
                "the end of the audit log is missing, so nothing can be recorded: restore a backup")
        }
        let sequence = try head.integer(0)
        let content = event.contentValues(at: now)
        let digest = AuditDigest.digest(
            after: try head.bytes(1), chain: Self.chain, sequence: sequence, content)
        try connection.execute(
            Self.eventInsertion,
            content + [chain, .integer(sequence), .bytes(digest)]
        )
        try connection.execute("UPDATE audit_chain SET digest = $1 WHERE chain = $2", [.bytes(digest), chain])
        try Self.count(event, at: now, in: connection)
    }

    private static let eventInsertion = """
        INSERT INTO event (\(EventRecord.content), chain, sequence, digest)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
        """
}
