import SwiftASN1

/// How a key that comes from a password encrypts the content-encryption key: PWRI-KEK with a cipher in CBC mode
/// (RFC 3211 §2.3, RFC 3370 §4.3.1).
///
/// The key is formatted as its length, the complement of its first three bytes to check by, itself, and random bytes
/// up to whole blocks, two at least; then encrypted twice, so that every bit depends on every other.
struct PasswordKeyWrap: Hashable, Sendable {
    /// The cipher.
    let cipher: ContentEncryptionAlgorithm
    /// The initialization vector of the inner encryption.
    let initializationVector: [UInt8]

    /// A wrap with a new vector, as we write it.
    init(cipher: ContentEncryptionAlgorithm) {
        self.cipher = cipher
        self.initializationVector = .random(count: cipher.blockLength)
    }

    /// Finds the wrap that an identifier names; its parameters are the identifier of the cipher.
    ///
    /// - Throws: ``CMSError``: `unsupportedAlgorithm` or `malformed`.
    init(_ identifier: AlgorithmIdentifier) throws(CMSError) {
        guard identifier.algorithm == .Algorithm.passwordKeyWrap, let parameters = identifier.parameters else {
            throw CMSError(
                .unsupportedAlgorithm,
                "the key encryption algorithm \(identifier.algorithm) is not supported for passwords, PWRI-KEK is"
            )
        }
        let inner = try decodeBER(parameters[...], as: "cipher of PWRI-KEK", AlgorithmIdentifier.init(node:))
        self.cipher = try ContentEncryptionAlgorithm(inner)
        self.initializationVector = try self.cipher.initializationVector(of: inner)
    }

    /// The identifier with the cipher and its vector.
    ///
    /// - Throws: An ASN.1 error.
    var identifier: AlgorithmIdentifier {
        get throws {
            let inner = self.cipher.identifier(initializationVector: self.initializationVector)
            return AlgorithmIdentifier(
                .Algorithm.passwordKeyWrap,
                parameters: DERWriter.encode { $0.serialize(inner) }
            )
        }
    }

    /// Encrypts a content-encryption key.
    ///
    /// - Parameters:
    ///   - key: The key, of 3 to 255 bytes.
    ///   - keyEncryptionKey: The key from the password.
    ///   - filling: Gives the bytes behind the key: random ones, except in a test.
    /// - Returns: The encrypted key.
    /// - Throws: ``CMSError`` with code `key` where a key has the wrong length.
    func wrap(
        _ key: [UInt8],
        with keyEncryptionKey: [UInt8],
        filling: (Int) -> [UInt8] = [UInt8].random(count:)
    ) throws -> [UInt8] {
        guard let length = UInt8(exactly: key.count), length >= 3 else {
            throw CMSError(.key, "a key of \(key.count) bytes cannot be wrapped")
        }
        let block = self.cipher.blockLength
        let whole = max(2, (4 + key.count + block - 1) / block) * block
        let formatted = [length] + key.prefix(3).map { ~$0 } + key + filling(whole - 4 - key.count)
        let inner = try self.cipher.transform(
            formatted,
            key: keyEncryptionKey,
            initializationVector: self.initializationVector,
            encrypting: true
        )
        return try self.cipher.transform(
            inner,
            key: keyEncryptionKey,
            initializationVector: inner.suffix(block),
            encrypting: true
        )
    }

    /// Refuses an encrypted key that can be none, which anybody can see.
    ///
    /// - Throws: ``CMSError`` with code `malformed`.
    func check(_ encryptedKey: [UInt8], holds length: Int) throws(CMSError) {
        let block = self.cipher.blockLength
        guard encryptedKey.count % block == 0, encryptedKey.count >= max(2 * block, length + 4) else {
            throw CMSError(.malformed, "PWRI-KEK with an encrypted key of \(encryptedKey.count) bytes")
        }
    }

    /// Decrypts a content-encryption key.
    ///
    /// - Parameters:
    ///   - encryptedKey: The encrypted key, checked.
    ///   - keyEncryptionKey: The key from the password.
    ///   - length: How many bytes the key has.
    /// - Returns: The key; nil where length or check bytes are others, so that the password is wrong.
    func unwrap(_ encryptedKey: [UInt8], with keyEncryptionKey: [UInt8], length: Int) -> [UInt8]? {
        let block = self.cipher.blockLength
        func decrypt(_ bytes: [UInt8], _ vector: [UInt8]) -> [UInt8]? {
            try? self.cipher.transform(
                bytes,
                key: keyEncryptionKey,
                initializationVector: vector,
                encrypting: false
            )
        }
        // The last block of the inner encryption is the vector of the outer one, so it has to be had first.
        let front = Array(encryptedKey.dropLast(block))
        guard let last = decrypt(Array(encryptedKey.suffix(block)), Array(front.suffix(block))),
            let rest = decrypt(front, last),
            let formatted = decrypt(rest + last, self.initializationVector),
            length >= 3, formatted.count >= length + 4
        else { return nil }
        let key = Array(formatted[4..<4 + length])
        var wrong = formatted[0] ^ UInt8(truncatingIfNeeded: length)
        for index in 0..<3 { wrong |= ~(formatted[1 + index] ^ key[index]) }
        return wrong == 0 ? key : nil
    }
}
