public import CryptographicMessageSyntax

/// Whether a renewal is for the holder of the certificate that it renews.
///
/// RFC 8894 §2.3 and §2.5: a certificate authenticates the request for its successor, and so for nothing that it does not say
/// itself. The subject has to be the same, SANs may go but not come. Everything else is the template's.
public enum RenewedIdentity {
    /// Refuses a renewal for another subject, or for more SANs.
    ///
    /// - Parameters:
    ///   - subject: The subject that is asked for, encoded.
    ///   - extensions: The extensions that are asked for.
    ///   - certificate: The certificate to be renewed, as DER.
    /// - Throws: ``IssuanceError``: `renewedSubject`, `renewedAlternativeNames`, `badExtension`, or
    ///   `renewedCertificate` where the certificate cannot be read.
    public static func check(
        subject: [UInt8],
        extensions: [CertificateExtension],
        against certificate: [UInt8]
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
    }
}
