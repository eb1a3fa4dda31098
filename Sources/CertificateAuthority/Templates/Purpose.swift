public import SwiftASN1

/// A purpose of certificates as people write it: `clientAuth`, or an object identifier with dots (RFC 5280 §4.2.1.12).
public struct Purpose: PolicyNotation {
    /// The purpose's KeyPurposeId.
    public let identifier: ASN1ObjectIdentifier

    /// Those that have a name.
    private static let named: [(name: String, identifier: ASN1ObjectIdentifier)] = [
        ("serverAuth", .ExtendedKeyUsage.serverAuth),
        ("clientAuth", .ExtendedKeyUsage.clientAuth),
        ("codeSigning", [1, 3, 6, 1, 5, 5, 7, 3, 3]),
        ("emailProtection", .ExtendedKeyUsage.emailProtection),
        ("timeStamping", [1, 3, 6, 1, 5, 5, 7, 3, 8]),
        // RFC 4945 §5.1.3.12 and its predecessors, which old VPN gateways still look for.
        ("ipsecEndSystem", [1, 3, 6, 1, 5, 5, 7, 3, 5]),
        ("ipsecTunnel", [1, 3, 6, 1, 5, 5, 7, 3, 6]),
        ("ipsecUser", [1, 3, 6, 1, 5, 5, 7, 3, 7]),
        ("ipsecIKE", [1, 3, 6, 1, 5, 5, 7, 3, 17]),
        // RFC 5216 §5.3.
        ("eapOverPPP", [1, 3, 6, 1, 5, 5, 7, 3, 13]),
        ("eapOverLAN", [1, 3, 6, 1, 5, 5, 7, 3, 14]),
        ("smartcardLogon", [1, 3, 6, 1, 4, 1, 311, 20, 2, 2]),
        ("documentSigning", [1, 3, 6, 1, 5, 5, 7, 3, 36]),
    ]

    /// Takes a purpose.
    public init(_ identifier: ASN1ObjectIdentifier) {
        self.identifier = identifier
    }

    /// Reads a purpose.
    ///
    /// - Parameter text: A name, in any case, or an object identifier with dots.
    /// - Throws: ``PolicySyntaxError``.
    public init(parsing text: String) throws(PolicySyntaxError) {
        let written = text.lowercased()
        if let known = Self.named.first(where: { $0.name.lowercased() == written }) {
            self.identifier = known.identifier
        } else if let identifier = ASN1ObjectIdentifier(dotNotation: text) {
            self.identifier = identifier
        } else {
            let names = Self.named.map(\.name).joined(separator: ", ")
            throw PolicySyntaxError(text, at: 0, "no purpose; write \(names), or an object identifier with dots")
        }
    }

    /// The purpose's name; without one its object identifier with dots.
    public var description: String {
        Self.named.first { $0.identifier == self.identifier }?.name ?? self.identifier.dotNotation
    }
}
