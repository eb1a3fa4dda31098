public import SwiftASN1

/// What a certificate will look like, whatever the request says.
public struct CertificateTemplate: Hashable, Sendable {
    /// The bits of keyUsage (RFC 5280 §4.2.1.3), by their number.
    public enum KeyUsage: Int, Hashable, Sendable, CaseIterable {
        /// Verifies signatures other than on certificates and CRLs.
        case digitalSignature = 0
        /// Verifies signatures by which somebody commits himself: nonRepudiation.
        case contentCommitment = 1
        /// Encrypts keys.
        case keyEncipherment = 2
        /// Encrypts data directly.
        case dataEncipherment = 3
        /// Agrees on keys.
        case keyAgreement = 4
        /// Verifies certificates.
        case keyCertSign = 5
        /// Verifies CRLs.
        case cRLSign = 6
        /// With keyAgreement: for encrypting only.
        case encipherOnly = 7
        /// With keyAgreement: for decrypting only.
        case decipherOnly = 8
    }

    /// The name, by which profiles refer to it.
    public var name: String
    /// How long a certificate is valid, in days of 86,400 seconds.
    public var validityDays: Int
    /// How far the start of the validity is put back, in seconds, for devices whose clocks are late.
    public var backdatingSeconds = 300
    /// What the key may be used for; what a key of its kind cannot do is left out.
    public var keyUsage: Set<KeyUsage>
    /// For which purposes (RFC 5280 §4.2.1.12); none leaves the extension out.
    public var extendedKeyUsage: [ASN1ObjectIdentifier]
    /// What the subject is.
    public var subject = SubjectPolicy.requested
    /// Which of the requested SANs there are.
    public var alternativeNames = AlternativeNamePolicy()
    /// Which keys are certified: at least one allows a key, where there are any.
    public var keys: [KeyRequirement] = []
    /// Extensions of the request that go into the certificate, never critical.
    public var passedExtensions: [ASN1ObjectIdentifier] = []
    /// What happens where a request asks for what only a CA or its services may have.
    public var authorityRequests = Excess.refuse
    /// What happens to critical extensions of a request that the template neither passes nor decides on itself.
    public var criticalExtensions = Excess.drop
    /// Where the CRL is.
    ///
    /// `{url}` stands for the installation's base URL, `{ca}` for the CA's name in URLs.
    public var crlURLs = Self.standardURLs.crl
    /// Where the CA's certificate is, with the same placeholders.
    public var issuerURLs = Self.standardURLs.issuer
    /// Where OCSP answers, with the same placeholders.
    public var ocspURLs = Self.standardURLs.ocsp
    /// The policies that certificates are issued under.
    public var policies: [CertificatePolicy] = []

    /// Makes a template; everything else has its default.
    public init(
        name: String,
        validityDays: Int = 365,
        keyUsage: Set<KeyUsage> = [.digitalSignature, .keyEncipherment],
        extendedKeyUsage: [ASN1ObjectIdentifier] = [.ExtendedKeyUsage.clientAuth]
    ) {
        self.name = name
        self.validityDays = validityDays
        self.keyUsage = keyUsage
        self.extendedKeyUsage = extendedKeyUsage
    }

    /// The URLs at which this server itself gives out what belongs to a CA's certificates.
    private static let standardURLs = (
        crl: ["{url}/crl/{ca}.crl"], issuer: ["{url}/ca/{ca}.cer"], ocsp: ["{url}/ocsp"]
    )

    /// The name as it is written in a URL or a configuration: small letters and digits with hyphens between words.
    public var slug: String { Self.slug(of: self.name) }

    package static func slug(of name: String) -> String {
        name.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
    }
}
