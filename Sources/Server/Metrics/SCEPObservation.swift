import Enrollment
import HTTPTypes
import SCEP

/// What is measured of one SCEP request, gathered while it is answered.
struct SCEPObservation: Sendable {
    /// How it ended.
    enum Outcome: String, Sendable, CaseIterable {
        /// It got what it asked for.
        case success
        /// It waits for approval.
        case pending
        /// It was told FAILURE.
        case refused
        /// It was no request that could be answered by SCEP, or for no profile.
        case badRequest = "badrequest"
        /// Its address has to come back later.
        case limited
        /// The fault is here.
        case failure
    }

    let arrival: ContinuousClock.Instant
    /// The profile; nil where there is none at the path, whose name anybody can make up.
    var profile: String?
    /// What was asked, one of few words.
    private(set) var operation = "unknown"
    private(set) var outcome: Outcome?
    private(set) var duration: Duration?

    init(arrival: ContinuousClock.Instant = .now) {
        self.arrival = arrival
    }

    /// What was asked, as far as it is known from the URL.
    mutating func note(_ operation: SCEP.Operation) {
        self.operation =
            switch operation {
            case .getCACaps: "GetCACaps"
            case .getCACert: "GetCACert"
            case .getNextCACert: "GetNextCACert"
            case .pkiOperation: "PKIOperation"
            }
    }

    /// What came of a pkiMessage; the wait of a concealed refusal is not counted.
    mutating func note(_ exchange: Exchange) {
        self.duration = .now - self.arrival
        switch exchange.messageType {
        case .pkcsReq, .renewalReq, .certPoll, .getCert, .getCRL: self.operation = exchange.messageType.description
        default: break
        }
        self.outcome =
            switch exchange.outcome {
            case .issued, .sent, .sentRevocationList: .success
            case .pending: .pending
            case .refused: .refused
            }
    }

    /// It has to come back later, because others come first.
    mutating func noteOverload() { self.outcome = .limited }

    /// The answer goes out.
    mutating func finish(_ status: HTTPResponse.Status) {
        self.duration = self.duration ?? .now - self.arrival
        guard self.outcome == nil else { return }
        self.outcome =
            switch status.code {
            case 200..<400: .success
            case 429: .limited
            case 400..<500: .badRequest
            default: .failure
            }
    }
}
