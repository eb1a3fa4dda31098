/// A private key that signs messages, wherever it lives.
public protocol MessageSigningKey: Sendable {
    /// How this key signs with a digest.
    ///
    /// - Throws: ``CMSError`` with code `unsupportedAlgorithm` where it does not.
    func signatureAlgorithm(digest: DigestAlgorithm) throws(CMSError) -> SignatureAlgorithm

    /// Signs in the way that ``signatureAlgorithm(digest:)`` says.
    ///
    /// - Parameters:
    ///   - message: What is signed; the key makes the digest itself.
    ///   - digest: Which digest.
    /// - Returns: The signature.
    /// - Throws: Whatever keeps the key from signing.
    func signature(for message: [UInt8], digest: DigestAlgorithm) throws -> [UInt8]
}

/// A private RSA key that decrypts content-encryption keys, wherever it lives.
public protocol KeyTransportKey: Sendable {
    /// Decrypts a content-encryption key whose length is known.
    ///
    /// It never fails: where there is no key of that length inside, it gives the substitute. Neither the result nor
    /// the time tells which, because bad padding that can be told from other failures is Bleichenbacher's oracle
    /// (RFC 3218 §2.3.2).
    ///
    /// - Parameters:
    ///   - encryptedKey: What was encrypted to this key.
    ///   - transport: How.
    ///   - substitute: Random bytes, as many as the key should have.
    /// - Returns: The key, or the substitute.
    func decrypt(_ encryptedKey: [UInt8], transport: KeyTransportAlgorithm, orElse substitute: [UInt8]) -> [UInt8]
}
