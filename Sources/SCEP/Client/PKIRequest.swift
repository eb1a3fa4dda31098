public import CryptographicMessageSyntax

/// A pkiMessage that a client sends (RFC 8894 §3.3.1).
public struct PKIRequest: Sendable {
    /// What the message is for.
    public var messageType: MessageType
    /// The transaction; the same one when polling.
    public var transactionID: TransactionID
    /// Fresh and random; the answer has to give it back.
    public var senderNonce: [UInt8]
    /// What is encrypted: a PKCS#10 request for PKCSReq and RenewalReq.
    public var content: [UInt8]

    /// Makes a request.
    ///
    /// - Parameters:
    ///   - messageType: What the message is for.
    ///   - transactionID: The transaction.
    ///   - content: What is encrypted.
    ///   - senderNonce: A nonce; 16 random bytes where nil.
    public init(
        _ messageType: MessageType,
        transactionID: TransactionID,
        content: [UInt8],
        senderNonce: [UInt8]? = nil
    ) {
        self.messageType = messageType
        self.transactionID = transactionID
        self.content = content
        self.senderNonce = senderNonce ?? .random(count: 16)
    }

    /// Encrypts and signs the message.
    ///
    /// - Parameters:
    ///   - recipients: For whom: the RA's certificate, or the CA's where there is no RA.
    ///   - signer: The client's certificate: self-signed for an enrolment, the existing one for a renewal.
    ///   - key: The key of that certificate.
    ///   - digest: The digest of the signature.
    ///   - cipher: How the content is encrypted.
    ///   - transport: How the key to the content is encrypted.
    /// - Returns: The pkiMessage as DER.
    /// - Throws: ``CMSError``, or what the key throws.
    public func encoded(
        for recipients: [SignerCertificate],
        signer: SignerCertificate,
        key: any MessageSigningKey,
        digest: DigestAlgorithm = .sha256,
        cipher: ContentEncryptionAlgorithm = .aes128,
        transport: KeyTransportAlgorithm = .pkcs1
    ) throws -> [UInt8] {
        let envelope = try EnvelopedData.seal(
            self.content,
            for: recipients,
            cipher: cipher,
            transport: transport
        )
        return try SignedData.sign(
            try envelope.derEncoded(),
            attributes: [
                .printable(.SCEP.transactionID, self.transactionID.bytes),
                .printable(.SCEP.messageType, "\(self.messageType.rawValue)".utf8),
                .octets(.SCEP.senderNonce, self.senderNonce),
            ],
            key: key,
            signer: signer.identifier,
            digest: digest,
            certificates: [signer.encoded]
        ).derEncoded()
    }
}
