public import Foundation

/// Something that is to be remembered.
public struct NewEvent: Hashable, Sendable {
    /// What sort of change or decision.
    public var kind: EventKind
    /// Who caused it, by what and from where.
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
    /// What was changed where none of the numbers says it: "profile vpn", "user alice".
    public var object: String?
    /// What else is to be said, in a sentence; may be empty.
    public var detail: String
    /// What the rules said, where no request is recorded that has it; otherwise empty.
    public var explanation: String
    /// How it was before; nil where it was not, or nothing is changed.
    public var before: AuditState?
    /// How it is from now on; nil where it is no more, or nothing is changed.
    public var after: AuditState?

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
        object: String? = nil,
        detail: String = "",
        explanation: String = "",
        before: AuditState? = nil,
        after: AuditState? = nil
    ) {
        self.kind = kind
        self.actor = actor
        self.profile = profile
        self.request = request
        self.challenge = challenge
        self.certificate = certificate
        self.clientAddress = clientAddress
        self.subject = subject
        self.object = object
        self.detail = detail
        self.explanation = explanation
        self.before = before
        self.after = after
    }
}

/// Something that is remembered: an entry of the audit log.
public struct EventRecord: Hashable, Sendable {
    /// The number in the registry.
    public var id: Int64
    /// When it happened, in milliseconds since 1970.
    public var milliseconds: Int64
    /// What sort of change or decision, as it is written; a newer version may have written one that this one does not know.
    public var kindName: String
    /// Who caused it.
    public var actor: String
    /// By what the actor acted where that is not a session.
    public var via: String?
    /// The address from which the actor acted.
    public var origin: String?
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
    /// What was changed where none of the numbers says it.
    public var object: String?
    /// What else is to be said; may be empty.
    public var detail: String
    /// What the rules said, where no request is recorded that has it; otherwise empty.
    public var explanation: String
    /// How it was before, a JSON object.
    public var before: String?
    /// How it was from then on, a JSON object.
    public var after: String?
    /// Its place in the audit log; nil for one that somebody has put in from outside.
    public var link: AuditLink?

    /// Makes a record, as it was read from somewhere.
    public init(
        id: Int64,
        milliseconds: Int64,
        kindName: String,
        actor: String,
        via: String? = nil,
        origin: String? = nil,
        profile: String? = nil,
        request: Int64? = nil,
        challenge: Int64? = nil,
        certificate: Int64? = nil,
        clientAddress: String? = nil,
        subject: String? = nil,
        object: String? = nil,
        detail: String = "",
        explanation: String = "",
        before: String? = nil,
        after: String? = nil,
        link: AuditLink? = nil
    ) {
        self.id = id
        self.milliseconds = milliseconds
        self.kindName = kindName
        self.actor = actor
        self.via = via
        self.origin = origin
        self.profile = profile
        self.request = request
        self.challenge = challenge
        self.certificate = certificate
        self.clientAddress = clientAddress
        self.subject = subject
        self.object = object
        self.detail = detail
        self.explanation = explanation
        self.before = before
        self.after = after
        self.link = link
    }

    /// What sort of change or decision; nil for one that this version does not know.
    public var kind: EventKind? { EventKind(rawValue: self.kindName) }

    /// When it happened; the nearest time that can be written where somebody has put in another one.
    public var date: Date { Date(milliseconds: self.writableMilliseconds) }

    /// When it happened, to the millisecond, as people and programs read it: 2027-01-15T08:00:00.125Z.
    public var dateText: String {
        let (seconds, rest) = self.writableMilliseconds.quotientAndRemainder(dividingBy: 1000)
        let milliseconds = rest < 0 ? rest + 1000 : rest
        let whole = Date(timeIntervalSince1970: Double(rest < 0 ? seconds - 1 : seconds)).formatted(.iso8601)
        let digits = String(milliseconds)
        return "\(whole.dropLast()).\(String(repeating: "0", count: 3 - digits.count))\(digits)Z"
    }

    /// In the years 1600 to 9999, on whose dates all calendars of programs agree.
    private var writableMilliseconds: Int64 {
        min(max(self.milliseconds, -11_676_096_000_000), 253_402_300_799_999)
    }
}
