public import CertificateAuthority
import CryptographicMessageSyntax
import Foundation
public import Registry

extension Issuer {
    /// Prepares and signs a certificate.
    ///
    /// - Throws: ``IssuanceError``, or what the key throws.
    func issue(
        _ request: RequestedCertificate,
        template: CertificateTemplate,
        at now: Date
    ) throws -> IssuedCertificate {
        try self.issue(
            try self.prepare(
                request,
                template: template,
                serialNumber: Issuer.serialNumber(from: .random(count: 20)),
                now: now
            )
        )
    }
}

extension NewCertificate {
    /// Describes an issued certificate to the registry.
    public init(_ certificate: IssuedCertificate, profile: String?, subject: String) {
        self.init(
            serialNumber: certificate.serialNumber,
            profile: profile,
            subject: subject,
            notBefore: certificate.notBefore,
            notAfter: certificate.notAfter,
            encoded: certificate.encoded
        )
    }
}
