import CertificateAuthority
public import Foundation
import Registry
public import SCEP

/// Why a request is refused: what really happened, for the log and the administrator.
///
/// Nothing of this goes onto the wire as it is; ``FailureMapping`` decides what the client may know.
enum EnrollmentError: Error, Sendable {
    /// The message is wrong.
    case message(SCEPError)
    /// The message is of a type that this profile does not answer.
    case unsupportedMessageType(MessageType)
    /// Nothing says that the client may enrol: no challenge or a wrong one, an unknown address.
    case credential(RefusalCause, reason: String)
    /// The client may enrol, but not to what it asks for.
    case constraint(RefusalCause, reason: String)
    /// The address guesses challenges, so that none of its is looked at.
    case guessing(client: String, until: Date)
    /// The certificate that signed may not renew itself, or not to this.
    case renewal(RefusalCause, reason: String)
    /// No answer can be encrypted to the client: its key is ECDSA and no challenge is known.
    case unanswerable(reason: String)
    /// The key is not one that is certified, found before anybody was authenticated.
    case key(IssuanceError)
    /// The template does not allow what an authenticated client asks for.
    case issuance(IssuanceError)
    /// As many requests wait for approval as may.
    case queueFull(QueueFull, profile: String, client: String)
    /// An administrator rejected the request, for this reason, which is meant for the client.
    case rejected(reason: String)
    /// Nobody decided on the request in time.
    case expired
    /// There is nothing that this client could poll for.
    case nothingToPoll(reason: String)
    /// What was asked for by issuer and serial number is not there, or not for this client.
    case unknownCertificate(reason: String)
    /// The CRL is larger than what is sent through SCEP.
    case revocationListTooLarge(bytes: Int)
    /// Too many CRLs were asked for.
    case tooManyQueries(client: String)
    /// The signingTime is too far off.
    case signingTime(reason: String)
    /// Something of ours failed. This has no CertRep: a device that is told FAILURE gives up, one that gets an HTTP
    /// error tries again.
    case `internal`(any Error)

    /// Whether it is a decision, and not the repetition of an earlier one.
    var isDecision: Bool {
        switch self {
        case .rejected, .expired: false
        default: true
        }
    }

    /// What happened and what to do, in one sentence.
    var reason: String {
        switch self {
        case .message(let error): error.reason
        case .unsupportedMessageType(let type): "\(type) is not answered by this profile"
        case .guessing(let client, let until):
            "\(client) has sent so many different wrong challenges that none is looked at before "
                + "\(until.formatted(.iso8601)): ucm limits clear \(client) ends that"
        case .credential(_, let reason), .constraint(_, let reason), .renewal(_, let reason),
            .unanswerable(let reason), .nothingToPoll(let reason), .unknownCertificate(let reason),
            .signingTime(let reason):
            reason
        case .queueFull(.profile(let limit), let profile, _):
            "\(limit) requests wait in the profile \(profile), as many as may: approve or reject some of them, or raise "
                + "its --queue-limit"
        case .queueFull(.address(let limit), let profile, let client):
            "\(limit) requests of \(client) wait in the profile \(profile), as many as may: approve or reject some of "
                + "them, or raise its --queue-limit-per-address"
        case .rejected(let reason): "an administrator rejected the request: \(reason)"
        case .expired: "nobody approved the request in time"
        case .revocationListTooLarge(let bytes):
            "the CRL has \(bytes) bytes, more than is sent through SCEP: let the client fetch it by HTTP"
        case .tooManyQueries(let client):
            "\(client) asks for CRLs too often: ucm limits show says how many a minute are answered"
        case .key(let error), .issuance(let error): error.reason
        case .internal(let error): "\(error)"
        }
    }
}

/// A request that gets no CertRep, after which devices give up, but an HTTP error, after which they come back:
/// something of ours failed (the disk is full, the database is gone), or the client has to wait.
public struct UnansweredRequest: Error, Sendable {
    /// What was asked.
    public var messageType: MessageType
    /// In which transaction.
    public var transactionID: TransactionID
    /// The subject that was asked for, readable, as far as it got known.
    public var subject: String?
    /// The algorithms that the client used, as far as they got known.
    public var algorithms: UsedAlgorithms
    /// What failed, in a word.
    public var cause: RefusalCause
    /// What failed.
    public var reason: String
    /// When the client may come back, where it was told to wait; nil where something of ours failed.
    public var retryAt: Date?
}
