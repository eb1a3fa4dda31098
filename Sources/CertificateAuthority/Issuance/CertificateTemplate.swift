public import SwiftASN1

/// What a certificate will look like, whatever the request says.
public struct CertificateTemplate: Hashable, Sendable {
    /// The bits of keyUsage (RFC 5280 §4.2.1.3), by their number.
    public enum KeyUsage: Int, Hashable, Sendable, CaseIterable {
        /// Verifies signatures other than on certificates and CRLs.
        case digitalSignature = 0
        /// Encrypts keys.
        case keyEncipherment = 2
        /// Verifies certificates.
        case keyCertSign = 5
        /// Verifies CRLs.
        case cRLSign = 6
    }

    /// The name, by which profiles refer to it.
    public var name: String
    /// How long a certificate is valid, in days of 86,400 seconds.
    public var validityDays: Int
    /// What the key may be used for.
    public var keyUsage: Set<KeyUsage>
    /// For which purposes (RFC 5280 §4.2.1.12); none leaves the extension out.
    public var extendedKeyUsage: [ASN1ObjectIdentifier]

    /// Makes a template.
    public init(
        name: String,
        validityDays: Int,
        keyUsage: Set<KeyUsage>,
        extendedKeyUsage: [ASN1ObjectIdentifier]
    ) {
        self.name = name
        self.validityDays = validityDays
        self.keyUsage = keyUsage
        self.extendedKeyUsage = extendedKeyUsage
    }

    /// For devices: 365 days, digitalSignature and keyEncipherment, clientAuth, subject and SANs from the request.
    public static let `default` = CertificateTemplate(
        name: "Default",
        validityDays: 365,
        keyUsage: [.digitalSignature, .keyEncipherment],
        extendedKeyUsage: [.ExtendedKeyUsage.clientAuth]
    )

    /// For phones and tablets: 730 days, which also encrypt and sign mail.
    public static let mobileDevices = CertificateTemplate(
        name: "Mobile Devices",
        validityDays: 730,
        keyUsage: [.digitalSignature, .keyEncipherment],
        extendedKeyUsage: [.ExtendedKeyUsage.clientAuth, .ExtendedKeyUsage.emailProtection]
    )

    /// For routers, switches and firewalls: 1095 days, which also are TLS servers.
    public static let networkEquipment = CertificateTemplate(
        name: "Network Equipment",
        validityDays: 1095,
        keyUsage: [.digitalSignature, .keyEncipherment],
        extendedKeyUsage: [.ExtendedKeyUsage.clientAuth, .ExtendedKeyUsage.serverAuth]
    )

    /// The templates that a profile can choose from without anybody having made one.
    public static let builtIn: [CertificateTemplate] = [.default, .mobileDevices, .networkEquipment]

    /// The built-in template with a name.
    ///
    /// - Parameter name: The name in any case, or its ``slug``: `Mobile Devices` or `mobile-devices`.
    /// - Returns: The template; nil where there is none.
    public static func builtIn(named name: String) -> CertificateTemplate? {
        let slug = Self.slug(of: name)
        return self.builtIn.first { $0.slug == slug }
    }

    /// The name as it is written in a URL or a configuration: small letters and digits with hyphens between words.
    public var slug: String { Self.slug(of: self.name) }

    private static func slug(of name: String) -> String {
        name.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
    }

    /// For the registration authority that answers SCEP requests.
    ///
    /// No extended key usage: Microsoft's certificate request agent would be an enrolment agent's credential in a
    /// forest that trusts the CA.
    public static let registrationAuthority = CertificateTemplate(
        name: "Registration authority",
        validityDays: 730,
        keyUsage: [.digitalSignature, .keyEncipherment],
        extendedKeyUsage: []
    )

    /// For this server's own HTTPS, whose key is ECDSA and cannot encipher (RFC 5480 §3).
    public static let server = CertificateTemplate(
        name: "Server",
        validityDays: 90,
        keyUsage: [.digitalSignature],
        extendedKeyUsage: [.ExtendedKeyUsage.serverAuth]
    )
}

extension ASN1ObjectIdentifier {
    /// The purposes of certificates, RFC 5280 §4.2.1.12.
    public enum ExtendedKeyUsage {
        /// TLS servers.
        public static let serverAuth: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 3, 1]
        /// TLS clients.
        public static let clientAuth: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 3, 2]
        /// Signing and encrypting mail.
        public static let emailProtection: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 3, 4]
    }

    /// The extensions that are written or looked at, RFC 5280 §4.2.1.
    public enum Extension {
        /// subjectKeyIdentifier.
        public static let subjectKeyIdentifier: ASN1ObjectIdentifier = [2, 5, 29, 14]
        /// keyUsage.
        public static let keyUsage: ASN1ObjectIdentifier = [2, 5, 29, 15]
        /// subjectAltName.
        public static let subjectAltName: ASN1ObjectIdentifier = [2, 5, 29, 17]
        /// basicConstraints.
        public static let basicConstraints: ASN1ObjectIdentifier = [2, 5, 29, 19]
        /// cRLNumber, of CRLs (§5.2.3).
        public static let cRLNumber: ASN1ObjectIdentifier = [2, 5, 29, 20]
        /// authorityKeyIdentifier.
        public static let authorityKeyIdentifier: ASN1ObjectIdentifier = [2, 5, 29, 35]
        /// extKeyUsage.
        public static let extendedKeyUsage: ASN1ObjectIdentifier = [2, 5, 29, 37]
    }
}
