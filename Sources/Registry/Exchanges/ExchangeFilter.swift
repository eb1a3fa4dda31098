public import Foundation

/// Which exchanges are looked for; what is nil or empty does not matter.
public struct ExchangeFilter: Hashable, Sendable {
    /// The profile.
    public var profile: String?
    /// How they ended: one of these.
    public var outcomes: [ExchangeOutcome]
    /// Why they failed, in a word: one of these.
    public var causes: [String]
    /// What was asked for: one of these.
    public var operations: [ExchangeOperation]
    /// The messageType by its name in the RFC: one of these.
    public var messageTypes: [String]
    /// From where they came.
    public var clientAddress: String?
    /// The transactionID.
    public var transactionID: String?
    /// The request.
    public var request: Int64?
    /// The subject, as it is shown.
    public var subject: String?
    /// A part of the subject; on SQLite only letters of ASCII are found in any case.
    public var search: String?
    /// They came at this or later.
    public var since: Date?
    /// They came before this.
    public var until: Date?

    /// Makes a filter.
    public init(
        profile: String? = nil,
        outcomes: [ExchangeOutcome] = [],
        causes: [String] = [],
        operations: [ExchangeOperation] = [],
        messageTypes: [String] = [],
        clientAddress: String? = nil,
        transactionID: String? = nil,
        request: Int64? = nil,
        subject: String? = nil,
        search: String? = nil,
        since: Date? = nil,
        until: Date? = nil
    ) {
        self.profile = profile
        self.outcomes = outcomes
        self.causes = causes
        self.operations = operations
        self.messageTypes = messageTypes
        self.clientAddress = clientAddress
        self.transactionID = transactionID
        self.request = request
        self.subject = subject
        self.search = search
        self.since = since
        self.until = until
    }
}

extension ExchangeFilter {
    /// Whether an exchange went wrong; there is an index of those, which these words have to match.
    private static let isTrouble = "outcome NOT IN ('answered', 'issued', 'sent', 'crl', 'pending')"

    /// What is looked for.
    var query: ListQuery {
        var query = ListQuery(.exchanges)
        query.conditions = self.conditions
        query.add(since: self.since, until: self.until)
        return query
    }

    private var conditions: SQLConditions {
        var conditions = SQLConditions()
        if let profile { conditions.add("profile =", .text(profile)) }
        conditions.add("outcome", isOneOf: self.outcomes.map { .text($0.rawValue) })
        if !self.outcomes.isEmpty, !self.outcomes.contains(where: \.isGood) { conditions.add(Self.isTrouble) }
        conditions.add("cause", isOneOf: self.causes.map { .text($0, atMost: 100) })
        conditions.add("operation", isOneOf: self.operations.map { .text($0.rawValue) })
        conditions.add("message_type", isOneOf: self.messageTypes.map { .text($0, atMost: 100) })
        if let clientAddress { conditions.add("client_address =", .address(clientAddress)) }
        if let transactionID { conditions.add("transaction_id =", .text(transactionID, atMost: 255)) }
        if let request { conditions.add("request_id =", .integer(request)) }
        if let subject { conditions.add("subject =", .text(subject, atMost: NewExchange.maximumSubject)) }
        if let search {
            let pattern = conditions.parameter(.text(SearchText.pattern(part: search)))
            conditions.add("lower(subject) LIKE \(pattern) \(SearchText.escape)")
        }
        return conditions
    }
}
