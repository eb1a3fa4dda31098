public import Foundation

/// Which events are looked for; what is nil or empty does not matter.
public struct EventFilter: Hashable, Sendable {
    /// The profile.
    public var profile: String?
    /// The kinds; empty for all.
    public var kinds: [EventKind]
    /// From where the request came.
    public var clientAddress: String?
    /// The earliest.
    public var since: Date?

    /// Makes a filter.
    public init(
        profile: String? = nil,
        kinds: [EventKind] = [],
        clientAddress: String? = nil,
        since: Date? = nil
    ) {
        self.profile = profile
        self.kinds = kinds
        self.clientAddress = clientAddress
        self.since = since
    }
}

/// What is remembered of every decision, written in the transaction that takes it.
extension Registry {
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
        try await self.database.read { connection in
            try connection.query("SELECT \(EventRecord.columns) FROM event WHERE id = $1", [.integer(id)])
                .first.map(EventRecord.init)
        }
    }

    /// The events of a request, in the order in which they happened.
    ///
    /// - Throws: ``RegistryError``.
    public func events(request: Int64) async throws -> [EventRecord] {
        try await self.database.read { connection in
            try connection.query(
                "SELECT \(EventRecord.columns) FROM event WHERE request_id = $1 ORDER BY id", [.integer(request)]
            ).map(EventRecord.init)
        }
    }

    /// What was decided on a certificate by hand, in the order in which it happened.
    ///
    /// - Throws: ``RegistryError``.
    public func events(certificate: Int64) async throws -> [EventRecord] {
        try await self.database.read { connection in
            try connection.query(
                """
                SELECT \(EventRecord.columns) FROM event
                WHERE certificate_id = $1 AND \(EventRecord.isOfCertificate) ORDER BY id
                """,
                [.integer(certificate)]
            ).map(EventRecord.init)
        }
    }

    /// Events, the newest first, page by page.
    ///
    /// - Parameters:
    ///   - filter: Which ones.
    ///   - last: The last number of the page before; nil for the first page.
    ///   - limit: How many at most.
    /// - Returns: The events.
    /// - Throws: ``RegistryError``.
    public func events(
        _ filter: EventFilter = EventFilter(),
        after last: Int64? = nil,
        limit: Int
    ) async throws -> [EventRecord] {
        var conditions = SQLConditions()
        if let profile = filter.profile { conditions.add("profile =", .text(profile)) }
        if let address = filter.clientAddress { conditions.add("client_address =", .address(address)) }
        if let since = filter.since { conditions.add("at >=", .date(since)) }
        if let last { conditions.add("id <", .integer(last)) }
        conditions.add("kind", isOneOf: filter.kinds.map { .text($0.rawValue) })
        let limit = conditions.parameter(.integer(Int64(limit)))
        let sql = "SELECT \(EventRecord.columns) FROM event \(conditions.clause) ORDER BY id DESC LIMIT \(limit)"
        return try await self.database.read { [conditions] connection in
            try connection.query(sql, conditions.values).map(EventRecord.init)
        }
    }

    /// Forgets old refusals, which anybody can cause; every other event stays.
    ///
    /// - Parameters:
    ///   - date: Those before are forgotten.
    ///   - maximum: How many may stay; the newest do.
    /// - Returns: How many were forgotten.
    /// - Throws: ``RegistryError``.
    @discardableResult
    public func prune(refusalsBefore date: Date, keepingAtMost maximum: Int) async throws -> Int {
        let old = try await self.database.deleteInSteps(
            """
            DELETE FROM event WHERE id IN
                (SELECT id FROM event WHERE kind = 'refused' AND at < $1 ORDER BY at, id LIMIT $2)
            """,
            [.date(date)]
        )
        let surplus = try await self.database.read { connection in
            try connection.query(
                "SELECT at, id FROM event WHERE kind = 'refused' ORDER BY at DESC, id DESC LIMIT 1 OFFSET $1",
                [.integer(Int64(max(maximum, 0)))]
            ).first.map { [SQLValue.integer(try $0.integer(0)), .integer(try $0.integer(1))] }
        }
        guard let surplus else { return old }
        return try await old
            + self.database.deleteInSteps(
                """
                DELETE FROM event WHERE id IN
                    (SELECT id FROM event WHERE kind = 'refused' AND (at, id) <= ($1, $2) ORDER BY at, id LIMIT $3)
                """,
                surplus
            )
    }

    static func record(_ event: NewEvent, at now: Date, in connection: any SQLConnection) throws {
        try connection.execute(
            """
            INSERT INTO event
                (at, kind, actor, profile, request_id, challenge_id, certificate_id, client_address, subject, detail,
                 explanation)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            [
                .date(now), .text(event.kind.rawValue), .decider(event.actor),
                .text(ifPresent: event.profile),
                .integer(ifPresent: event.request), .integer(ifPresent: event.challenge),
                .integer(ifPresent: event.certificate), event.clientAddress.map(SQLValue.address) ?? .null,
                event.subject.map(SQLValue.subject) ?? .null, .text(event.detail, atMost: 10_000),
                .text(event.explanation, atMost: 20_000),
            ]
        )
    }
}
