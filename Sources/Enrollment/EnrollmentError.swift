import CertificateAuthority
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
    /// The profile has no challenge and is not open, so nobody may enrol.
    case closed(profile: String)
    /// The request has no challenge.
    case challengeMissing(profile: String)
    /// The request's challenge is not one of the profile's.
    case challengeWrong(profile: String)
    /// The certificate that signed may not renew itself, or not to this.
    case renewal(reason: String)
    /// No answer can be encrypted to the client: its key is ECDSA and no challenge is known.
    case unanswerable(reason: String)
    /// The key is not one that is certified, found before anybody was authenticated.
    case key(IssuanceError)
    /// The template does not allow what an authenticated client asks for.
    case issuance(IssuanceError)
    /// As many requests wait for approval as may.
    case queueFull(profile: String)
    /// An administrator rejected the request, for this reason, which is meant for the client.
    case rejected(reason: String)
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

    /// What happened and what to do, in one sentence.
    var reason: String {
        switch self {
        case .message(let error): error.reason
        case .unsupportedMessageType(let type): "\(type) is not answered by this profile"
        case .closed(let profile):
            "the profile \(profile) has no challenge and is not open, so nobody can enrol: set a challenge"
        case .challengeMissing(let profile):
            "the request has no challenge, which the profile \(profile) asks for: set it on the device"
        case .challengeWrong(let profile):
            "wrong challenge: it is none of those of the profile \(profile); compare it with the device's setting"
        case .renewal(let reason), .unanswerable(let reason), .nothingToPoll(let reason),
            .unknownCertificate(let reason), .signingTime(let reason):
            reason
        case .queueFull(let profile):
            "as many requests wait in the profile \(profile) as may: approve or reject some of them"
        case .rejected(let reason): "an administrator rejected the request: \(reason)"
        case .revocationListTooLarge(let bytes):
            "the CRL has \(bytes) bytes, more than is sent through SCEP: let the client fetch it by HTTP"
        case .tooManyQueries(let client):
            "\(client) asks for CRLs too often: \(Int(QueryLimit.perMinute)) a minute are answered"
        case .key(let error), .issuance(let error): error.reason
        case .internal(let error): "\(error)"
        }
    }
}

/// A request that could not be answered because something of ours failed: the disk is full, the database is gone.
public struct UnansweredRequest: Error, Sendable {
    /// In which transaction.
    public var transactionID: TransactionID
    /// The subject that was asked for, readable, as far as it got known.
    public var subject: String?
    /// What failed.
    public var reason: String
}
