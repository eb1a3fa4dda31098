import CryptographicMessageSyntax
import SCEP
import SwiftASN1

/// What extensions say, for people (RFC 5280 §4.2).
enum ExtensionText {
    /// The names of extensions whose content is not put into words.
    static let names: [ASN1ObjectIdentifier: String] = [
        [2, 5, 29, 32]: "policies",
        [1, 3, 6, 1, 5, 5, 7, 1, 1]: "authority info",
        [1, 3, 6, 1, 4, 1, 311, 20, 2]: "template name",
        [1, 3, 6, 1, 4, 1, 311, 21, 7]: "template",
        [1, 3, 6, 1, 4, 1, 311, 25, 2]: "SID",
    ]

    private static let purposes: [ASN1ObjectIdentifier: String] = [
        [1, 3, 6, 1, 5, 5, 7, 3, 1]: "serverAuth",
        [1, 3, 6, 1, 5, 5, 7, 3, 2]: "clientAuth",
        [1, 3, 6, 1, 5, 5, 7, 3, 3]: "codeSigning",
        [1, 3, 6, 1, 5, 5, 7, 3, 4]: "emailProtection",
        [1, 3, 6, 1, 5, 5, 7, 3, 5]: "ipsecEndSystem",
        [1, 3, 6, 1, 5, 5, 7, 3, 8]: "timeStamping",
        [1, 3, 6, 1, 5, 5, 7, 3, 9]: "OCSPSigning",
        [1, 3, 6, 1, 5, 5, 7, 3, 17]: "ipsecIKE",
        [1, 3, 6, 1, 4, 1, 311, 20, 2, 1]: "certificateRequestAgent",
        [1, 3, 6, 1, 4, 1, 311, 20, 2, 2]: "smartcardLogon",
        [2, 5, 29, 37, 0]: "anyExtendedKeyUsage",
    ]

    /// What the key is for.
    ///
    /// `ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId`
    static func extendedKeyUsage(_ value: [UInt8]) -> String {
        let text = try? decodeBER(value[...], as: "extKeyUsage") { root in
            try IteratorSequence(try root.children(tagged: .sequence, of: "extKeyUsage")).map { node in
                let purpose = try ASN1ObjectIdentifier(berEncoded: node)
                return self.purposes[purpose] ?? "\(purpose)"
            }.joined(separator: ", ")
        }
        return text ?? "#\(value.hexadecimal)"
    }

    /// What the key is called.
    ///
    /// `SubjectKeyIdentifier ::= OCTET STRING`
    static func subjectKeyIdentifier(_ value: [UInt8]) -> String {
        let text = try? decodeBER(value[...], as: "subjectKeyIdentifier") {
            Array(try ASN1OctetString(berEncoded: $0).bytes).hexadecimal
        }
        return text ?? "#\(value.hexadecimal)"
    }

    /// What the issuer's key is called.
    ///
    /// `AuthorityKeyIdentifier ::= SEQUENCE { keyIdentifier [0] IMPLICIT OCTET STRING OPTIONAL, … }`
    static func authorityKeyIdentifier(_ value: [UInt8]) -> String {
        let text = try? decodeBER(value[...], as: "authorityKeyIdentifier") { root -> String? in
            var nodes = try root.children(tagged: .sequence, of: "authorityKeyIdentifier")
            guard case .primitive(let octets)? = nodes.next(tagged: .context(0))?.content else { return nil }
            return octets.hexadecimal
        }
        return text ?? "#\(value.hexadecimal)"
    }
}
