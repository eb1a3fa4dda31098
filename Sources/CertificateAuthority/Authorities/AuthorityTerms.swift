import CryptographicMessageSyntax
public import SwiftASN1

/// What a CA is to be: what its certificate says, beside its key.
public struct AuthorityTerms: Hashable, Sendable {
    /// The subject's Name, encoded.
    public var subject: [UInt8]
    /// How long the certificate is valid, in days of 86,400 seconds.
    public var validityDays: Int
    /// How many CAs may follow below this one; nil for any number.
    public var pathLength: Int?
    /// Which names may be certified; nil for all.
    public var nameConstraints: AuthorityNameConstraints?
    /// For which purposes certificates may be issued; none for all.
    public var extendedKeyUsage: [ASN1ObjectIdentifier]
    /// The policies under which certificates may be issued.
    public var policies: [CertificatePolicy]
    /// Whether the CA answers SCEP requests itself (CA mode): its certificate then also has keyEncipherment, without
    /// which clients refuse to encrypt to it.
    public var answersSCEP: Bool

    /// Makes terms; without further ones the CA may issue what it likes.
    public init(
        subject: [UInt8],
        validityDays: Int = RootAuthority.validityDays,
        pathLength: Int? = nil,
        nameConstraints: AuthorityNameConstraints? = nil,
        extendedKeyUsage: [ASN1ObjectIdentifier] = [],
        policies: [CertificatePolicy] = [],
        answersSCEP: Bool = false
    ) {
        self.subject = subject
        self.validityDays = validityDays
        self.pathLength = pathLength
        self.nameConstraints = nameConstraints
        self.extendedKeyUsage = extendedKeyUsage
        self.policies = policies
        self.answersSCEP = answersSCEP
    }

    /// How many CAs can be asked for below one.
    static let pathLengths = 0...100

    /// Refuses a CA that cannot be.
    ///
    /// - Throws: ``IssuanceError`` with code `authorityTerms`, or `validity` where the validity is none.
    public func check() throws(IssuanceError) {
        guard CertificateTemplate.validityRange.contains(self.validityDays) else {
            throw IssuanceError(
                .validity,
                "a CA cannot be valid for \(self.validityDays) days: 1 to \(CertificateTemplate.validityRange.upperBound) "
                    + "are possible"
            )
        }
        if let flaw = self.subjectFlaw ?? self.pathLengthFlaw ?? self.nameConstraints?.flaw ?? self.purposeFlaw
            ?? CertificatePolicy.flaw(in: self.policies)
        {
            throw IssuanceError(.authorityTerms, "the CA cannot be: \(flaw)")
        }
    }

    private var subjectFlaw: String? {
        guard Issuer.isReadable(self.subject), let name = try? ParsedName(encoded: self.subject) else {
            return "its name is not readable"
        }
        return name.relativeNames.isEmpty ? "it has no name" : nil
    }

    private var pathLengthFlaw: String? {
        guard let length = self.pathLength, !Self.pathLengths.contains(length) else { return nil }
        return "a path length of \(length) is not between 0 and \(Self.pathLengths.upperBound)"
    }

    private var purposeFlaw: String? {
        CertificateTemplate.firstDoubled(self.extendedKeyUsage).map { "the purpose \($0.dotNotation) is there twice" }
    }
}

extension AuthorityTerms {
    /// basicConstraints, keyUsage and key identifiers, then what further constrains the CA (RFC 5280 §4.2.1).
    ///
    /// - Parameters:
    ///   - key: The CA's key.
    ///   - issuerIdentifier: The key identifier of the CA that signs.
    /// - Returns: The extensions.
    func extensions(for key: SubjectPublicKeyInfo, issuerIdentifier: [UInt8]) -> [CertificateExtension] {
        [
            .basicConstraints(pathLength: self.pathLength),
            .keyUsage(self.keyUsage(of: key)),
            .subjectKeyIdentifier(Issuer.keyIdentifier(of: key)),
            .authorityKeyIdentifier(issuerIdentifier),
            self.nameConstraints?.certificateExtension,
            .extendedKeyUsage(self.extendedKeyUsage),
            .policies(self.policies),
        ].compactMap(\.self)
    }

    /// What a CA's key does; that of an elliptic curve encrypts nothing.
    func keyUsage(of key: SubjectPublicKeyInfo) -> Set<CertificateTemplate.KeyUsage> {
        let usage: Set<CertificateTemplate.KeyUsage> = [.digitalSignature, .keyCertSign, .cRLSign]
        return self.answersSCEP && key.rsaBits != nil ? usage.union([.keyEncipherment]) : usage
    }
}
