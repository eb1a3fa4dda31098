public import CertificateAuthority

/// What a challenge is good for; without anything here it is good for every name, from everywhere.
public struct ChallengeBinding: Hashable, Sendable {
    /// What the subject has to look like: at least one matches, where there are any.
    public var subjects: [SubjectPattern] = []
    /// Which SANs there may be; without any, those for which the subject vouches (``NameConstraints``).
    public var alternativeNames: [AlternativeNamePattern] = []
    /// From where the request has to come: one of these ranges, where there are any.
    public var addressRanges: [AddressRange] = []
    /// The name of the template that is used, and not the profile's; nil for the profile's.
    public var template: String?

    /// Makes a binding to nothing.
    public init() {}

    /// Whether the challenge is bound to nothing.
    public var isUnbound: Bool { self == ChallengeBinding() }

    /// What does not fit.
    ///
    /// - Parameters:
    ///   - names: What is asked for.
    ///   - client: The client's address; a text that is none lies in no range.
    /// - Returns: A sentence that says which names, or which address, the challenge is not good for; nil where it is good
    ///   for all of it.
    public func violation(by names: RequestedNames, from client: String) -> String? {
        var reasons: [String] = []
        if !self.addressRanges.isEmpty {
            let finding = AddressConstraint(ranges: self.addressRanges, owner: "the challenge's").finding(on: client)
            if !finding.holds { reasons.append(finding.detail) }
        }
        let constraints = NameConstraints(subjects: self.subjects, alternativeNames: self.alternativeNames)
        if let reason = constraints.violation(by: names) { reasons.append(reason) }
        return reasons.isEmpty ? nil : reasons.joined(separator: "; ")
    }
}

extension ChallengeBinding: StoredSettings {
    private enum CodingKeys: String, CodingKey {
        case subjects, alternativeNames, addressRanges, template
    }

    /// Reads a stored binding.
    ///
    /// - Throws: `DecodingError` or ``PolicySyntaxError`` where it says something that this version does not know.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.subjects = try values.list(.subjects)
        self.alternativeNames = try values.list(.alternativeNames)
        self.addressRanges = try values.list(.addressRanges)
        self.template = try values.decodeIfPresent(String.self, forKey: .template)
    }
}

extension KeyedDecodingContainer {
    /// The parts of a rule; none where nothing is stored.
    func list<Part: PolicyNotation>(_ key: Key) throws -> [Part] {
        try self.decodeIfPresent([Part].self, forKey: key) ?? []
    }
}
