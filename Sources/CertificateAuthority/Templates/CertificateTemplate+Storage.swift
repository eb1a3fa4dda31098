import SwiftASN1

extension CertificateTemplate.KeyUsage {
    /// The bit as RFC 5280 §4.2.1.3 calls it.
    public var name: String { "\(self)" }

    /// The bit with a name; nil where there is none.
    ///
    /// - Parameter name: The name in any case; `nonRepudiation` is contentCommitment.
    public init?(name: String) {
        let written = name.lowercased()
        let name = written == "nonrepudiation" ? "contentcommitment" : written
        guard let bit = Self.allCases.first(where: { $0.name.lowercased() == name }) else { return nil }
        self = bit
    }
}

extension CertificateTemplate: StoredSettings {
    private enum CodingKeys: String, CodingKey {
        case name, validityDays, backdatingSeconds, keyUsage, extendedKeyUsage, subject, alternativeNames, keys
        case passedExtensions, authorityRequests, criticalExtensions, crlURLs, issuerURLs, ocspURLs, policies
    }

    /// Reads a stored template; only the name has to be there.
    ///
    /// - Throws: `DecodingError` or ``PolicySyntaxError`` where it says something that this version does not know.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(name: try values.decode(String.self, forKey: .name))
        try values.update(&self.validityDays, .validityDays)
        try values.update(&self.backdatingSeconds, .backdatingSeconds)
        if let names = try values.decodeIfPresent([String].self, forKey: .keyUsage) {
            self.keyUsage = Set(try names.map { try Self.keyUsage(named: $0, values) })
        }
        self.extendedKeyUsage = try values.objectIdentifiers(.extendedKeyUsage) ?? self.extendedKeyUsage
        try values.update(&self.subject, .subject)
        try values.update(&self.alternativeNames, .alternativeNames)
        try values.update(&self.keys, .keys)
        self.passedExtensions = try values.objectIdentifiers(.passedExtensions) ?? self.passedExtensions
        try values.update(&self.authorityRequests, .authorityRequests)
        try values.update(&self.criticalExtensions, .criticalExtensions)
        try values.update(&self.crlURLs, .crlURLs)
        try values.update(&self.issuerURLs, .issuerURLs)
        try values.update(&self.ocspURLs, .ocspURLs)
        try values.update(&self.policies, .policies)
    }

    private static func keyUsage(
        named name: String,
        _ values: KeyedDecodingContainer<CodingKeys>
    ) throws -> KeyUsage {
        guard let bit = KeyUsage(name: name) else {
            throw DecodingError.dataCorruptedError(
                forKey: .keyUsage,
                in: values,
                debugDescription: "\"\(ReadableText.line(name))\" is no bit of keyUsage"
            )
        }
        return bit
    }

    /// Writes the template, OIDs with dots and everything else as people write it.
    ///
    /// - Throws: `EncodingError`.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(self.name, forKey: .name)
        try values.encode(self.validityDays, forKey: .validityDays)
        try values.encode(self.backdatingSeconds, forKey: .backdatingSeconds)
        let bits = KeyUsage.allCases.filter(self.keyUsage.contains)
        try values.encode(bits.map(\.name), forKey: .keyUsage)
        try values.encode(self.extendedKeyUsage.map(\.dotNotation), forKey: .extendedKeyUsage)
        try values.encode(self.subject, forKey: .subject)
        try values.encode(self.alternativeNames, forKey: .alternativeNames)
        try values.encode(self.keys, forKey: .keys)
        try values.encode(self.passedExtensions.map(\.dotNotation), forKey: .passedExtensions)
        try values.encode(self.authorityRequests, forKey: .authorityRequests)
        try values.encode(self.criticalExtensions, forKey: .criticalExtensions)
        try values.encode(self.crlURLs, forKey: .crlURLs)
        try values.encode(self.issuerURLs, forKey: .issuerURLs)
        try values.encode(self.ocspURLs, forKey: .ocspURLs)
        try values.encode(self.policies, forKey: .policies)
    }
}
