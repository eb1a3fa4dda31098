/// A private key that signs messages, wherever it lives.
public protocol MessageSigningKey: Sendable {
    /// Signs with RSASSA-PKCS1-v1_5.
    ///
    /// - Parameters:
    ///   - message: What is signed; the key makes the digest itself.
    ///   - digest: Which digest.
    /// - Throws: Whatever keeps the key from signing.
    func signature(for message: [UInt8], digest: DigestAlgorithm) throws -> [UInt8]
}

/// A private RSA key that decrypts content-encryption keys, wherever it lives.
public protocol KeyTransportKey: Sendable {
    /// Decrypts a content-encryption key.
    ///
    /// - Throws: Whatever keeps the key from decrypting. The caller does not tell the causes apart.
    func decrypt(_ encryptedKey: [UInt8], transport: KeyTransportAlgorithm) throws -> [UInt8]
}
