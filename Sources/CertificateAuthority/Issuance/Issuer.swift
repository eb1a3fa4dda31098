import Crypto
public import CryptographicMessageSyntax
public import Foundation
import SwiftASN1
import X509

/// A CA that issues: its certificate, its key, and the keys that it never certifies.
public struct Issuer: Sendable {
    /// The CA's certificate.
    public let certificate: SignerCertificate
    /// The first second of the CA's validity.
    public let notBefore: Date
    /// The last second of the CA's validity.
    public let notAfter: Date
    /// What the CA's certificate lets it issue.
    public let constraints: AuthorityConstraints
    /// Where relying parties find what belongs to the CA's certificates.
    public let distribution: Distribution
    /// What the certificates above the CA's say, the nearest first.
    private let constraintsAbove: [AuthorityConstraints]
    let key: any AuthorityKey
    let keyIdentifier: [UInt8]
    let distributionExtensions: DistributionExtensions
    let checkedTemplates = CheckedTemplates()
    /// The CA's subject, with which every request's is compared.
    let name: ComparedName
    private let reservedKeys: [SubjectPublicKeyInfo]
    private let awaitedKeys: [SubjectPublicKeyInfo]

    /// How far the start of a CA's validity is put back, in seconds, for devices whose clocks are late.
    static let backdating: TimeInterval = 300

    /// Makes an issuer.
    ///
    /// - Parameters:
    ///   - encoded: The CA's certificate.
    ///   - key: Its key.
    ///   - reservedKeys: Keys of CAs, RAs and other services, which nobody else can have certified.
    ///   - awaitedKeys: Keys of CAs whose certificates are still to come: only as a CA's they can be certified.
    ///   - distribution: What the templates' URLs are filled with.
    ///   - parents: The certificates above the CA's, whose name constraints hold for it too.
    /// - Throws: ``CMSError`` where the certificate cannot be read or is not the key's, ``IssuanceError`` where what it
    ///   says about a CA cannot be read.
    public init(
        certificate encoded: [UInt8],
        key: any AuthorityKey,
        reservedKeys: [SubjectPublicKeyInfo] = [],
        awaitedKeys: [SubjectPublicKeyInfo] = [],
        distribution: Distribution = .none,
        parents: [[UInt8]] = []
    ) throws {
        self.certificate = try SignerCertificate(encoded: encoded)
        self.constraints = try AuthorityConstraints(certificate: encoded)
        self.notBefore = self.constraints.notBefore
        self.notAfter = self.constraints.notAfter
        self.distribution = distribution
        self.constraintsAbove = try parents.map(AuthorityConstraints.init(certificate:))
        self.distributionExtensions = DistributionExtensions(distribution)
        self.name = ComparedName(encoded: self.certificate.subject)
        self.key = key
        guard self.certificate.publicKey.isSameKey(as: key.publicKey) else {
            throw CMSError(.key, "the CA's private key does not belong to its certificate")
        }
        self.keyIdentifier =
            self.certificate.subjectKeyIdentifier ?? Self.keyIdentifier(of: self.certificate.publicKey)
        self.reservedKeys = [self.certificate.publicKey] + reservedKeys
        self.awaitedKeys = awaitedKeys
    }

    /// Refuses names that this CA, or one above it, may not have certified.
    ///
    /// - Throws: ``IssuanceError`` with code `nameConstraints`, or `badExtension` or `subject` for what cannot be read.
    func checkNames(subject: [UInt8], alternativeNames: [UInt8]?) throws(IssuanceError) {
        for constraints in [self.constraints] + self.constraintsAbove {
            try constraints.check(subject: subject, alternativeNames: alternativeNames)
        }
    }

    /// Refuses a key that may not be certified: a CA's or RA's own, one of the wrong kind or size, one known to be weak.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - rsaBits: Which sizes of RSA keys are certified.
    /// - Returns: The key, found fit.
    /// - Throws: ``IssuanceError``: `authorityKey`, `key` or `weakKey`.
    public func certifiable(
        _ key: SubjectPublicKeyInfo,
        rsaBits: ClosedRange<Int>
    ) throws(IssuanceError) -> CertifiableKey {
        guard !self.awaitedKeys.contains(where: { $0.isSameKey(as: key) }) else {
            throw IssuanceError(.authorityKey, "the request is for the key of a CA whose certificate is still to come")
        }
        return try self.certifiableAuthority(key, rsaBits: rsaBits)
    }

    /// Refuses a key that may not be certified as a CA's.
    ///
    /// - Throws: ``IssuanceError``: `authorityKey`, `key` or `weakKey`.
    func certifiableAuthority(
        _ key: SubjectPublicKeyInfo,
        rsaBits: ClosedRange<Int> = Self.authorityKeyBits
    ) throws(IssuanceError) -> CertifiableKey {
        guard !self.reservedKeys.contains(where: { $0.isSameKey(as: key) }) else {
            throw IssuanceError(.authorityKey, "the request is for a key that belongs to this CA or its RA")
        }
        try KeyPolicy.check(key, rsaBits: rsaBits)
        return CertifiableKey(publicKey: key.normalized)
    }

    /// Refuses a key that no CA should have: one of the wrong kind or size, one known to be weak.
    ///
    /// - Parameter key: The key of a CA that was made elsewhere.
    /// - Throws: ``IssuanceError``: `key` or `weakKey`.
    public static func checkAuthorityKey(_ key: SubjectPublicKeyInfo) throws(IssuanceError) {
        try KeyPolicy.check(key, rsaBits: Self.authorityKeyBits)
    }

    /// Decides on a certificate: the template builds it, the request contributes only subject, key, SANs, and extensions
    /// that the template passes on.
    ///
    /// - Parameters:
    ///   - request: What is asked for.
    ///   - template: What it will look like.
    ///   - validityDays: How long it is valid, where somebody has decided on less than the template has.
    ///   - serialNumber: From ``serialNumber(from:)``.
    ///   - now: The time.
    /// - Returns: What needs only its signature.
    /// - Throws: ``IssuanceError``.
    public func prepare(
        _ request: RequestedCertificate,
        template: CertificateTemplate,
        validityDays: Int? = nil,
        serialNumber: [UInt8],
        now: Date
    ) throws(IssuanceError) -> PreparedCertificate {
        if let validityDays, validityDays < 1 || validityDays > template.validityDays {
            throw IssuanceError(
                .validity,
                "a validity of \(validityDays) days is not possible: the template \(template.name) allows 1 to "
                    + "\(template.validityDays)"
            )
        }
        let asked = try self.decide(request, template)
        return try self.prepare(
            subject: asked.subject,
            publicKey: request.key.publicKey,
            alternativeNames: asked.alternativeNames,
            template: template,
            validityDays: validityDays,
            furtherExtensions: asked.passed,
            serialNumber: serialNumber,
            now: now
        )
    }

    /// Decides on a certificate for one of this server's own keys, or one whose names are decided on.
    ///
    /// - Parameters:
    ///   - subject: The subject's Name, encoded.
    ///   - publicKey: The key, found fit or made here.
    ///   - alternativeNames: The encoded value of subjectAltName; nil for none.
    ///   - template: What it will look like.
    ///   - validityDays: How long it is valid; nil for the template's.
    ///   - furtherExtensions: What the template does not decide on.
    ///   - serialNumber: From ``serialNumber(from:)``.
    ///   - now: The time.
    /// - Returns: What needs only its signature.
    /// - Throws: ``IssuanceError`` with code `authorityExpired`, `authorityCertificate`, `key`, `nameConstraints`,
    ///   `extendedKeyUsage` or `distribution`.
    func prepare(
        subject: [UInt8],
        publicKey: SubjectPublicKeyInfo,
        alternativeNames: [UInt8]?,
        template: CertificateTemplate,
        validityDays: Int? = nil,
        furtherExtensions: [CertificateExtension] = [],
        serialNumber: [UInt8],
        now: Date
    ) throws(IssuanceError) -> PreparedCertificate {
        let days = validityDays ?? template.validityDays
        let end = min(now.addingTimeInterval(Double(days) * 86_400), self.notAfter)
        guard end > now else {
            throw IssuanceError(.authorityExpired, "the CA's own certificate has ended: make a new CA")
        }
        try self.constraints.checkMayIssue()
        try template.check(under: self.constraints)
        try self.checkNames(subject: subject, alternativeNames: alternativeNames)
        var extensions: [CertificateExtension] = [
            .authorityKeyIdentifier(self.keyIdentifier),
            .subjectKeyIdentifier(Self.keyIdentifier(of: publicKey)),
        ]
        if let keyUsage = try template.keyUsageExtension(for: publicKey) { extensions.append(keyUsage) }
        if let extendedKeyUsage = template.extendedKeyUsageExtension { extensions.append(extendedKeyUsage) }
        if let alternativeNames {
            extensions.append(
                CertificateExtension(
                    .Extension.subjectAltName,
                    // "If the subject field contains an empty sequence, then the issuing CA MUST include a
                    // subjectAltName extension that is marked as critical." (RFC 5280 §4.2.1.6)
                    isCritical: subject == [0x30, 0x00],
                    value: alternativeNames
                )
            )
        }
        if let policies = CertificateExtension.policies(template.policies) { extensions.append(policies) }
        extensions += try self.distributionExtensions[
            .init(crl: template.crlURLs, issuer: template.issuerURLs, ocsp: template.ocspURLs)
        ]
        let certificate = TBSCertificate(
            serialNumber: serialNumber,
            signature: self.key.certificateSignatureAlgorithm,
            issuer: self.certificate.subject,
            notBefore: max(now.addingTimeInterval(-Double(template.backdatingSeconds)), self.notBefore),
            notAfter: end,
            subject: subject,
            publicKey: publicKey,
            extensions: extensions + furtherExtensions
        )
        return PreparedCertificate(certificate)
    }

    /// Signs a prepared certificate.
    ///
    /// - Throws: What the key throws.
    public func issue(_ prepared: consuming PreparedCertificate) throws -> IssuedCertificate {
        let certificate = prepared.certificate
        return IssuedCertificate(
            encoded: try TBSCertificate.signed(
                prepared.toBeSigned,
                algorithm: certificate.signature,
                signature: try self.key.signature(forCertificate: prepared.toBeSigned)
            ),
            serialNumber: certificate.serialNumber,
            subject: certificate.subject,
            notBefore: certificate.notBefore,
            notAfter: certificate.notAfter,
            extensions: certificate.extensions
        )
    }

    /// The first 160 bits of the key's SHA-256 (RFC 7093 §2, method 1).
    static func keyIdentifier(of key: SubjectPublicKeyInfo) -> [UInt8] {
        Array(SHA256.hash(data: key.subjectPublicKey).prefix(20))
    }

    /// A positive serial number of 159 random bits (RFC 5280 §4.1.2.2 allows 20 octets).
    ///
    /// - Parameter random: 20 random bytes.
    /// - Returns: The content octets of the INTEGER.
    public static func serialNumber(from random: [UInt8]) -> [UInt8] {
        var octets = random
        octets[0] &= 0x7f
        while octets.count > 1, octets[0] == 0, octets[1] < 0x80 { octets.removeFirst() }
        return octets
    }
}

extension Issuer {
    /// Whether the CA's own certificate may answer SCEP requests (CA mode): an RSA key with digitalSignature and
    /// keyEncipherment, without which Windows and Apple stop after GetCACert.
    ///
    /// - Throws: An ASN.1 error where the certificate's keyUsage cannot be read.
    public var answersSCEP: Bool {
        get throws {
            let certificate = try Certificate(derEncoded: self.certificate.encoded)
            guard let usage = try certificate.extensions.keyUsage else { return false }
            return self.certificate.publicKey.rsaBits != nil && usage.digitalSignature && usage.keyEncipherment
        }
    }
}
