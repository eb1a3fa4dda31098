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
    ///   - profile: The profile through which it was requested; nil where it came otherwise.
    ///   - publicKey: The key, by which others of the same device are found; nil for the server's own.
    ///   - template: The name of the template by which it was made.
    ///   - origin: How it came to be issued.
    ///   - issuer: Who had it issued; nil for a device that asked by itself.
    ///   - assignedTemplate: The name of the template, where it was decided for this device.
    ///   - assignedDays: How many days it is valid, where that was decided for this device.
    ///   - requested: The names that were asked for, and the subject among them as people read it; where the certificate has
    ///     the same, they are not read again.
    public init(
        _ certificate: IssuedCertificate,
        profile: String?,
        publicKey: SubjectPublicKeyInfo? = nil,
        template: String? = nil,
        origin: CertificateOrigin = .scep,
        issuedBy issuer: String? = nil,
        assignedTemplate: String? = nil,
        assignedDays: Int? = nil,
        requested: (names: RequestedNames, subject: String)? = nil
    ) {
        let known = requested.flatMap {
            $0.names.areNames(subject: certificate.subject, extensions: certificate.extensions) ? $0 : nil
        }
        self.init(
            serialNumber: certificate.serialNumber,
            profile: profile,
            subject: known?.subject ?? ReadableText.name(certificate.subject),
            notBefore: certificate.notBefore,
            notAfter: certificate.notAfter,
            encoded: certificate.encoded,
            keyDigest: publicKey.map { Array(SHA256.hash(data: $0.derEncoded)) },
            assignedTemplate: assignedTemplate,
            assignedDays: assignedDays,
            template: template,
            origin: origin,
            issuedBy: issuer,
            names: (known?.names ?? certificate.names)?.searchable ?? []
        )
    }
}

extension IssuedCertificate {
    /// What it calls its owner; nil where that cannot be read.
    fileprivate var names: RequestedNames? {
        try? RequestedNames(subject: self.subject, extensions: self.extensions)
    }
}

extension RequestedNames {
    /// What somebody who looks for it may type: the values of the subject's common names and of the SANs.
    fileprivate var searchable: [String] {
        self.subject.filter { $0.type == "CN" }.compactMap(\.text) + self.alternativeNames.compactMap(\.text)
    }
}
