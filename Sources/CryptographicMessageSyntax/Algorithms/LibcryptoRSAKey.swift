import CLibcrypto

/// A private RSA key in libcrypto's hands.
///
/// Three private operations are four fifths of what an enrolment costs, and libcrypto has what swift-crypto's
/// BoringSSL has not: code for AVX-512, which more than doubles them. It also gives the decrypted block with its
/// padding on, so that the padding can be looked at without telling anybody what was found.
final class LibcryptoRSAKey: @unchecked Sendable {
    // Unchecked: an EVP_PKEY is not changed after it is made, and libcrypto locks what it caches in it.
    private let key: OpaquePointer
    private let length: Int

    /// Takes a key as PKCS#8 or PKCS#1.
    ///
    /// - Throws: ``CMSError`` with code `key`.
    init(derEncoded bytes: [UInt8]) throws(CMSError) {
        let key = bytes.withUnsafeBufferPointer { buffer in
            var pointer = buffer.baseAddress
            return d2i_AutoPrivateKey(nil, &pointer, buffer.count)
        }
        guard let key else { throw CMSError(.key, "not a usable RSA private key") }
        self.key = key
        self.length = Int(EVP_PKEY_get_size(key))
    }

    deinit { EVP_PKEY_free(self.key) }

    /// Signs a digest with RSASSA-PKCS1-v1_5 (RFC 8017 §8.2.1).
    ///
    /// - Throws: ``CMSError`` with code `key`.
    func signature(ofDigest digest: [UInt8], by algorithm: DigestAlgorithm) throws(CMSError) -> [UInt8] {
        try self.transform("sign") { context, output, count in
            EVP_PKEY_sign_init(context) == 1 && EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1
                && EVP_PKEY_CTX_set_signature_md(context, algorithm.libcrypto) == 1
                && EVP_PKEY_sign(context, output, &count, digest, digest.count) == 1
        }
    }

    /// The private operation alone: the block with its padding on (RSADP, RFC 8017 §5.1.2).
    ///
    /// - Throws: ``CMSError`` with code `key` where the ciphertext is no number below the modulus, which anybody can see.
    func decryptedBlock(_ ciphertext: [UInt8]) throws(CMSError) -> [UInt8] {
        try self.transform("decrypt") { context, output, count in
            EVP_PKEY_decrypt_init(context) == 1 && EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1
                && EVP_PKEY_decrypt(context, output, &count, ciphertext, ciphertext.count) == 1
        }
    }

    /// Decrypts RSAES-OAEP; libcrypto takes the padding off in constant time (RFC 8017 §7.1.2).
    ///
    /// - Throws: ``CMSError`` with code `key`.
    func decryptOAEP(_ ciphertext: [UInt8], digest: DigestAlgorithm) throws(CMSError) -> [UInt8] {
        try self.transform("decrypt") { context, output, count in
            EVP_PKEY_decrypt_init(context) == 1 && EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1
                && EVP_PKEY_CTX_set_rsa_oaep_md(context, digest.libcrypto) == 1
                && EVP_PKEY_CTX_set_rsa_mgf1_md(context, digest.libcrypto) == 1
                && EVP_PKEY_decrypt(context, output, &count, ciphertext, ciphertext.count) == 1
        }
    }

    private func transform(
        _ what: String,
        _ operation: (OpaquePointer, UnsafeMutablePointer<UInt8>?, inout Int) -> Bool
    ) throws(CMSError) -> [UInt8] {
        guard let context = EVP_PKEY_CTX_new(self.key, nil) else { throw CMSError(.key, "libcrypto has no memory") }
        defer { EVP_PKEY_CTX_free(context) }
        var isDone = false
        let output = [UInt8](unsafeUninitializedCapacity: self.length) { buffer, count in
            var length = self.length
            isDone = operation(context, buffer.baseAddress, &length)
            count = isDone ? length : 0
        }
        guard isDone else {
            ERR_clear_error()
            throw CMSError(.key, "the RSA key does not \(what)")
        }
        return output
    }
}
