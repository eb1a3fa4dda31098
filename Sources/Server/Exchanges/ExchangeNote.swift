import CertificateAuthority
import Enrollment
import Foundation
import HTTPTypes
import Registry
import SCEP

/// What the exchange log will have of one SCEP request, gathered while it is answered.
struct ExchangeNote: Sendable {
    private var exchange: NewExchange

    init(from client: String, at date: Date) {
        self.exchange = NewExchange(.unknown, .malformed, from: client, at: date)
    }

    /// The profile that is asked.
    mutating func note(profile: String) { self.exchange.profile = profile }

    /// What was asked, as far as it is known from the URL.
    mutating func note(_ operation: SCEP.Operation) {
        self.exchange.operation =
            switch operation {
            case .getCACaps: .getCACaps
            case .getCACert: .getCACert
            case .getNextCACert: .getNextCACert
            case .pkiOperation: .pkiOperation
            }
    }

    /// What everybody may have was given out.
    mutating func noteAnswered() { self.exchange.outcome = .answered }

    /// It is refused without a CertRep.
    mutating func note(_ cause: RefusalCause, _ outcome: ExchangeOutcome, reason: String) {
        self.exchange.outcome = outcome
        self.exchange.cause = cause.rawValue
        self.exchange.reason = ReadableText.line(reason, upTo: 1_000)
    }

    /// What came of a pkiMessage.
    mutating func note(_ exchange: Exchange) {
        self.note(exchange.messageType, exchange.transactionID, exchange.subject, exchange.used)
        self.exchange.request = exchange.request
        self.exchange.challenge = exchange.challenge
        switch exchange.outcome {
        case .issued(let serialNumber, _):
            self.exchange.outcome = .issued
            self.exchange.serialNumber = ReadableText.serialNumber(serialNumber)
        case .sent: self.exchange.outcome = .sent
        case .sentRevocationList: self.exchange.outcome = .crl
        case .pending: self.exchange.outcome = .pending
        case .refused(let failInfo, let reason):
            self.note(exchange.cause ?? .server, .refused, reason: reason)
            self.exchange.failInfo = failInfo.name
        }
    }

    /// A pkiMessage that gets no CertRep.
    mutating func note(_ error: UnansweredRequest) {
        self.note(error.messageType, error.transactionID, error.subject, error.algorithms)
        self.note(error.cause, error.retryAt == nil ? .unanswered : .limited, reason: error.reason)
    }

    private mutating func note(
        _ messageType: MessageType,
        _ transactionID: TransactionID,
        _ subject: String?,
        _ algorithms: UsedAlgorithms
    ) {
        self.exchange.messageType = messageType.description
        self.exchange.transactionID = transactionID.description
        self.exchange.subject = subject
        self.exchange.digest = algorithms.digest
        self.exchange.cipher = algorithms.cipher
        self.exchange.signature = algorithms.signature
    }

    /// The answer goes out.
    func finished(_ status: HTTPResponse.Status, after duration: Duration?) -> NewExchange {
        var exchange = self.exchange
        exchange.status = status.code
        if let (seconds, attoseconds) = duration?.components {
            exchange.milliseconds = Int(clamping: seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
        }
        return exchange
    }
}
