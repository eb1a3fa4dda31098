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
    /// Those before this moment.
    public var until: Date?
    /// Who caused it: one of these; empty for anybody.
    public var actors: [String]
    /// What was changed, as ``EventRecord/object`` has it.
    public var object: String?
    /// The request.
    public var request: Int64?
    /// The challenge.
    public var challenge: Int64?
    /// The certificate.
    public var certificate: Int64?
    /// What stands in the subject, the object or the detail; ASCII letters in any case.
    public var text: String?

    /// Makes a filter.
    public init(
        profile: String? = nil,
        kinds: [EventKind] = [],
        clientAddress: String? = nil,
        since: Date? = nil,
        until: Date? = nil,
        actors: [String] = [],
        object: String? = nil,
        request: Int64? = nil,
        challenge: Int64? = nil,
        certificate: Int64? = nil,
        text: String? = nil
    ) {
        self.profile = profile
        self.kinds = kinds
        self.clientAddress = clientAddress
        self.since = since
        self.until = until
        self.actors = actors
        self.object = object
        self.request = request
        self.challenge = challenge
        self.certificate = certificate
        self.text = text
    }
}

extension EventFilter {
    /// Whether somebody else than a device caused an event; there is an index of those, which these words have to match.
    static let isNoDevice = "actor <> 'device'"

    /// What is looked for.
    var query: ListQuery {
        var query = ListQuery(.events)
        query.conditions = self.conditions
        query.add(since: self.since, until: self.until)
        return query
    }

    private var conditions: SQLConditions {
        var conditions = SQLConditions()
        if let profile { conditions.add("profile =", .text(profile)) }
        if let clientAddress { conditions.add("client_address =", .address(clientAddress)) }
        if let object { conditions.add("object =", .text(object, atMost: 500)) }
        if let request { conditions.add("request_id =", .integer(request)) }
        if let challenge { conditions.add("challenge_id =", .integer(challenge)) }
        if let certificate { conditions.add("certificate_id =", .integer(certificate)) }
        conditions.add("actor", isOneOf: self.actors.map { .decider(Decider($0)) })
        // So that SQLite knows that the indexes of what is rare will do.
        if !self.actors.isEmpty, !self.actors.contains(Decider.device.name) { conditions.add(Self.isNoDevice) }
        conditions.add("kind", isOneOf: self.kinds.map { .text($0.rawValue) })
        if !self.kinds.isEmpty, Set(self.kinds).isDisjoint(with: EventKind.ordinary) {
            conditions.add(EventKind.isExtraordinary)
        }
        if let text { Self.add(text, to: &conditions) }
        return conditions
    }

    /// Adds the search for a text.
    ///
    /// What is stored is not folded, and databases do not agree on small letters beyond ASCII: those are looked for as they
    /// are written, and as small letters.
    private static func add(_ text: String, to conditions: inout SQLConditions) {
        let ascii = String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isASCII ? $0.lowercase : $0 }))
        let columns = ["subject", "object", "detail"]
        let comparisons = Set([SearchText.pattern(exactly: ascii), SearchText.pattern(part: text)]).sorted()
            .flatMap { pattern in
                columns.map { "lower(\($0)) LIKE \(conditions.parameter(.text(pattern))) \(SearchText.escape)" }
            }
        conditions.add("(\(comparisons.joined(separator: " OR ")))")
    }
}

extension Unicode.Scalar {
    /// The small letter of an ASCII letter; anything else is itself.
    fileprivate var lowercase: Unicode.Scalar {
        ("A"..."Z").contains(self) ? Unicode.Scalar(UInt8(self.value + 32)) : self
    }
}
