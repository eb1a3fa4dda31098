public import Foundation

/// What sort of decision an event tells of.
public enum EventKind: String, Hashable, Sendable, CaseIterable {
    /// A device enrolled and got a certificate at once.
    case issued
    /// A device renewed its certificate.
    case renewed
    /// A request waits for approval.
    case pending
    /// A request was refused.
    case refused
    /// Somebody approved a request that needs more approvals.
    case approvalGiven
    /// A request was approved, and its certificate issued.
    case approved
    /// Somebody rejected a request.
    case rejected
    /// Nobody decided on a request in time.
    case expired
    /// Somebody made a challenge.
    case challengeCreated
    /// Somebody revoked a challenge.
    case challengeRevoked
    /// Somebody made a profile.
    case profileCreated
    /// Somebody changed a profile.
    case profileChanged
    /// Somebody deleted a profile.
    case profileDeleted
    /// Somebody had the wrong challenges forgotten that came from an address.
    case addressCleared
    /// Many wrong challenges came for a profile.
    case guessingAlarm
    /// Somebody changed what is borne from one address.
    case limitsChanged
    /// Somebody changed another setting of the installation.
    case settingChanged
    /// Somebody made a CA.
    case authorityCreated
    /// Somebody changed a CA, or time did.
    case authorityChanged
    /// Somebody retired a CA.
    case authorityRetired
    /// Somebody made the request for a CA's certificate.
    case authorityRequested
    /// Somebody made a template.
    case templateCreated
    /// Somebody changed a template.
    case templateChanged
    /// Somebody deleted a template.
    case templateDeleted
    /// Somebody issued a certificate by hand.
    case certificateIssued
    /// Somebody revoked a certificate, for good or for now.
    case certificateRevoked
    /// Somebody took the hold of a certificate back.
    case certificateReleased
    /// Somebody had everything sealed anew under another master key.
    case masterKeyRotated
    /// Somebody made an account.
    case accountCreated
    /// Somebody changed an account.
    case accountChanged
    /// Somebody deleted an account.
    case accountDeleted
    /// Somebody changed his own password.
    case passwordChanged
    /// Somebody gave an account a new password.
    case passwordReset
    /// Too many wrong passwords or codes locked an account.
    case accountLocked
    /// Somebody ended the lock of an account.
    case accountUnlocked
    /// Somebody signed in.
    case signedIn
    /// Somebody could not sign in.
    case signInFailed
    /// Somebody signed out.
    case signedOut
    /// Somebody ended a session.
    case sessionRevoked
    /// Somebody made an API token.
    case tokenCreated
    /// Somebody revoked an API token.
    case tokenRevoked
    /// Somebody made a role.
    case roleCreated
    /// Somebody changed a role.
    case roleChanged
    /// Somebody deleted a role.
    case roleDeleted
}

/// Something that is to be remembered.
public struct NewEvent: Hashable, Sendable {
    /// What sort of decision.
    public var kind: EventKind
    /// Who caused it.
    public var actor: Decider
    /// The profile.
    public var profile: String?
    /// The request.
    public var request: Int64?
    /// The challenge.
    public var challenge: Int64?
    /// The certificate that was issued.
    public var certificate: Int64?
    /// From where the request came.
    public var clientAddress: String?
    /// The subject that was asked for, readable.
    public var subject: String?
    /// What else is to be said, in a sentence; may be empty.
    public var detail: String
    /// What the rules said, where no request is recorded that has it; otherwise empty.
    public var explanation: String

    /// Makes a record.
    public init(
        _ kind: EventKind,
        by actor: Decider,
        profile: String? = nil,
        request: Int64? = nil,
        challenge: Int64? = nil,
        certificate: Int64? = nil,
        clientAddress: String? = nil,
        subject: String? = nil,
        detail: String = "",
        explanation: String = ""
    ) {
        self.kind = kind
        self.actor = actor
        self.profile = profile
        self.request = request
        self.challenge = challenge
        self.certificate = certificate
        self.clientAddress = clientAddress
        self.subject = subject
        self.detail = detail
        self.explanation = explanation
    }
}

/// Something that is remembered.
public struct EventRecord: Hashable, Sendable {
    /// The number in the registry.
    public var id: Int64
    /// When it happened.
    public var date: Date
    /// What sort of decision, as it is written; a newer version may have written one that this one does not know.
    public var kindName: String
    /// Who caused it.
    public var actor: String
    /// The profile.
    public var profile: String?
    /// The request.
    public var request: Int64?
    /// The challenge.
    public var challenge: Int64?
    /// The certificate that was issued.
    public var certificate: Int64?
    /// From where the request came.
    public var clientAddress: String?
    /// The subject that was asked for, readable.
    public var subject: String?
    /// What else is to be said; may be empty.
    public var detail: String
    /// What the rules said, where no request is recorded that has it; otherwise empty.
    public var explanation: String

    /// What sort of decision; nil for one that this version does not know.
    public var kind: EventKind? { EventKind(rawValue: self.kindName) }
}

extension EventRecord {
    /// The columns of a record, in the order in which it is read.
    static let columns = """
        id, at, kind, actor, profile, request_id, challenge_id, certificate_id, client_address, subject, detail,
        explanation
        """

    /// Whether an event is a decision on a certificate; there is an index of those, which these words have to match.
    static let isOfCertificate = "kind IN ('certificateIssued', 'certificateRevoked', 'certificateReleased')"

    init(_ row: SQLRow) throws {
        self.id = try row.integer(0)
        self.date = try row.date(1)
        self.kindName = try row.text(2)
        self.actor = try row.text(3)
        self.profile = try row.textIfPresent(4)
        self.request = try row.integerIfPresent(5)
        self.challenge = try row.integerIfPresent(6)
        self.certificate = try row.integerIfPresent(7)
        self.clientAddress = try row.textIfPresent(8)
        self.subject = try row.textIfPresent(9)
        self.detail = try row.text(10)
        self.explanation = try row.text(11)
    }
}
