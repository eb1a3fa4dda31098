public import CryptographicMessageSyntax

/// Whether a renewal is for the holder of the certificate that it renews.
///
/// RFC 8894 §2.3 and §2.5: a certificate authenticates the request for its successor, and so for nothing that it does not say
/// itself. The subject has to be the same, SANs may go but not come. Everything else is the template's.
///
/// Names that compare as the same need not look the same to everybody: a NUL or a letter in another script's form is
/// enough. So what is written into the new certificate is what the old one has; the request only chooses from it.
public struct RenewedIdentity: Hashable, Sendable {
    /// The subject, as the certificate that is renewed has it.
    public let subject: [UInt8]
    /// The extensions that are asked for, with the SANs as the certificate that is renewed has them.
    public let extensions: [CertificateExtension]

    /// Refuses a renewal for another subject, or for more SANs.
    ///
    /// - Parameters:
    ///   - subject: The subject that is asked for, encoded.
    ///   - extensions: The extensions that are asked for.
    ///   - certificate: The certificate to be renewed, as DER.
    /// - Throws: ``IssuanceError``: `renewedSubject`, `renewedAlternativeNames`, `badExtension`, or
    ///   `renewedCertificate` where the certificate cannot be read.
    public init(
        subject: [UInt8],
        extensions: [CertificateExtension],
        renewing certificate: [UInt8]
    ) throws(IssuanceError) {
        let present: [UInt8]
        let presentNames: AlternativeNames
        do {
            present = try SignerCertificate(encoded: certificate).subject
            presentNames = try AlternativeNames(certificate: certificate)
        } catch {
            throw IssuanceError(.renewedCertificate, "the certificate to be renewed is not readable: \(error)")
        }
        guard NameComparison.isSame(subject, present) else {
            throw IssuanceError(
                .renewedSubject,
                "the renewal is for the subject \(ReadableText.name(subject)), but the certificate is for "
                    + "\(ReadableText.name(present)): enrol anew for another subject"
            )
        }
        let asked = try AlternativeNames(in: extensions)
        if let missing = asked.firstMissing(from: presentNames) {
            throw IssuanceError(
                .renewedAlternativeNames,
                "the renewal asks for the SAN \(missing.description), which the certificate for "
                    + "\(ReadableText.name(present)) does not have: enrol anew for another SAN"
            )
        }
        self.subject = present
        let kept = presentNames.extensionValue(keeping: asked)
        self.extensions = extensions.compactMap { requested in
            guard requested.identifier == .Extension.subjectAltName else { return requested }
            return kept.map { CertificateExtension(requested.identifier, isCritical: requested.isCritical, value: $0) }
        }
    }
}
