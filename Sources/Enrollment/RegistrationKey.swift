public import CertificateAuthority
public import CryptographicMessageSyntax
import SwiftASN1
import X509

/// A certificate to which clients encrypt, and whose key answers them.
public struct RegistrationKey: Sendable {
    /// The certificate: the RA's, or the CA's in CA mode.
    public let certificate: SignerCertificate
    /// Its key.
    public let key: any AuthorityKey
    /// Whether the certificate has digitalSignature and keyEncipherment, without which Windows and Apple stop after
    /// GetCACert.
    public let isFitToAnswer: Bool

    /// Puts a certificate and its key together.
    ///
    /// - Throws: ``CMSError`` where the certificate cannot be read, or is not the key's, or the key is not RSA.
    public init(certificate: [UInt8], key: any AuthorityKey) throws(CMSError) {
        self.certificate = try SignerCertificate(encoded: certificate)
        self.key = key
        let usage = try? Certificate(derEncoded: certificate).extensions.keyUsage
        self.isFitToAnswer = usage.map { $0.digitalSignature && $0.keyEncipherment } ?? false
        guard self.certificate.publicKey.isSameKey(as: key.publicKey) else {
            throw CMSError(.key, "the private key of the registration authority does not belong to its certificate")
        }
        guard key.publicKey.rsaBits != nil else {
            throw CMSError(.key, "SCEP requests can only be answered with an RSA key: use RA mode with an ECDSA CA")
        }
    }
}
