public import CertificateAuthority
import Crypto
public import CryptographicMessageSyntax
import Foundation
public import Registry

extension Issuer {
    /// Prepares and signs a certificate.
    ///
    /// - Throws: ``IssuanceError``, or what the key throws.
    func issue(
        _ request: RequestedCertificate,
        template: CertificateTemplate,
        validityDays: Int? = nil,
        at now: Date
    ) throws -> IssuedCertificate {
        try self.issue(
            try self.prepare(
                request,
                template: template,
                validityDays: validityDays,
                serialNumber: Issuer.serialNumber(from: .random(count: 20)),
                now: now
            )
        )
    }
}

extension NewCertificate {
    /// Describes an issued certificate to the registry.
    ///
    /// - Parameters:
    ///   - certificate: The certificate.
    ///   - profile: The profile through which it was requested; nil for the server's own.
    ///   - subject: The subject, readable.
    ///   - publicKey: The key, by which others of the same device are found; nil for the server's own.
    ///   - assignedTemplate: The name of the template, where it was decided for this device.
    ///   - assignedDays: How many days it is valid, where that was decided for this device.
    public init(
        _ certificate: IssuedCertificate,
        profile: String?,
        subject: String,
        publicKey: SubjectPublicKeyInfo? = nil,
        assignedTemplate: String? = nil,
        assignedDays: Int? = nil
    ) {
        self.init(
            serialNumber: certificate.serialNumber,
            profile: profile,
            subject: subject,
            notBefore: certificate.notBefore,
            notAfter: certificate.notAfter,
            encoded: certificate.encoded,
            keyDigest: publicKey.map { Array(SHA256.hash(data: $0.derEncoded)) },
            assignedTemplate: assignedTemplate,
            assignedDays: assignedDays
        )
    }
}
