import CertificateAuthority
import CryptographicMessageSyntax
import SwiftASN1
import TestSupport

/// Names to ask for, put together from texts.
struct AskedNames {
    private static let types: [String: [UInt8]] = [
        "CN": [0x55, 0x04, 0x03], "O": [0x55, 0x04, 0x0a], "OU": [0x55, 0x04, 0x0b], "C": [0x55, 0x04, 0x06],
        "E": [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01],
        "DC": [0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01, 0x19], "1.2.3": [0x2a, 0x03],
    ]

    var subject: [ASN1Tree] = []
    var alternatives: [ASN1Tree] = []

    /// Puts names together.
    ///
    /// - Parameters:
    ///   - subject: Attributes as `CN=device`, everything behind the equals sign as it is.
    ///   - alternatives: SANs as `DNS:device`, everything behind the colon as it is.
    init(_ subject: String..., asking alternatives: [String] = []) {
        self.subject = subject.map { attribute in
            let parts = attribute.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return Self.attribute(String(parts[0]), tag: 0x0c, Array(parts[1].utf8))
        }
        self.alternatives = alternatives.map(Self.alternative)
    }

    static func attribute(_ type: String, tag: UInt8, _ octets: [UInt8]) -> ASN1Tree {
        ASN1Tree(
            tag: 0x30,
            children: [ASN1Tree(tag: 0x06, octets: self.types[type] ?? []), ASN1Tree(tag: tag, octets: octets)]
        )
    }

    static func alternative(_ text: String) -> ASN1Tree {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let octets = Array(parts[1].utf8)
        switch parts[0] {
        case "email": return ASN1Tree(tag: 0x81, octets: octets)
        case "DNS": return ASN1Tree(tag: 0x82, octets: octets)
        case "URI": return ASN1Tree(tag: 0x86, octets: octets)
        case "IP": return ASN1Tree(tag: 0x87, octets: IPAddress(parts[1])?.bytes ?? [])
        case "UPN":
            return ASN1Tree(
                tag: 0xa0,
                children: [
                    ASN1Tree(tag: 0x06, octets: [0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x14, 0x02, 0x03]),
                    ASN1Tree(tag: 0xa0, children: [ASN1Tree(tag: 0x0c, octets: octets)]),
                ]
            )
        default: return ASN1Tree(tag: 0x88, octets: [0x2a, 0x03])
        }
    }

    /// The names as rules see them.
    var requested: RequestedNames {
        get throws {
            let subject = ASN1Tree(tag: 0x30, children: self.subject.map { ASN1Tree(tag: 0x31, children: [$0]) })
            let value = ASN1Tree(tag: 0x30, children: self.alternatives)
            return try RequestedNames(
                subject: subject.der,
                extensions: self.alternatives.isEmpty
                    ? [] : [CertificateExtension(.Extension.subjectAltName, value: value.der)]
            )
        }
    }

    /// One SAN as patterns see it.
    static func name(_ text: String) throws -> AlternativeName? {
        try AskedNames(asking: [text]).requested.alternativeNames.first
    }
}

extension SubjectPublicKeyInfo {
    /// An RSA key of any number of bits, which nobody has to make: its modulus is no product of anything.
    static func rsa(bits: Int) throws -> SubjectPublicKeyInfo {
        let modulus = [0x00, 0x80] + [UInt8](repeating: 0x01, count: bits / 8 - 1)
        let key = ASN1Tree(
            tag: 0x30,
            children: [ASN1Tree(tag: 0x02, octets: modulus), ASN1Tree(tag: 0x02, octets: [0x01, 0x00, 0x01])]
        )
        let algorithm = ASN1Tree(
            tag: 0x30,
            children: [
                ASN1Tree(tag: 0x06, octets: [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01]),
                ASN1Tree(tag: 0x05, octets: []),
            ]
        )
        let tree = ASN1Tree(tag: 0x30, children: [algorithm, ASN1Tree(tag: 0x03, octets: [0x00] + key.der)])
        return try SubjectPublicKeyInfo(derEncoded: tree.der)
    }

    /// An Ed25519 key.
    static func ed25519() throws -> SubjectPublicKeyInfo {
        let algorithm = ASN1Tree(tag: 0x30, children: [ASN1Tree(tag: 0x06, octets: [0x2b, 0x65, 0x70])])
        let key = ASN1Tree(tag: 0x03, octets: [UInt8](repeating: 0, count: 33))
        return try SubjectPublicKeyInfo(derEncoded: ASN1Tree(tag: 0x30, children: [algorithm, key]).der)
    }

    /// A key on a curve that is not certified: secp256k1.
    static func otherCurve() throws -> SubjectPublicKeyInfo {
        let algorithm = ASN1Tree(
            tag: 0x30,
            children: [
                ASN1Tree(tag: 0x06, octets: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]),
                ASN1Tree(tag: 0x06, octets: [0x2b, 0x81, 0x04, 0x00, 0x0a]),
            ]
        )
        let key = ASN1Tree(tag: 0x03, octets: [0x00, 0x04] + [UInt8](repeating: 1, count: 64))
        return try SubjectPublicKeyInfo(derEncoded: ASN1Tree(tag: 0x30, children: [algorithm, key]).der)
    }
}
