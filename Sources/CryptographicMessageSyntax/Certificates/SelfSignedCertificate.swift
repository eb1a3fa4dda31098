public import Foundation
import SwiftASN1

/// The certificate that a client makes for its first request, before it has one of a CA (RFC 8894 §2.3).
public enum SelfSignedCertificate {
    /// Makes and signs one with digitalSignature, and with keyEncipherment where the key is RSA.
    ///
    /// Nothing can be encrypted to another key, and its certificate must not say so (RFC 8813 §3).
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
        let algorithm = try key.signatureAlgorithm(digest: digest).identifier
        // digitalSignature alone, or with keyEncipherment
        let usage: [UInt8] = publicKey.rsaBits == nil ? [0x03, 0x02, 0x07, 0x80] : [0x03, 0x02, 0x05, 0xa0]
        let certificate = TBSCertificate(
            serialNumber: serialNumber,
            signature: algorithm,
            issuer: subject,
            notBefore: notBefore,
            notAfter: notAfter,
            subject: subject,
            publicKey: publicKey,
            // keyUsage
            extensions: [CertificateExtension([2, 5, 29, 15], isCritical: true, value: usage)]
        )
        let toBeSigned = certificate.derEncoded()
        let signature = try key.signature(for: toBeSigned, digest: digest)
        return try SignerCertificate(
            encoded: TBSCertificate.signed(toBeSigned, algorithm: algorithm, signature: signature)
        )
    }
}
