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
    /// Requests, page by page.
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
        var conditions = filter.conditions
        if let last { conditions.add("request.id \(order.comparison)", .integer(last)) }
        let limit = conditions.parameter(.integer(Int64(max(limit, 0))))
        let sql =
            "\(RequestRecord.selection) \(conditions.clause) ORDER BY request.id \(order.direction) LIMIT \(limit)"
        return try await self.database.read { [conditions] connection in
            try connection.query(sql, conditions.values).map(RequestRecord.init)
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
        try await self.count("request", filter.conditions, atMost: maximum)
    }

    /// How many rows of a table fulfil conditions.
    func count(_ table: String, _ conditions: SQLConditions, atMost maximum: Int?) async throws -> Int {
        var conditions = conditions
        let sql =
            maximum.map { maximum in
                let limit = conditions.parameter(.integer(Int64(max(maximum, 0))))
                return "SELECT count(*) FROM (SELECT 1 FROM \(table) \(conditions.clause) LIMIT \(limit)) AS found"
            } ?? "SELECT count(*) FROM \(table) \(conditions.clause)"
        return try await self.database.read { [conditions] connection in
            Int(try connection.query(sql, conditions.values).first?.integer(0) ?? 0)
        }
    }
}

extension RequestFilter {
    fileprivate var conditions: SQLConditions {
        var conditions = SQLConditions()
        // There is an index of those that wait only for the word itself.
        if self.statuses == [.pending] {
            conditions.add("request.status = 'pending'")
        } else {
            conditions.add("request.status", isOneOf: self.statuses.map { .text($0.rawValue) })
        }
        if let profile = self.profile { conditions.add("request.profile =", .text(profile)) }
        if let transactionID = self.transactionID { conditions.add("request.transaction_id =", .text(transactionID)) }
        if let address = self.clientAddress { conditions.add("request.client_address =", .address(address)) }
        if let challenge = self.challenge { conditions.add("request.challenge_id =", .integer(challenge)) }
        if let search = self.search {
            let pattern = conditions.parameter(.text(SearchText.pattern(part: search)))
            conditions.add("lower(request.subject) LIKE \(pattern) \(SearchText.escape)")
        }
        if let since = self.since { conditions.add("request.created_at >=", .date(since)) }
        if let until = self.until { conditions.add("request.created_at <", .date(until)) }
        return conditions
    }
}
