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
    static func record(_ event: NewEvent, at now: Date, in connection: any SQLConnection) throws {
        try RunningTotals.add(in: connection) { totals in
            let end = try totals.end(of: Self.chain, in: connection)
            let (sequence, isBeyond) = end.sequence.addingReportingOverflow(1)
            guard !isBeyond else {
                throw RegistryError.damaged("the audit log has no further numbers: somebody has changed its end")
            }
            let content = event.contentValues(at: now)
            let digest = AuditDigest.digest(after: end.digest, chain: end.chain, sequence: sequence, content)
            try connection.send(
                Self.eventInsertion, content + [.integer(end.chain), .integer(sequence), .bytes(digest)])
            totals.append(AuditLink(chain: end.chain, sequence: sequence, digest: digest))
            if event.kind.isCounted {
                totals.count(kind: event.kind, day: Self.day(of: now), profile: event.profile)
            }
        }
    }

    private static let eventInsertion = """
        INSERT INTO event (\(EventRecord.content), chain, sequence, digest)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
        """
}
