import CryptographicMessageSyntax
import SwiftASN1

/// What the extensions of RFC 5280 §4.2 say, each part for itself.
enum ExtensionText {
    private static let purposes: [ASN1ObjectIdentifier: String] = [
        [1, 3, 6, 1, 5, 5, 7, 3, 1]: "serverAuth",
        [1, 3, 6, 1, 5, 5, 7, 3, 2]: "clientAuth",
        [1, 3, 6, 1, 5, 5, 7, 3, 3]: "codeSigning",
        [1, 3, 6, 1, 5, 5, 7, 3, 4]: "emailProtection",
        [1, 3, 6, 1, 5, 5, 7, 3, 5]: "ipsecEndSystem",
        [1, 3, 6, 1, 5, 5, 7, 3, 6]: "ipsecTunnel",
        [1, 3, 6, 1, 5, 5, 7, 3, 7]: "ipsecUser",
        [1, 3, 6, 1, 5, 5, 7, 3, 8]: "timeStamping",
        [1, 3, 6, 1, 5, 5, 7, 3, 9]: "OCSPSigning",
        [1, 3, 6, 1, 5, 5, 7, 3, 13]: "eapOverPPP",
        [1, 3, 6, 1, 5, 5, 7, 3, 14]: "eapOverLAN",
        [1, 3, 6, 1, 5, 5, 7, 3, 17]: "ipsecIKE",
        [1, 3, 6, 1, 5, 5, 7, 3, 27]: "cmcCA",
        [1, 3, 6, 1, 5, 5, 7, 3, 28]: "cmcRA",
        [1, 3, 6, 1, 5, 2, 3, 4]: "pkinitClientAuth",
        [1, 3, 6, 1, 5, 2, 3, 5]: "pkinitKDC",
        [1, 3, 6, 1, 4, 1, 311, 10, 3, 4]: "encryptedFileSystem",
        [1, 3, 6, 1, 4, 1, 311, 10, 3, 12]: "documentSigning",
        [1, 3, 6, 1, 4, 1, 311, 20, 2, 1]: "certificateRequestAgent",
        [1, 3, 6, 1, 4, 1, 311, 20, 2, 2]: "smartcardLogon",
        [1, 3, 6, 1, 4, 1, 311, 54, 1, 2]: "remoteDesktop",
        [2, 5, 29, 37, 0]: "anyExtendedKeyUsage",
        [2, 5, 29, 32, 0]: "anyPolicy",
    ]

    private static func named(_ node: ASN1Node) throws -> String {
        let identifier = try ASN1ObjectIdentifier(berEncoded: node)
        return self.purposes[identifier] ?? identifier.dotted
    }

    /// Further names of the holder, and of others: `GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName`.
    static func generalNames(_ root: ASN1Node) throws -> [String] {
        Readable.list(IteratorSequence(try root.children(tagged: .sequence, of: "names")), GeneralNameText.text)
    }

    /// What the key may be used for; bits without a name by their number (§4.2.1.3).
    static func keyUsage(_ root: ASN1Node) throws -> [String] {
        let usage = try CertificateDetails.KeyUsage(node: root)
        let unnamed = (CertificateDetails.KeyUsage.names.count..<UInt16.bitWidth).filter {
            usage.rawValue & 1 << $0 != 0
        }
        return usage.names + unnamed.map { "bit \($0)" }
    }

    /// What the key is for: `ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId` (§4.2.1.12).
    static func extendedKeyUsage(_ root: ASN1Node) throws -> [String] {
        try Readable.list(IteratorSequence(try root.children(tagged: .sequence, of: "extKeyUsage")), Self.named)
    }

    /// By which rules it was issued (§4.2.1.4), or what it is for, as Windows writes it.
    ///
    /// ```
    /// certificatePolicies ::= SEQUENCE SIZE (1..MAX) OF PolicyInformation
    /// PolicyInformation ::= SEQUENCE { policyIdentifier  CertPolicyId, … }
    /// ```
    static func policies(_ root: ASN1Node) throws -> [String] {
        try Readable.list(IteratorSequence(try root.children(tagged: .sequence, of: "policies"))) { policy in
            var fields = try policy.children(tagged: .sequence, of: "PolicyInformation")
            return try Self.named(try fields.require("policyIdentifier"))
        }
    }

    /// Whether it is a CA's.
    static func basicConstraints(_ root: ASN1Node) throws -> [String] {
        let constraints = try BasicConstraints(node: root)
        guard constraints.isWhole else { throw CMSError(.malformed, "basicConstraints has something behind it") }
        return [constraints.isAuthority ? "CA" : "not a CA"]
            + (constraints.pathLength.map { ["path length \($0)"] } ?? [])
    }

    /// What the key is called: `SubjectKeyIdentifier ::= OCTET STRING` (§4.2.1.2).
    static func subjectKeyIdentifier(_ root: ASN1Node) throws -> [String] {
        [Self.key(try ASN1OctetString(berEncoded: root).bytes)]
    }

    /// What the issuer's key is called, or its certificate (§4.2.1.1).
    ///
    /// ```
    /// AuthorityKeyIdentifier ::= SEQUENCE {
    ///     keyIdentifier              [0] IMPLICIT OCTET STRING OPTIONAL,
    ///     authorityCertIssuer        [1] IMPLICIT GeneralNames OPTIONAL,
    ///     authorityCertSerialNumber  [2] IMPLICIT INTEGER OPTIONAL }
    /// ```
    static func authorityKeyIdentifier(_ root: ASN1Node) throws -> [String] {
        let fields = IteratorSequence(try root.children(tagged: .sequence, of: "authorityKeyIdentifier"))
        return try Readable.list(fields) { field in
            switch (field.identifier, field.content) {
            case (.context(0), .primitive(let octets)): Self.key(octets)
            case (.context(1), .constructed(let names)):
                Readable.list(names, GeneralNameText.text).joined(separator: ", ")
            case (.context(2), .primitive(let octets)): "serial number \(Self.key(octets))"
            default: throw CMSError(.malformed, "authorityKeyIdentifier has a field with tag \(field.identifier)")
            }
        }
    }

    /// The digits of something that is compared, without a sign in front.
    private static func key(_ octets: some Collection<UInt8>) -> String {
        octets.count > Readable.maximumOctets ? Readable.octets(octets) : octets.hexadecimal
    }

    /// Where CRLs are.
    static func distributionPoints(_ root: ASN1Node) throws -> [String] {
        let names = try DistributionPoints.fullNames(root).flatMap { names -> [ASN1Node?] in names ?? [nil] }
        return Readable.list(names) { $0.map(GeneralNameText.text) ?? "a point without a name of its own" }
    }

    /// Where more is known about the issuer (§4.2.2.1).
    ///
    /// ```
    /// AuthorityInfoAccessSyntax ::= SEQUENCE SIZE (1..MAX) OF AccessDescription
    /// AccessDescription ::= SEQUENCE {
    ///     accessMethod    OBJECT IDENTIFIER,
    ///     accessLocation  GeneralName }
    /// ```
    static func informationAccess(_ root: ASN1Node) throws -> [String] {
        try Readable.list(IteratorSequence(try root.children(tagged: .sequence, of: "access"))) { description in
            var fields = try description.children(tagged: .sequence, of: "AccessDescription")
            let method = try ASN1ObjectIdentifier(berEncoded: try fields.require("accessMethod"))
            let names: [ASN1ObjectIdentifier: String] = [
                [1, 3, 6, 1, 5, 5, 7, 48, 1]: "OCSP", [1, 3, 6, 1, 5, 5, 7, 48, 2]: "CA",
            ]
            return "\(names[method] ?? method.dotted) \(GeneralNameText.text(try fields.require("accessLocation")))"
        }
    }

    /// What the holder's mail program can read: `SMIMECapabilities ::= SEQUENCE OF SMIMECapability` (RFC 8551 §2.5.2).
    static func mailCapabilities(_ root: ASN1Node) throws -> [String] {
        try Readable.list(IteratorSequence(try root.children(tagged: .sequence, of: "capabilities"))) { capability in
            var fields = try capability.children(tagged: .sequence, of: "SMIMECapability")
            return AlgorithmName.text(try ASN1ObjectIdentifier(berEncoded: try fields.require("capabilityID")))
        }
    }

    /// What a TLS server has to do: `Features ::= SEQUENCE OF INTEGER` (RFC 7633 §4.1).
    static func features(_ root: ASN1Node) throws -> [String] {
        try Readable.list(IteratorSequence(try root.children(tagged: .sequence, of: "Features"))) { node in
            let number = try Int(berEncoded: node)
            return [5: "status_request", 17: "status_request_v2"][number] ?? "\(number)"
        }
    }
}
