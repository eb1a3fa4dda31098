public import CertificateAuthority

/// The rules by which a profile grants requests without anybody's looking at them.
///
/// A *credential* (the challenge, a known address) says that a request is authorized. A *constraint* (patterns for names,
/// kinds of keys) never does, for everybody can ask for the right name; all of them have to hold whatever the credentials
/// say. They are stored as JSON; what a stored document does not say has its default.
public struct ApprovalRules: Hashable, Sendable {
    /// How many of the credentials that there are have to hold.
    public enum Combination: String, Hashable, Sendable, CaseIterable, Codable {
        /// Every one.
        case all
        /// One of them.
        case any
    }

    /// What happens to a request that the rules do not grant.
    public enum Otherwise: String, Hashable, Sendable, CaseIterable, Codable {
        /// It is refused.
        case refuse
        /// It waits until somebody approves it.
        case queue
    }

    /// How many of the credentials have to hold.
    public var combination = Combination.all
    /// The addresses that are a credential; none where there are no ranges.
    public var addressRanges: [AddressRange] = []
    /// What the subject has to look like: at least one matches, where there are any.
    public var subjects: [SubjectPattern] = []
    /// Which SANs there may be; without any, those for which the subject vouches (``NameConstraints``).
    public var alternativeNames: [AlternativeNamePattern] = []
    /// Which keys are certified: at least one allows a key, where there are any.
    public var keys: [KeyRequirement] = []
    /// What happens to a request that the rules do not grant.
    public var otherwise = Otherwise.refuse

    /// Makes the rules of a new profile: the challenge alone counts.
    public init() {}

    /// Whether addresses alone authorize a request, and every address does.
    public var acceptsEverybody: Bool { self.combination == .any && AddressRange.areEverybody(self.addressRanges) }

    /// What the rules say about names.
    public var names: NameConstraints {
        NameConstraints(subjects: self.subjects, alternativeNames: self.alternativeNames)
    }
}

extension ApprovalRules: Codable {
    private enum CodingKeys: String, CodingKey {
        case combination, addressRanges, subjects, alternativeNames, keys, otherwise
    }

    /// Reads stored rules.
    ///
    /// - Throws: `DecodingError` or ``PolicySyntaxError`` where they say something that this version does not know.
    public init(from decoder: any Decoder) throws {
        self.init()
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.combination = try values.decodeIfPresent(Combination.self, forKey: .combination) ?? self.combination
        self.addressRanges = try values.list(.addressRanges)
        self.subjects = try values.list(.subjects)
        self.alternativeNames = try values.list(.alternativeNames)
        self.keys = try values.list(.keys)
        self.otherwise = try values.decodeIfPresent(Otherwise.self, forKey: .otherwise) ?? self.otherwise
    }
}
