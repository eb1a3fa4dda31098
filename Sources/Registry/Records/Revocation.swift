public import Foundation

/// A revocation.
public struct Revocation: Hashable, Sendable {
    /// Since when.
    public var date: Date
    /// The CRLReason (RFC 5280 §5.3.1).
    public var reason: Int
    /// Since when the key is known or suspected to be in other hands (RFC 5280 §5.3.2); nil where nobody said.
    public var invalidityDate: Date?

    /// Makes a revocation.
    public init(date: Date, reason: Int, invalidityDate: Date? = nil) {
        self.date = date
        self.reason = reason
        self.invalidityDate = invalidityDate
    }

    /// The CRLReason certificateHold, the one that can be taken back.
    static let hold = 6

    /// Whether it can be taken back.
    public var isHold: Bool { self.reason == Self.hold }
}

extension Revocation {
    /// What the audit log says of a certificate; nil for one that is not revoked.
    static func auditState(_ revocation: Revocation?) -> AuditState {
        guard let revocation else { return ["state": "good"] }
        return [
            "state": revocation.isHold ? "hold" : "revoked", "reason": .integer(Int64(revocation.reason)),
            "since": .date(revocation.date), "invalidityDate": revocation.invalidityDate.map(AuditValue.date),
        ]
    }

    /// Reads revoked_at, revocation_reason and invalidity_date, which follow each other; nil where it is not revoked.
    init?(_ row: SQLRow, at column: Int) throws {
        guard let date = try row.dateIfPresent(column) else { return nil }
        self.init(
            date: date,
            reason: Int(try row.integerIfPresent(column + 1) ?? 0),
            invalidityDate: try row.dateIfPresent(column + 2)
        )
    }

    /// Reads revoked_at, revocation_reason and invalidity_date, which follow each other; nil where it is not revoked.
    init?(_ row: any SQLCurrentRow, at column: Int) throws {
        guard let date = try row.integerIfPresent(column) else { return nil }
        self.init(
            date: Date(milliseconds: date),
            reason: Int(try row.integerIfPresent(column + 1) ?? 0),
            invalidityDate: try row.integerIfPresent(column + 2).map(Date.init(milliseconds:))
        )
    }
}

/// That certificates are to be revoked.
public struct RevocationOrder: Hashable, Sendable {
    /// The CRLReason (RFC 5280 §5.3.1); 6 is a hold, which can be taken back.
    public var reason: Int
    /// Since when the key is known or suspected to be in other hands; nil where nobody knows.
    public var invalidityDate: Date?
    /// What the event says: the reason by its name, and what somebody wrote.
    public var note: String
    /// Who does it.
    public var decider: Decider

    /// Makes an order.
    ///
    /// - Parameters:
    ///   - reason: The CRLReason; 6 is a hold, which can be taken back.
    ///   - invalidityDate: Since when the key is known or suspected to be in other hands.
    ///   - note: What the event says.
    ///   - decider: Who does it.
    public init(reason: Int, invalidityDate: Date? = nil, note: String, by decider: Decider) {
        self.reason = reason
        self.invalidityDate = invalidityDate
        self.note = note
        self.decider = decider
    }
}

/// What came of revoking a certificate.
public enum RevocationOutcome: Hashable, Sendable {
    /// It is revoked now.
    case revoked
    /// Nothing changes: it was revoked before.
    case alreadyRevoked(Revocation)
    /// There is no such certificate.
    case unknown
}

/// What came of taking a hold back.
public enum ReleaseOutcome: Hashable, Sendable {
    /// It is not revoked any more.
    case released
    /// Nothing changes: it is not revoked (nil), or revoked for good.
    case notHeld(Revocation?)
    /// There is no such certificate.
    case unknown
}

/// What a CA says of a serial number.
public enum CertificateStatus: Hashable, Sendable {
    /// It never issued such a certificate.
    case unknown
    /// It issued it and has not revoked it.
    case good
    /// It has revoked it.
    case revoked(Revocation)
}
