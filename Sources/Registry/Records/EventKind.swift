/// What sort of change or decision an event tells of.
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
    /// Somebody made a user.
    case accountCreated
    /// Somebody changed a user.
    case accountChanged
    /// Somebody deleted a user.
    case accountDeleted
    /// A user chose another password.
    case passwordChanged
    /// Somebody gave a user another password.
    case passwordReset
    /// A user was locked out.
    case accountLocked
    /// A user was let in again.
    case accountUnlocked
    /// A user signed in.
    case signedIn
    /// Somebody tried to sign in and could not.
    case signInFailed
    /// A user signed out.
    case signedOut
    /// Somebody ended a user's session.
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
    /// Somebody asked for what he may not have.
    case accessDenied
    /// Somebody made a backup.
    case backupMade
    /// Somebody restored a backup.
    case restored
    /// Somebody copied everything here from another database.
    case copied
    /// Old entries of the audit log were forgotten.
    case auditPruned
    /// Somebody exported the audit log.
    case auditExported
}

/// How what an event tells of came out.
public enum EventOutcome: String, Hashable, Sendable, CaseIterable {
    /// It was done.
    case success
    /// Somebody or a rule said no.
    case refused
    /// It came to nothing, or to something bad.
    case failure
}

extension EventKind {
    /// How what it tells of came out.
    public var outcome: EventOutcome {
        switch self {
        case .refused, .rejected, .accessDenied: .refused
        case .expired, .guessingAlarm, .signInFailed: .failure
        default: .success
        }
    }

    /// The kinds that anybody can cause, as many as he likes: they are forgotten after a while.
    static let forgettable: [EventKind] = [.refused, .signInFailed, .accessDenied]

    /// Whether an event is of a kind that anybody can cause; there is an index of those, which these words have to match.
    static let isForgettable = "kind IN ('refused', 'signInFailed', 'accessDenied')"

    /// The kinds of which there is one for nearly every certificate; the index of kinds leaves them out.
    static let ordinary: [EventKind] = [.issued, .renewed]

    /// Whether an event is in the index of kinds, which these words have to match.
    static let isExtraordinary = "kind NOT IN ('issued', 'renewed')"
}
