import CLibcrypto

/// The encryption of a PEM block by its headers, as OpenSSL did it before PKCS#8.
///
/// ```
/// Proc-Type: 4,ENCRYPTED
/// DEK-Info: AES-256-CBC,0123456789ABCDEF0123456789ABCDEF
/// ```
/// RFC 1421 §4.6.1 has the headers; the key is made from the password by one round of MD5, with the first eight bytes of
/// the vector as salt (`EVP_BytesToKey`).
enum TraditionalEncryption {
    /// Whether the content of a block is encrypted.
    static func isUsed(in block: PEMBlock) -> Bool { block.headers["Proc-Type"]?.hasSuffix("ENCRYPTED") ?? false }

    /// Decrypts the content of a block.
    ///
    /// - Parameters:
    ///   - block: The block.
    ///   - password: The password.
    /// - Returns: The key.
    /// - Throws: ``KeyFileError``.
    static func decrypted(_ block: PEMBlock, password: String?) throws(KeyFileError) -> [UInt8] {
        let parts = (block.headers["DEK-Info"] ?? "").split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 2, let vector = Self.octets(parts[1]) else {
            throw KeyFileError(.unreadable, "the header DEK-Info of the private key is missing or damaged")
        }
        return try KeyFileLibrary.run { () throws(KeyFileError) in
            guard let cipher = EVP_CIPHER_fetch(nil, String(parts[0]), nil) else { throw Self.unknown }
            defer { EVP_CIPHER_free(cipher) }
            // Only ciphers that chain blocks were ever written so; others have no check of their own.
            guard EVP_CIPHER_get_mode(cipher) == EVP_CIPH_CBC_MODE else { throw Self.unknown }
            guard vector.count == Int(EVP_CIPHER_get_iv_length(cipher)), vector.count >= 8 else {
                throw KeyFileError(.unreadable, "the vector in the header DEK-Info has a wrong length")
            }
            let password = try FilePassword(required: password)
            let key = try Self.key(for: cipher, password: password, salt: Array(vector.prefix(8)))
            return try Self.transform(block.content, by: cipher, key: key, vector: vector)
        }
    }

    private static var unknown: KeyFileError {
        KeyFileError(.unsupportedEncryption, "the private key is encrypted by a cipher that is not known here")
    }

    private static func octets(_ digits: Substring) -> [UInt8]? {
        let digits = Array(digits.utf8)
        guard digits.count % 2 == 0, !digits.isEmpty, digits.count <= 64 else { return nil }
        var octets: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard digits[index] != UInt8(ascii: "+"), digits[index] != UInt8(ascii: "-"),
                let octet = UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16)
            else { return nil }
            octets.append(octet)
        }
        return octets
    }

    private static func key(
        for cipher: OpaquePointer,
        password: FilePassword,
        salt: [UInt8]
    ) throws(KeyFileError) -> [UInt8] {
        let length = Int(EVP_CIPHER_get_key_length(cipher))
        // The library writes no further than the cipher's key is long.
        var key = [UInt8](repeating: 0, count: max(length, Int(EVP_MAX_KEY_LENGTH)))
        let derived = password.withPointer { octets, count in
            UnsafeRawPointer(octets).map { octets in
                EVP_BytesToKey(
                    cipher,
                    EVP_md5(),
                    salt,
                    octets.assumingMemoryBound(to: UInt8.self),
                    count,
                    1,
                    &key,
                    nil
                )
            } ?? 0
        }
        guard Int(derived) == length else {
            throw KeyFileError(.library, "libcrypto derives no key from the password")
        }
        return Array(key.prefix(length))
    }

    private static func transform(
        _ input: [UInt8],
        by cipher: OpaquePointer,
        key: [UInt8],
        vector: [UInt8]
    ) throws(KeyFileError) -> [UInt8] {
        guard let context = EVP_CIPHER_CTX_new(), let length = CInt(exactly: input.count) else {
            throw KeyFileError(.library, "libcrypto has no memory")
        }
        defer { EVP_CIPHER_CTX_free(context) }
        var output = [UInt8](repeating: 0, count: input.count + 64)
        var written: CInt = 0
        var rest: CInt = 0
        let isDone = output.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress,
                EVP_DecryptInit_ex(context, cipher, nil, key, vector) == 1,
                EVP_DecryptUpdate(context, start, &written, input, length) == 1
            else { return false }
            return EVP_DecryptFinal_ex(context, start + Int(written), &rest) == 1
        }
        guard isDone else { throw FilePassword.failure() }
        return Array(output.prefix(Int(written + rest)))
    }
}
