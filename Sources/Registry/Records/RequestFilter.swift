public import Foundation

/// Which requests are looked for; what is nil or empty does not matter.
public struct RequestFilter: Hashable, Sendable {
    /// What became of a request, in a word.
    public enum Status: String, Hashable, Sendable, CaseIterable {
        /// It waits for somebody's approval.
        case pending
        /// It was granted.
        case issued
        /// Somebody rejected it.
        case rejected
        /// Nobody decided on it in time.
        case expired
        /// Its device has sent another one in its place.
        case replaced
    }

    /// What became of them.
    public var statuses: [Status]
    /// The profile.
    public var profile: String?
    /// The transactionID.
    public var transactionID: String?
    /// From where they came.
    public var clientAddress: String?
    /// A part of the subject, in any case; on SQLite only letters of ASCII are found in any case.
    public var search: String?
    /// The challenge that they had.
    public var challenge: Int64?
    /// They came at this or later.
    public var since: Date?
    /// They came before this.
    public var until: Date?

    /// Looks for requests of which this became; all of them where nothing is said.
    public init(statuses: [Status] = []) { self.statuses = statuses }
}

extension Registry {
    /// Requests, however long it takes to find them.
    ///
    /// - Parameters:
    ///   - filter: Which ones.
    ///   - order: In which order.
    ///   - last: The last number of the page before; nil for the first page.
    ///   - limit: How many at most.
    /// - Returns: The requests.
    /// - Throws: ``RegistryError``.
    public func requests(
        _ filter: RequestFilter = RequestFilter(),
        order: ListOrder = .newestFirst,
        after last: Int64? = nil,
        limit: Int
    ) async throws -> [RequestRecord] {
        try await self.requestPage(filter, order: order, after: last, limit: limit, patience: nil).items
    }

    /// Requests, page by page.
    ///
    /// - Parameters:
    ///   - filter: Which ones.
    ///   - order: In which order.
    ///   - last: The number behind which it goes on; nil for the first page.
    ///   - limit: How many at most.
    ///   - patience: After how long it stops looking; nil for never.
    /// - Returns: The page.
    /// - Throws: ``RegistryError``.
    public func requestPage(
        _ filter: RequestFilter,
        order: ListOrder = .newestFirst,
        after last: Int64? = nil,
        limit: Int,
        patience: Duration? = Registry.patience
    ) async throws -> ListPage<RequestRecord> {
        try await self.page(
            filter.query, order: order, after: last, limit: limit, patience: patience
        ) { connection, clauses, values in
            try connection.query("\(RequestRecord.selection) \(clauses)", values).map(RequestRecord.init)
        }
    }

    /// How many requests there are.
    ///
    /// Of those that wait, which an index has, no row is read.
    ///
    /// - Parameters:
    ///   - filter: Which ones.
    ///   - maximum: Where counting stops; nil for nowhere.
    /// - Returns: Their number, or where counting stopped.
    /// - Throws: ``RegistryError``.
    public func requestCount(_ filter: RequestFilter, atMost maximum: Int? = nil) async throws -> Int {
        try await self.count(filter.query, atMost: maximum)
    }
}

extension RequestFilter {
    var query: ListQuery {
        var query = ListQuery(.requests)
        self.addStatuses(to: &query.conditions)
        if let profile = self.profile { query.conditions.add("request.profile =", .text(profile)) }
        if let transactionID = self.transactionID { Self.add(transactionID, to: &query.conditions) }
        if let address = self.clientAddress { query.conditions.add("request.client_address =", .address(address)) }
        if let challenge = self.challenge { query.conditions.add("request.challenge_id =", .integer(challenge)) }
        if let search = self.search {
            let pattern = query.conditions.parameter(.text(SearchText.pattern(part: search)))
            query.conditions.add("lower(request.subject) LIKE \(pattern) \(SearchText.escape)")
            query.parts.append(SearchText.folded(search))
        }
        query.add(since: self.since, until: self.until)
        return query
    }

    private func addStatuses(to conditions: inout SQLConditions) {
        // There is an index of those that wait only for the word itself.
        if self.statuses == [.pending] {
            conditions.add("request.status = 'pending'")
        } else {
            conditions.add("request.status", isOneOf: self.statuses.map { .text($0.rawValue) })
        }
        // As the indexes of what did not just go well say it.
        if !self.statuses.isEmpty, !self.statuses.contains(.issued) { conditions.add("request.status <> 'issued'") }
    }

    /// By two indexes, neither of which has all.
    private static func add(_ transactionID: String, to conditions: inout SQLConditions) {
        let value = conditions.parameter(.text(transactionID))
        conditions.add(
            """
            request.id IN (
                SELECT same.id FROM request AS same WHERE same.transaction_id = \(value) AND same.status <> 'replaced'
                UNION ALL
                SELECT same.id FROM request AS same WHERE same.transaction_id = \(value) AND same.status = 'replaced')
            """
        )
    }
}
