public import Foundation

/// What a client asked for by HTTP (RFC 8894 §4).
public enum ExchangeOperation: String, Hashable, Sendable, CaseIterable {
    /// The server's capabilities.
    case getCACaps = "GetCACaps"
    /// The CA's certificate.
    case getCACert = "GetCACert"
    /// The next CA's certificate.
    case getNextCACert = "GetNextCACert"
    /// A pkiMessage was sent; its messageType says what for.
    case pkiOperation = "PKIOperation"
    /// It cannot be told.
    case unknown
}

/// How an exchange ended, in the words of the server's log.
public enum ExchangeOutcome: String, Hashable, Sendable, CaseIterable {
    /// The client got what everybody may have: capabilities or certificates of CAs.
    case answered
    /// A certificate was issued.
    case issued
    /// A certificate that was issued before was sent.
    case sent
    /// A CRL was sent.
    case crl
    /// The request waits for approval.
    case pending
    /// It was refused.
    case refused
    /// The client has to come back later, because it has sent too much or guesses challenges.
    case limited
    /// It was no SCEP, or for no profile.
    case malformed
    /// Something of ours failed.
    case unanswered

    /// Whether of those of one address in one minute only the first one has a row of its own: nobody has to have or know
    /// anything to cause them.
    public var isCollapsed: Bool { self == .limited || self == .malformed }

    /// Whether the client got what it asked for, or will without asking for anything else.
    public var isGood: Bool {
        switch self {
        case .answered, .issued, .sent, .crl, .pending: true
        case .refused, .limited, .malformed, .unanswered: false
        }
    }
}

/// What a client asked by SCEP and was answered, to be written down.
public struct NewExchange: Hashable, Sendable {
    /// When the request came.
    public var date: Date
    /// The profile; nil where there is none at the path.
    public var profile: String?
    /// From where it came.
    public var clientAddress: String
    /// What was asked for.
    public var operation: ExchangeOperation
    /// The messageType by its name in the RFC, where it got known.
    public var messageType: String?
    /// The transactionID, where it got known.
    public var transactionID: String?
    /// The subject that was asked for, readable, as far as it got known.
    public var subject: String?
    /// The number of the request in the registry, where it has one.
    public var request: Int64?
    /// The number of the challenge that it had, where that is one of the profile's, good or not.
    public var challenge: Int64?
    /// The serial number of the certificate that was issued, in hexadecimal.
    public var serialNumber: String?
    /// How it ended.
    public var outcome: ExchangeOutcome
    /// The failInfo that the client was told, by its name.
    public var failInfo: String?
    /// Why it failed, in a word that a program reads.
    public var cause: String?
    /// Why it failed, in a sentence for administrators.
    public var reason: String?
    /// The digest that the client used.
    public var digest: String?
    /// How the client encrypted.
    public var cipher: String?
    /// By which kind of signature the client signed.
    public var signature: String?
    /// The HTTP status of the answer.
    public var status: Int
    /// How long it took to answer.
    public var milliseconds: Int
    /// For how many exchanges it stands: more than one where further ones of the same address in the same minute were only
    /// counted.
    public var occurrences: Int

    /// Makes a record of an exchange of which only its client is known.
    public init(
        _ operation: ExchangeOperation,
        _ outcome: ExchangeOutcome,
        from clientAddress: String,
        at date: Date
    ) {
        self.operation = operation
        self.outcome = outcome
        self.clientAddress = clientAddress
        self.date = date
        self.status = 200
        self.milliseconds = 0
        self.occurrences = 1
    }
}

/// An exchange as it is written down.
public struct ExchangeRecord: Hashable, Sendable {
    /// The number in the registry.
    public var id: Int64
    /// What was asked and answered.
    public var exchange: NewExchange
}

extension ExchangeRecord {
    /// The columns of what is written, in their order.
    static let content = """
        at, profile, client_address, operation, message_type, transaction_id, subject, request_id, challenge_id,
        serial_number, outcome, fail_info, cause, reason, digest, cipher, signature, status, milliseconds, occurrences
        """

    init(_ row: any SQLCurrentRow) throws(RegistryError) {
        guard let operation = ExchangeOperation(rawValue: try row.text(4)),
            let outcome = ExchangeOutcome(rawValue: try row.text(11))
        else { throw .damaged("an exchange has an operation or an outcome that there is not") }
        self.id = try row.integer(0)
        self.exchange = NewExchange(
            operation, outcome, from: try row.text(3), at: Date(milliseconds: try row.integer(1)))
        self.exchange.profile = try row.textIfPresent(2)
        self.exchange.messageType = try row.textIfPresent(5)
        self.exchange.transactionID = try row.textIfPresent(6)
        self.exchange.subject = try row.textIfPresent(7)
        self.exchange.request = try row.integerIfPresent(8)
        self.exchange.challenge = try row.integerIfPresent(9)
        self.exchange.serialNumber = try row.textIfPresent(10)
        self.exchange.failInfo = try row.textIfPresent(12)
        self.exchange.cause = try row.textIfPresent(13)
        self.exchange.reason = try row.textIfPresent(14)
        self.exchange.digest = try row.textIfPresent(15)
        self.exchange.cipher = try row.textIfPresent(16)
        self.exchange.signature = try row.textIfPresent(17)
        self.exchange.status = Int(clamping: try row.integer(18))
        self.exchange.milliseconds = Int(clamping: try row.integer(19))
        self.exchange.occurrences = Int(clamping: try row.integer(20))
    }
}

extension NewExchange {
    /// What is stored, in the order of ``ExchangeRecord/content``: cut where it has more bytes than anybody reads.
    var contentValues: [SQLValue] {
        func word(_ text: String?) -> SQLValue { text.map { .text($0, atMost: 100) } ?? .null }
        return [
            .date(self.date), word(self.profile), .address(self.clientAddress), .text(self.operation.rawValue),
            word(self.messageType), self.transactionID.map { .text($0, atMost: 255) } ?? .null,
            self.subject.map { .text($0, atMost: Self.maximumSubject) } ?? .null, .integer(ifPresent: self.request),
            .integer(ifPresent: self.challenge), word(self.serialNumber), .text(self.outcome.rawValue),
            word(self.failInfo), word(self.cause), self.reason.map { .text($0, atMost: 1_000) } ?? .null,
            word(self.digest), word(self.cipher), word(self.signature), .integer(Int64(self.status)),
            .integer(Int64(self.milliseconds)), .integer(Int64(self.occurrences)),
        ]
    }

    /// How many bytes of a subject are kept.
    static let maximumSubject = 500
}
