/// Which of the requested SANs go into a template's certificates.
public struct AlternativeNamePolicy: Hashable, Sendable {
    /// What is kept: every name that a pattern matches; nil keeps all, and an empty list none.
    public var allowed: [AlternativeNamePattern]?
    /// What happens to the other names.
    public var others: Excess

    /// How many names are compared with patterns.
    static let maximumNames = 250

    /// Makes a policy; without patterns all names are kept.
    public init(allowed: [AlternativeNamePattern]? = nil, others: Excess = .refuse) {
        self.allowed = allowed
        self.others = others
    }

    /// The names that are kept, in their order.
    ///
    /// - Parameters:
    ///   - names: The names that are asked for.
    ///   - template: The name of the template, for the sentence.
    /// - Returns: The names.
    /// - Throws: ``IssuanceError`` with code `alternativeName`.
    func kept(of names: [AlternativeName], template: String) throws(IssuanceError) -> [AlternativeName] {
        guard let allowed = self.allowed else { return names }
        guard names.count <= Self.maximumNames else {
            throw IssuanceError(
                .alternativeName,
                "the request asks for \(names.count) SANs, and the template \(template) compares \(Self.maximumNames) "
                    + "at most"
            )
        }
        var kept: [AlternativeName] = []
        for name in names {
            let comparable = ComparableAlternativeName(name)
            if allowed.contains(where: { $0.matches(comparable) }) {
                kept.append(name)
            } else if self.others == .refuse {
                throw IssuanceError(
                    .alternativeName,
                    "the request asks for the SAN \(name.description), which the template \(template) does not allow"
                )
            }
        }
        return kept
    }
}

extension AlternativeNamePolicy: StoredSettings {
    private enum CodingKeys: String, CodingKey {
        case allowed, others
    }

    /// Reads a stored policy.
    ///
    /// - Throws: `DecodingError` or ``PolicySyntaxError`` where it says something that this version does not know.
    public init(from decoder: any Decoder) throws {
        self.init()
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.allowed = try values.decodeIfPresent([AlternativeNamePattern].self, forKey: .allowed)
        try values.update(&self.others, .others)
    }
}
