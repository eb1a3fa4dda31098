public import CryptographicMessageSyntax
public import Foundation

/// What somebody asks to be certified.
public struct RequestedCertificate: Hashable, Sendable {
    /// The subject's Name, encoded.
    public var subject: [UInt8]
    /// The key, which the issuer has found fit.
    public var key: CertifiableKey
    /// The extensions that are asked for.
    public var extensions: [CertificateExtension]
    /// Whether somebody has decided on the subject, so that the template does not: a renewal has the subject of the
    /// certificate that it renews, and an approver may have written another one.
    public var isSubjectDecided: Bool
    /// Whether somebody has decided on the SANs in the same way.
    public var areAlternativeNamesDecided: Bool

    /// Makes a request.
    public init(
        subject: [UInt8],
        key: CertifiableKey,
        extensions: [CertificateExtension],
        isSubjectDecided: Bool = false,
        areAlternativeNamesDecided: Bool = false
    ) {
        self.subject = subject
        self.key = key
        self.extensions = extensions
        self.isSubjectDecided = isSubjectDecided
        self.areAlternativeNamesDecided = areAlternativeNamesDecided
    }
}

/// A key that an issuer has found fit to be certified; there is no other way to a certificate.
public struct CertifiableKey: Hashable, Sendable {
    let publicKey: SubjectPublicKeyInfo
}

/// A certificate that is decided on in every detail and needs only its signature.
///
/// It can be redeemed once: the type system sees to it that no path signs twice.
public struct PreparedCertificate: ~Copyable, Sendable {
    let certificate: TBSCertificate
    let toBeSigned: [UInt8]

    /// Encodes a certificate.
    init(_ certificate: TBSCertificate) {
        self.certificate = certificate
        self.toBeSigned = certificate.derEncoded()
    }
}

/// A certificate that is signed, and not yet out of the house.
public struct IssuedCertificate: Hashable, Sendable {
    /// The certificate as DER.
    public let encoded: [UInt8]
    /// The content octets of the serial number.
    public let serialNumber: [UInt8]
    /// The subject's Name, encoded.
    public let subject: [UInt8]
    /// The first second of the validity.
    public let notBefore: Date
    /// The last second of the validity.
    public let notAfter: Date
    /// The extensions, in order.
    public let extensions: [CertificateExtension]
}
