extension CertificateTemplate {
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
}

extension CertificateTemplate {
    /// For the registration authority that answers SCEP requests.
    ///
    /// No extended key usage: Microsoft's certificate request agent would be an enrolment agent's credential in a
    /// forest that trusts the CA.
    public static let registrationAuthority = Self.own(
        CertificateTemplate(
            name: "Registration authority",
            validityDays: 730,
            keyUsage: [.digitalSignature, .keyEncipherment],
            extendedKeyUsage: []
        )
    )

    /// For this server's own HTTPS, whose key is ECDSA and cannot encipher (RFC 5480 §3).
    public static let server = Self.own(
        CertificateTemplate(
            name: "Server",
            validityDays: 90,
            keyUsage: [.digitalSignature],
            extendedKeyUsage: [.ExtendedKeyUsage.serverAuth]
        )
    )

    /// For the key that signs OCSP responses in a CA's place (RFC 6960 §4.2.2.2).
    ///
    /// ``Issuer/issueOwn(name:key:hostNames:template:serialNumber:now:)`` adds id-pkix-ocsp-nocheck, so it is short-lived.
    public static let ocspResponder = Self.own(
        CertificateTemplate(
            name: "OCSP responder",
            validityDays: 30,
            keyUsage: [.digitalSignature],
            extendedKeyUsage: [.ExtendedKeyUsage.ocspSigning]
        )
    )

    /// A template for the server's own keys, whose certificates name no URLs: they are replaced, not revoked.
    private static func own(_ template: CertificateTemplate) -> CertificateTemplate {
        var template = template
        template.crlURLs = []
        template.issuerURLs = []
        template.ocspURLs = []
        return template
    }
}
