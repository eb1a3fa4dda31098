public import Foundation
import SwiftASN1

/// The certificate that a client makes for its first request, before it has one of a CA (RFC 8894 §2.3).
public enum SelfSignedCertificate {
    /// Makes and signs one with digitalSignature and keyEncipherment.
    ///
    /// - Parameters:
    ///   - subject: The Name, encoded; the same as in the request.
    ///   - publicKey: The key.
    ///   - key: The same key's private half.
    ///   - serialNumber: The content octets of the serial number.
    ///   - notBefore: The start of the validity.
    ///   - notAfter: The end of the validity, which should outlast polling.
    ///   - digest: The digest of the signature.
    /// - Returns: The certificate.
    /// - Throws: What the key throws, or an ASN.1 error.
    public static func make(
        subject: [UInt8],
        publicKey: SubjectPublicKeyInfo,
        key: some MessageSigningKey,
        serialNumber: [UInt8] = [1],
        notBefore: Date,
        notAfter: Date,
        digest: DigestAlgorithm = .sha256
    ) throws -> SignerCertificate {
        let algorithm = SignatureAlgorithm(digest: digest).identifier
        let certificate = TBSCertificate(
            serialNumber: serialNumber,
            signature: algorithm,
            issuer: subject,
            notBefore: notBefore,
            notAfter: notAfter,
            subject: subject,
            publicKey: publicKey,
            // keyUsage: digitalSignature and keyEncipherment
            extensions: [
                CertificateExtension([2, 5, 29, 15], isCritical: true, value: [0x03, 0x02, 0x05, 0xa0])
            ]
        )
        let toBeSigned = try certificate.derEncoded()
        let signature = try key.signature(for: toBeSigned, digest: digest)
        return try SignerCertificate(
            encoded: TBSCertificate.signed(toBeSigned, algorithm: algorithm, signature: signature)
        )
    }
}
