import SwiftASN1
import TestSupport

@testable import CryptographicMessageSyntax
@testable import SCEP

/// What clients write that our own code never does.
enum OldFormats {
    /// RSASSA-PKCS1-v1_5 with any digest, also MD5, and with or without the NULL in the DigestInfo (RFC 8017 §9.2).
    static func signature(
        of message: [UInt8],
        by key: RSAPrivateKey,
        digest: DigestAlgorithm,
        hasNull: Bool = true
    ) throws -> [UInt8] {
        let algorithm = hasNull ? digest.identifier : AlgorithmIdentifier(digest.identifier.algorithm)
        let digestInfo = DERWriter.encode { coder in
            coder.appendConstructed(.sequence) { coder in
                coder.serialize(algorithm)
                coder.appendOctetString(digest.digest(of: message))
            }
        }
        let length = (key.publicKey.rsaBits ?? 0) / 8
        let filling = [UInt8](repeating: 0xff, count: length - digestInfo.count - 3)
        return try LibcryptoRSAKey(derEncoded: key.pkcs8).decryptedBlock([0, 1] + filling + [0] + digestInfo)
    }

    /// An envelope in single DES whose algorithm identifier has no initialization vector, which then is zeros.
    static func envelopeWithoutVector(
        around content: [UInt8],
        for recipient: SignerCertificate
    ) throws -> EnvelopedData {
        let cipher = ContentEncryptionAlgorithm.des
        let key = [UInt8].random(count: cipher.keyLength)
        var envelope = try EnvelopedData.seal(content, for: [recipient], cipher: cipher)
        try envelope.changeRecipient { $0.encryptedKey = try recipient.publicKey.encrypt(key, transport: .pkcs1) }
        envelope.contentEncryptionAlgorithm = AlgorithmIdentifier(.Algorithm.desCBC)
        envelope.encryptedContent = try cipher.encrypt(
            content,
            key: key,
            initializationVector: [UInt8](repeating: 0, count: cipher.blockLength)
        )
        return envelope
    }

    /// A public key whose algorithm has no NULL.
    static func withoutNull(_ key: SubjectPublicKeyInfo) throws -> SubjectPublicKeyInfo {
        try SubjectPublicKeyInfo(derEncoded: try ASN1Tree(key.derEncoded).removing([0, 1]).der)
    }
}

extension TestClient {
    /// The same device with a certificate as an old client makes it, signed by the device's key.
    ///
    /// - Parameter change: Changes the certificate before it is signed; the tree is the TBSCertificate.
    /// - Returns: The device.
    /// - Throws: What the change or the key throws.
    func changingCertificate(_ change: (inout ASN1Tree) throws -> Void) throws -> TestClient {
        var certificate = try ASN1Tree(self.certificate.encoded)[0]
        try change(&certificate)
        return try self.holding(
            try TBSCertificate.signed(
                certificate.der,
                algorithm: try self.key.signatureAlgorithm(digest: .sha256).identifier,
                signature: try self.key.signature(for: certificate.der, digest: .sha256)
            )
        )
    }
}

extension CertificationRequest {
    /// The request after a change to what is signed, signed again.
    ///
    /// - Parameters:
    ///   - key: The key that is to be certified.
    ///   - digest: The digest of the signature.
    ///   - change: Changes the request before it is signed; the tree is the CertificationRequestInfo.
    /// - Returns: The request as DER.
    /// - Throws: What the change or the key throws.
    func changed(
        signedBy key: RSAPrivateKey,
        digest: DigestAlgorithm = .sha256,
        _ change: (inout ASN1Tree) throws -> Void
    ) throws -> [UInt8] {
        var info = try ASN1Tree(self.encoded)[0]
        try change(&info)
        return try TBSCertificate.signed(
            info.der,
            algorithm: try SignatureAlgorithm(.rsaPKCS1, digest: digest).identifier,
            signature: try OldFormats.signature(of: info.der, by: key, digest: digest)
        )
    }
}
