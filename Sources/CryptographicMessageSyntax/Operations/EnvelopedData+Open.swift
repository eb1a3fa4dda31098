import Foundation
import SwiftASN1

extension EnvelopedData {
    /// How the content is encrypted.
    ///
    /// - Throws: ``CMSError`` with code `unsupportedAlgorithm`.
    public var contentEncryption: ContentEncryptionAlgorithm {
        get throws(CMSError) { try ContentEncryptionAlgorithm(self.contentEncryptionAlgorithm) }
    }

    /// Finds the RecipientInfo for a certificate; some clients make one for every certificate of GetCACert.
    ///
    /// - Throws: ``CMSError`` with code `recipient`.
    public func recipient(for certificate: SignerCertificate) throws(CMSError) -> KeyTransRecipientInfo {
        for case .keyTransport(let info) in self.recipientInfos where certificate.matches(info.recipient) {
            return info
        }
        throw CMSError(
            .recipient,
            "the envelope is for \(self.recipientInfos.count) other recipients: "
                + "the client used an old or a foreign CA or RA certificate"
        )
    }

    /// Decrypts the content.
    ///
    /// A content-encryption key that does not decrypt is replaced by a random one, so that the error comes from the
    /// content in every case: telling bad RSA padding from other failures would be Bleichenbacher's oracle (RFC 3218
    /// §2.3).
    ///
    /// - Parameters:
    ///   - recipient: From ``recipient(for:)``.
    ///   - key: The recipient's key.
    /// - Returns: The content.
    /// - Throws: ``CMSError``: `unsupportedAlgorithm` or `malformed` for what was visible from outside, `decryption`
    ///   for everything that depends on decrypted bytes.
    public func open(_ recipient: KeyTransRecipientInfo, with key: some KeyTransportKey) throws(CMSError) -> [UInt8] {
        let cipher = try self.contentEncryption
        let vector = try cipher.initializationVector(of: self.contentEncryptionAlgorithm)
        let transport = try KeyTransportAlgorithm(recipient.keyEncryptionAlgorithm)
        let contentEncryptionKey = key.decrypt(
            recipient.encryptedKey,
            transport: transport,
            orElse: .random(count: cipher.keyLength)
        )
        return try cipher.decrypt(self.encryptedContent, key: contentEncryptionKey, initializationVector: vector)
    }
}

extension EnvelopedData {
    /// Encrypts content for one recipient, whose key is transported by RSAES-PKCS1-v1_5 unless told otherwise.
    ///
    /// - Parameters:
    ///   - content: The content.
    ///   - recipients: The certificates of those who may read it.
    ///   - cipher: How the content is encrypted.
    ///   - transport: How the key is encrypted.
    /// - Returns: The message.
    /// - Throws: ``CMSError`` with code `key` where a recipient's key is not RSA.
    public static func seal(
        _ content: [UInt8],
        for recipients: [SignerCertificate],
        cipher: ContentEncryptionAlgorithm,
        transport: KeyTransportAlgorithm = .pkcs1
    ) throws -> EnvelopedData {
        let key = [UInt8].random(count: cipher.keyLength)
        let vector = [UInt8].random(count: cipher.blockLength)
        return EnvelopedData(
            recipientInfos: try recipients.map { recipient in
                .keyTransport(
                    KeyTransRecipientInfo(
                        recipient: .issuerAndSerialNumber(recipient.identifier),
                        keyEncryptionAlgorithm: transport.identifier,
                        encryptedKey: try recipient.publicKey.encrypt(key, transport: transport)
                    )
                )
            },
            contentType: .CMS.data,
            contentEncryptionAlgorithm: cipher.identifier(initializationVector: vector),
            encryptedContent: try cipher.encrypt(content, key: key, initializationVector: vector)
        )
    }
}

extension [UInt8] {
    /// Bytes from the system's generator of secrets.
    package static func random(count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            // One system call; swift-crypto asks for eight bytes at a time. It fails only for more than 256 bytes.
            let result = getentropy(buffer.baseAddress, count)
            precondition(result == 0, "the system gives no random bytes")
            initialized = count
        }
    }
}
