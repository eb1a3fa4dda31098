public import SwiftASN1

/// A certificate policy that a certificate is issued under.
public struct CertificatePolicy: Hashable, Sendable {
    /// Which policy.
    public var identifier: ASN1ObjectIdentifier
    /// Where the certification practice statement is; nil leaves the qualifier out.
    public var cps: String?

    /// Makes a policy.
    public init(_ identifier: ASN1ObjectIdentifier, cps: String? = nil) {
        self.identifier = identifier
        self.cps = cps
    }

    /// anyPolicy: a CA that has it may issue under every policy (RFC 5280 §4.2.1.4).
    public static let any = CertificatePolicy([2, 5, 29, 32, 0])

    /// What is wrong among policies, as a sentence; nil where nothing is.
    static func flaw(in policies: [CertificatePolicy]) -> String? {
        var seen: Set<ASN1ObjectIdentifier> = []
        for policy in policies {
            guard seen.insert(policy.identifier).inserted else {
                return "the certificate policy \(policy.identifier.dotNotation) is there twice"
            }
            if let cps = policy.cps, let flaw = WebAddress.flaw(in: cps, schemes: ["http", "https"]) {
                return "the CPS \"\(ReadableText.line(cps))\" \(flaw)"
            }
        }
        return nil
    }
}

extension CertificatePolicy: StoredSettings {
    private enum CodingKeys: String, CodingKey {
        case identifier, cps
    }

    /// Reads a stored policy.
    ///
    /// - Throws: `DecodingError` where the identifier is no OID.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try values.objectIdentifier(.identifier),
            cps: try values.decodeIfPresent(String.self, forKey: .cps)
        )
    }

    /// Writes the policy, its identifier with dots.
    ///
    /// - Throws: `EncodingError`.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(self.identifier.dotNotation, forKey: .identifier)
        try values.encodeIfPresent(self.cps, forKey: .cps)
    }
}
