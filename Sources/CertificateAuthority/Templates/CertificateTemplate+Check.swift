import CryptographicMessageSyntax
import SwiftASN1

extension CertificateTemplate {
    /// How many days a certificate can be valid.
    static let validityRange = 1...36_500
    /// How far a start can be put back: a month.
    static let backdatingRange = 0...31 * 86_400
    /// How many characters a name can have.
    static let maximumNameLength = 64
    /// How many URLs of a kind there can be.
    static let maximumURLs = 10

    /// Purposes that make a certificate the CA's own, or more than any device needs.
    static let authorityPurposes: [ASN1ObjectIdentifier: String] = [
        .ExtendedKeyUsage.ocspSigning: "OCSPSigning, which speaks for the CA",
        .ExtendedKeyUsage.certificateRequestAgent: "Microsoft's certificate request agent, which enrols for others",
        .ExtendedKeyUsage.any: "anyExtendedKeyUsage, which is every purpose there is",
    ]

    /// What a request for a purpose asks for, where that is to be an authority; nil otherwise.
    ///
    /// Intune's profiles ask for any purpose. Like others that the template has not, that comes to nothing.
    static func authorityAsked(by purpose: ASN1ObjectIdentifier) -> String? {
        purpose == .ExtendedKeyUsage.any ? nil : self.authorityPurposes[purpose]
    }

    /// Extensions that no request contributes: the issuer writes them itself, or they change what a certificate is.
    static let unpassableExtensions: Set<ASN1ObjectIdentifier> = Self.decidedExtensions.union([
        .Extension.nameConstraints, .Extension.policyMappings, .Extension.policyConstraints, .Extension.freshestCRL,
        .Extension.subjectInfoAccess, .Extension.inhibitAnyPolicy, .Extension.issuerAltName, .Extension.ocspNoCheck,
        .Extension.certificateTransparencyPoison, .Extension.signedCertificateTimestamps,
        .Extension.proxyCertificateInformation,
    ])

    /// Extensions that every template decides on, whatever a request says.
    static let decidedExtensions: Set<ASN1ObjectIdentifier> = [
        .Extension.basicConstraints, .Extension.keyUsage, .Extension.extendedKeyUsage, .Extension.subjectAltName,
        .Extension.authorityKeyIdentifier, .Extension.subjectKeyIdentifier, .Extension.certificatePolicies,
        .Extension.cRLDistributionPoints, .Extension.authorityInfoAccess,
    ]

    /// Whether certificates are for signing OCSP responses in the CA's place.
    var speaksForAuthority: Bool { self.extendedKeyUsage.contains(.ExtendedKeyUsage.ocspSigning) }

    /// Refuses a template by which no certificate could be issued, or one that nobody should have.
    ///
    /// - Throws: ``IssuanceError`` with code `template`: one sentence that says what is wrong and where.
    public func check() throws(IssuanceError) {
        let flaws: [() -> String?] = [
            { self.nameFlaw }, { self.validityFlaw }, { self.keyUsageFlaw }, { self.purposeFlaw }, { self.subjectFlaw },
            { self.extensionFlaw }, { self.urlFlaw }, { CertificatePolicy.flaw(in: self.policies) },
        ]
        for flaw in flaws {
            if let flaw = flaw() {
                throw IssuanceError(.template, "the template \"\(ReadableText.line(self.name))\" cannot be: \(flaw)")
            }
        }
    }

    /// Refuses a template whose certificates a CA may not issue.
    ///
    /// - Parameter issuer: What the CA's own certificate says.
    /// - Throws: ``IssuanceError`` with code `extendedKeyUsage`.
    public func check(under issuer: AuthorityConstraints) throws(IssuanceError) {
        guard let purpose = self.extendedKeyUsage.first(where: { !issuer.grants($0) }) else { return }
        throw IssuanceError(
            .extendedKeyUsage,
            "the template \(self.name) has the purpose \(purpose.dotNotation), which the certificate of the CA "
                + "\(ReadableText.name(issuer.subject)) does not grant"
        )
    }

    private var nameFlaw: String? {
        if self.slug.isEmpty { return "its name has no letter and no digit" }
        if self.name.count > Self.maximumNameLength {
            return "its name has more than \(Self.maximumNameLength) characters"
        }
        return UnambiguousText.isUnambiguous(self.name)
            ? nil : "its name has a character that cannot be seen or is taken for another"
    }

    private var validityFlaw: String? {
        guard Self.validityRange.contains(self.validityDays) else {
            return "a validity of \(self.validityDays) days is not between 1 and \(Self.validityRange.upperBound)"
        }
        guard Self.backdatingRange.contains(self.backdatingSeconds) else {
            return
                "the start of the validity can be put back by 0 to \(Self.backdatingRange.upperBound) seconds, not by "
                + "\(self.backdatingSeconds)"
        }
        return nil
    }

    private var keyUsageFlaw: String? {
        guard !self.keyUsage.isEmpty else {
            return "it has no keyUsage, and a key without it could be used for everything"
        }
        if let bit = [KeyUsage.keyCertSign, .cRLSign].first(where: self.keyUsage.contains) {
            return "\(bit.name) is for CAs, which no template makes"
        }
        if self.keyUsage.isSuperset(of: [.encipherOnly, .decipherOnly]) {
            return "encipherOnly and decipherOnly exclude each other"
        }
        if !self.keyUsage.contains(.keyAgreement), !self.keyUsage.isDisjoint(with: [.encipherOnly, .decipherOnly]) {
            return "encipherOnly and decipherOnly mean nothing without keyAgreement"
        }
        guard !self.keys.isEmpty else { return nil }
        let isRSAPossible = self.keys.contains(where: \.isRSA)
        let isEllipticCurvePossible = self.keys.contains { !$0.isRSA }
        if !isRSAPossible, self.keyUsage.subtracting(KeyUsage.impossibleForEllipticCurves).isEmpty {
            return "keyEncipherment and dataEncipherment are for RSA keys, and only keys on elliptic curves are allowed"
        }
        if !isEllipticCurvePossible, self.keyUsage.subtracting(KeyUsage.impossibleForRSA).isEmpty {
            return "keyAgreement is for keys on elliptic curves, and only RSA keys are allowed"
        }
        return nil
    }

    private var purposeFlaw: String? {
        if let purpose = self.extendedKeyUsage.first(where: { Self.authorityPurposes[$0] != nil }) {
            return "it has the purpose \(Self.authorityPurposes[purpose] ?? purpose.dotNotation)"
        }
        return Self.firstDoubled(self.extendedKeyUsage).map { "the purpose \($0.dotNotation) is there twice" }
    }

    private var subjectFlaw: String? {
        guard case .built(let components) = self.subject else { return nil }
        if components.isEmpty { return "the subject is built of nothing" }
        if components.count > NameNotation.maximumAttributes {
            return "the subject has more than \(NameNotation.maximumAttributes) attributes"
        }
        if let flaw = components.lazy.compactMap(\.flaw).first { return "in the subject, \(flaw)" }
        if self.alternativeNames.allowed?.isEmpty == true, self.alternativeNames.others == .refuse,
            let component = components.first(where: { $0.needsAlternativeName })
        {
            return "the subject's \(component.type) is taken from a SAN, and a request that has one is refused"
        }
        if components.allSatisfy(\.isOptional), self.alternativeNames.allowed?.isEmpty == true {
            return "every part of the subject is optional and no SAN is allowed, so that there might be no name at all"
        }
        return nil
    }

    private var extensionFlaw: String? {
        if let identifier = self.passedExtensions.first(where: Self.unpassableExtensions.contains) {
            return "the extension \(identifier.dotNotation) is not for requests to decide on"
        }
        return Self.firstDoubled(self.passedExtensions).map { "the extension \($0.dotNotation) is there twice" }
    }

    private var urlFlaw: String? {
        Distribution.flaw(in: self.crlURLs, of: "CRLs", schemes: Distribution.schemes)
            ?? Distribution.flaw(in: self.issuerURLs, of: "the CA's certificate", schemes: Distribution.schemes)
            ?? Distribution.flaw(in: self.ocspURLs, of: "OCSP", schemes: Distribution.statusSchemes)
    }

    /// The first one that was there before.
    static func firstDoubled(_ identifiers: [ASN1ObjectIdentifier]) -> ASN1ObjectIdentifier? {
        var seen: Set<ASN1ObjectIdentifier> = []
        return identifiers.first { !seen.insert($0).inserted }
    }
}

extension CertificateTemplate.KeyUsage {
    /// What a key on an elliptic curve does not do (RFC 8813 §3).
    static let impossibleForEllipticCurves: Set<Self> = [.keyEncipherment, .dataEncipherment]
    /// What an RSA key does not do (RFC 3279 §2.3.1).
    static let impossibleForRSA: Set<Self> = [.keyAgreement, .encipherOnly, .decipherOnly]
}

extension Distribution {
    /// What is wrong with URLs that may have placeholders, as a sentence; nil where nothing is.
    static func flaw(in urls: [String], of what: String, schemes: [String]) -> String? {
        guard urls.count <= CertificateTemplate.maximumURLs else {
            return "there are more than \(CertificateTemplate.maximumURLs) URLs of \(what)"
        }
        do throws(IssuanceError) {
            guard Set(urls).count == urls.count else { return "a URL of \(what) is there twice" }
            _ = try Self.example.filled(urls, schemes: schemes)
            return nil
        } catch {
            return "among the URLs of \(what), \(error.reason)"
        }
    }
}

extension KeyRequirement {
    /// Whether it is for RSA keys.
    var isRSA: Bool { if case .rsa = self { true } else { false } }
}
