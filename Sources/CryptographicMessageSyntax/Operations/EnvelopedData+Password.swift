extension EnvelopedData {
    /// Encrypts content for those who know a password, with PBKDF2 and PWRI-KEK (RFC 5652 §6.2.4, RFC 3211).
    ///
    /// - Parameters:
    ///   - content: The content.
    ///   - password: The password; for SCEP the challenge as UTF-8.
    ///   - cipher: How the content is encrypted, and its key.
    /// - Returns: The message.
    /// - Throws: ``CMSError`` with code `key` where the password is empty, which everybody knows.
    public static func seal(
        _ content: [UInt8],
        password: [UInt8],
        cipher: ContentEncryptionAlgorithm
    ) throws -> EnvelopedData {
        try Self.seal(content, password: password, cipher: cipher, derivation: PBKDF2())
    }

    /// Encrypts content with a key derivation of the caller's choice.
    static func seal(
        _ content: [UInt8],
        password: [UInt8],
        cipher: ContentEncryptionAlgorithm,
        derivation: PBKDF2
    ) throws -> EnvelopedData {
        guard !password.isEmpty else { throw CMSError(.key, "nothing is encrypted with an empty password") }
        let key = [UInt8].random(count: cipher.keyLength)
        let vector = [UInt8].random(count: cipher.blockLength)
        let wrap = PasswordKeyWrap(cipher: cipher)
        let keyEncryptionKey = try derivation.key(from: password, length: cipher.keyLength)
        return EnvelopedData(
            recipientInfos: [
                .password(
                    PasswordRecipientInfo(
                        keyDerivationAlgorithm: try derivation.identifier,
                        keyEncryptionAlgorithm: try wrap.identifier,
                        encryptedKey: try wrap.wrap(key, with: keyEncryptionKey)
                    )
                )
            ],
            contentType: .CMS.data,
            contentEncryptionAlgorithm: cipher.identifier(initializationVector: vector),
            encryptedContent: try cipher.encrypt(content, key: key, initializationVector: vector)
        )
    }

    /// Decrypts the content with a password.
    ///
    /// Only the first PasswordRecipientInfo is tried: each of them costs what its sender wants it to cost.
    ///
    /// - Parameter password: The password.
    /// - Returns: The content.
    /// - Throws: ``CMSError``: `recipient` where the message is for no password; `unsupportedAlgorithm`, `malformed` or
    ///   `tooComplex` for what was visible from outside, before any work; `decryption` for everything that depends on
    ///   the password.
    public func open(password: [UInt8]) throws(CMSError) -> [UInt8] {
        let recipient = try self.passwordRecipient()
        let cipher = try self.contentEncryption
        let vector = try cipher.initializationVector(of: self.contentEncryptionAlgorithm)
        let wrap = try PasswordKeyWrap(recipient.keyEncryptionAlgorithm)
        try wrap.check(recipient.encryptedKey, holds: cipher.keyLength)
        guard let derivation = recipient.keyDerivationAlgorithm else {
            throw CMSError(.unsupportedAlgorithm, "the envelope does not say how its key is derived from the password")
        }
        let keyEncryptionKey = try PBKDF2(derivation).key(from: password, length: wrap.cipher.keyLength)
        guard let key = wrap.unwrap(recipient.encryptedKey, with: keyEncryptionKey, length: cipher.keyLength) else {
            throw .contentDoesNotDecrypt
        }
        return try cipher.decrypt(self.encryptedContent, key: key, initializationVector: vector)
    }

    private func passwordRecipient() throws(CMSError) -> PasswordRecipientInfo {
        for case .password(let info) in self.recipientInfos { return info }
        throw CMSError(
            .recipient,
            "none of the \(self.recipientInfos.count) recipients of the envelope opens it with a password"
        )
    }
}
