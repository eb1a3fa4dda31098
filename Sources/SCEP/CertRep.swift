public import CryptographicMessageSyntax
import SwiftASN1

/// A server's answer to a PKIOperation (RFC 8894 §3.3.2).
public enum CertRep: Hashable, Sendable {
    /// Granted: the certificates, the requested one first, and CRLs where one was asked for.
    case success(certificates: [[UInt8]], crls: [[UInt8]])
    /// Rejected, with a text for people that gives nothing away.
    case failure(FailInfo, text: String)
    /// Waiting for manual approval.
    case pending

    /// The pkiStatus.
    public var status: PKIStatus {
        switch self {
        case .success: .success
        case .failure: .failure
        case .pending: .pending
        }
    }
}

/// Who signs CertReps: the registration authority, or the CA itself in CA mode.
public struct CertRepSigner: Sendable {
    let certificate: SignerCertificate
    let key: any MessageSigningKey

    /// Makes a signer from its certificate and key.
    public init(certificate: SignerCertificate, key: any MessageSigningKey) {
        self.certificate = certificate
        self.key = key
    }
}

/// Under what a SUCCESS is encrypted.
public enum AnswerEncryption: Hashable, Sendable {
    /// To the key that signed the request (RFC 8894 §2.3).
    case signerKey
    /// Under a secret that both sides know, the challenge: for a signer whose key cannot receive anything (ECDSA).
    case password([UInt8])
}

extension CertRep {
    /// Signs the answer, and encrypts it where there is something in it.
    ///
    /// FAILURE and PENDING have no pkcsPKIEnvelope: RFC 8894 §3.2.2 means absent, but certmonger and pyscep break on
    /// absent content, so a zero-length one is written, which every client reads.
    ///
    /// - Parameters:
    ///   - request: What is answered; its transactionID and senderNonce are given back.
    ///   - digest: The digest of the signature.
    ///   - cipher: How a SUCCESS is encrypted.
    ///   - encryption: Under what it is encrypted.
    ///   - signer: Who signs.
    ///   - senderNonce: Fresh and random, 16 bytes (RFC 8894 §3.2.1.5).
    /// - Returns: The pkiMessage as DER.
    /// - Throws: What the key throws; ``CMSError`` with code `key` where nothing can be encrypted to the client.
    public func encoded(
        answering request: UnverifiedPKIMessage,
        digest: DigestAlgorithm,
        cipher: ContentEncryptionAlgorithm,
        encryption: AnswerEncryption = .signerKey,
        signer: CertRepSigner,
        senderNonce: [UInt8]
    ) throws -> [UInt8] {
        var attributes: [Attribute] = [
            .printable(.SCEP.transactionID, request.transactionID.bytes),
            .printable(.SCEP.messageType, "\(MessageType.certRep.rawValue)".utf8),
            .printable(.SCEP.pkiStatus, "\(self.status.rawValue)".utf8),
            .octets(.SCEP.senderNonce, senderNonce),
        ]
        if let nonce = request.senderNonce {
            attributes.append(.octets(.SCEP.recipientNonce, nonce))
        }
        var content: [UInt8] = []
        switch self {
        case .success(let certificates, let crls):
            let bag = SignedData(certificates: certificates, crls: crls).derEncoded()
            let envelope =
                switch encryption {
                case .signerKey:
                    try EnvelopedData.seal(bag, for: [request.signer.certificate], cipher: cipher)
                case .password(let password):
                    try EnvelopedData.seal(bag, password: password, cipher: cipher)
                }
            content = try envelope.derEncoded()
        case .failure(let failInfo, let text):
            attributes.append(.printable(.SCEP.failInfo, "\(failInfo.rawValue)".utf8))
            attributes.append(try Attribute(.SCEP.failInfoText, value: ASN1UTF8String(text)))
        case .pending:
            break
        }
        return try SignedData.sign(
            content,
            attributes: attributes,
            key: signer.key,
            signer: signer.certificate.identifier,
            digest: digest,
            certificates: [signer.certificate.encoded]
        ).derEncoded()
    }
}
