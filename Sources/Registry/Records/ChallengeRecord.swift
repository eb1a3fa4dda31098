public import Foundation

/// A challenge that is to be recorded.
public struct NewChallenge: Hashable, Sendable {
    /// The profile, outside which it means nothing.
    public var profile: String
    /// The challenge's keyed digest; the challenge itself is not kept.
    public var digest: [UInt8]
    /// What people call it.
    public var label: String
    /// The device that it is meant for; nil for any.
    public var device: String?
    /// The user whom it was given to; nil for nobody in particular.
    public var user: String?
    /// What it is bound to, as JSON that Enrollment understands; `{}` for nothing.
    public var binding: String
    /// How many certificates it is good for; nil for a static one, which is not used up.
    public var maximumUses: Int?
    /// From when on it is not valid any more; nil for never.
    public var expiresAt: Date?

    /// Makes a record.
    public init(
        profile: String,
        digest: [UInt8],
        label: String,
        device: String? = nil,
        user: String? = nil,
        binding: String = "{}",
        maximumUses: Int? = nil,
        expiresAt: Date? = nil
    ) {
        self.profile = profile
        self.digest = digest
        self.label = label
        self.device = device
        self.user = user
        self.binding = binding
        self.maximumUses = maximumUses
        self.expiresAt = expiresAt
    }

    /// Whether it is used up one day; a static one is not.
    public var isLimited: Bool { self.maximumUses != nil }
}

/// A challenge as it is recorded.
public struct ChallengeRecord: Hashable, Sendable {
    /// The number in the registry.
    public var id: Int64
    /// What was recorded when it was made.
    public var challenge: NewChallenge
    /// How many certificates were issued for it.
    public var uses: Int
    /// How many requests that wait for approval will use it; 0 for a static one.
    public var reserved: Int
    /// When it was made.
    public var createdAt: Date
    /// Who made it.
    public var createdBy: String
    /// The last certificate that was issued for it; nil where there is none.
    public var lastUse: LastUse?
    /// Since when it is revoked, and by whom; nil where it is not.
    public var revocation: Revocation?

    /// The last use of a challenge.
    public struct LastUse: Hashable, Sendable {
        /// When.
        public var date: Date
        /// From where the request came.
        public var address: String
    }

    /// The revocation of a challenge.
    public struct Revocation: Hashable, Sendable {
        /// Since when.
        public var date: Date
        /// Who revoked it.
        public var decider: String
    }

    /// What a challenge is good for.
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// Whoever has it may use it.
        case usable
        /// All uses that are left belong to requests that wait for approval; it is usable again when one of them fails.
        case reserved
        /// It was used as often as it may be.
        case spent
        /// Its time is over.
        case expired
        /// Somebody has revoked it.
        case revoked
    }

    /// What it is good for at a moment.
    public func state(at now: Date) -> State {
        if self.revocation != nil { return .revoked }
        if let maximum = self.challenge.maximumUses, self.uses >= maximum { return .spent }
        if let end = self.challenge.expiresAt, end <= now { return .expired }
        // Not their sum, which the database does not keep from an overflow.
        if let maximum = self.challenge.maximumUses, maximum - self.uses <= self.reserved { return .reserved }
        return .usable
    }
}

extension ChallengeRecord {
    /// The columns of a record, in the order in which it is read.
    static let columns = """
        id, profile, digest, label, device, owner, binding, max_uses, uses, reserved, created_at, created_by,
        expires_at, last_used_at, last_used_from, revoked_at, revoked_by
        """

    init(_ row: SQLRow) throws {
        self.id = try row.integer(0)
        self.challenge = NewChallenge(
            profile: try row.text(1),
            digest: try row.bytes(2),
            label: try row.text(3),
            device: try row.textIfPresent(4),
            user: try row.textIfPresent(5),
            binding: try row.text(6),
            maximumUses: try row.integerIfPresent(7).map(Int.init),
            expiresAt: try row.dateIfPresent(12)
        )
        self.uses = Int(try row.integer(8))
        self.reserved = Int(try row.integer(9))
        self.createdAt = try row.date(10)
        self.createdBy = try row.text(11)
        self.lastUse = try row.dateIfPresent(13).map {
            LastUse(date: $0, address: try row.textIfPresent(14) ?? "")
        }
        self.revocation = try row.dateIfPresent(15).map {
            Revocation(date: $0, decider: try row.textIfPresent(16) ?? "")
        }
    }
}
