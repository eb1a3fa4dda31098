import CLibcrypto
import Synchronization

/// A private RSA key in libcrypto's hands.
///
/// Three private operations are four fifths of what an enrolment costs, and libcrypto has what swift-crypto's
/// BoringSSL has not: code for AVX-512, which more than doubles them. It also gives the decrypted block with its
/// padding on, so that the padding can be looked at without telling anybody what was found.
final class LibcryptoRSAKey: @unchecked Sendable {
    // Unchecked: an EVP_PKEY is not changed after it is made, and libcrypto locks what it caches in it.
    private let key: OpaquePointer
    private let length: Int
    private let contexts = Mutex<[Operation: Context]>([:])

    /// What is done with the key.
    private enum Operation: Hashable {
        case sign(DigestAlgorithm)
        case decrypt
        case decryptOAEP(DigestAlgorithm)
    }

    /// A context that is set up for an operation and never used itself.
    ///
    /// Looking the algorithms up costs twenty times as much as a copy. There is nothing in it but the key and their names.
    private struct Context: @unchecked Sendable {
        let pointer: OpaquePointer
    }

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

    deinit {
        for context in self.contexts.withLock({ $0.values }) { EVP_PKEY_CTX_free(context.pointer) }
        EVP_PKEY_free(self.key)
    }

    /// Signs a digest with RSASSA-PKCS1-v1_5 (RFC 8017 §8.2.1).
    ///
    /// - Throws: ``CMSError`` with code `key`.
    func signature(ofDigest digest: [UInt8], by algorithm: DigestAlgorithm) throws(CMSError) -> [UInt8] {
        let context = try self.context(for: .sign(algorithm)) { context in
            EVP_PKEY_sign_init(context) == 1 && EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1
                && EVP_PKEY_CTX_set_signature_md(context, algorithm.libcrypto) == 1
        }
        return try self.transform("sign", context) { context, output, count in
            EVP_PKEY_sign(context, output, &count, digest, digest.count) == 1
        }
    }

    /// The private operation alone: the block with its padding on (RSADP, RFC 8017 §5.1.2).
    ///
    /// - Throws: ``CMSError`` with code `key` where the ciphertext is no number below the modulus, which anybody can see.
    func decryptedBlock(_ ciphertext: [UInt8]) throws(CMSError) -> [UInt8] {
        let context = try self.context(for: .decrypt) { context in
            EVP_PKEY_decrypt_init(context) == 1 && EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1
        }
        return try self.transform("decrypt", context) { context, output, count in
            EVP_PKEY_decrypt(context, output, &count, ciphertext, ciphertext.count) == 1
        }
    }

    /// Decrypts RSAES-OAEP; libcrypto takes the padding off in constant time (RFC 8017 §7.1.2).
    ///
    /// - Throws: ``CMSError`` with code `key`.
    func decryptOAEP(_ ciphertext: [UInt8], digest: DigestAlgorithm) throws(CMSError) -> [UInt8] {
        let context = try self.context(for: .decryptOAEP(digest)) { context in
            EVP_PKEY_decrypt_init(context) == 1 && EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1
                && EVP_PKEY_CTX_set_rsa_oaep_md(context, digest.libcrypto) == 1
                && EVP_PKEY_CTX_set_rsa_mgf1_md(context, digest.libcrypto) == 1
        }
        return try self.transform("decrypt", context) { context, output, count in
            EVP_PKEY_decrypt(context, output, &count, ciphertext, ciphertext.count) == 1
        }
    }

    /// The context for an operation, set up when it is first asked for.
    private func context(
        for operation: Operation,
        _ setUp: (OpaquePointer) -> Bool
    ) throws(CMSError) -> Context {
        if let context = self.contexts.withLock({ $0[operation] }) { return context }
        guard let pointer = EVP_PKEY_CTX_new(self.key, nil) else { throw CMSError(.key, "libcrypto has no memory") }
        guard setUp(pointer) else {
            EVP_PKEY_CTX_free(pointer)
            ERR_clear_error()
            throw CMSError(.key, "libcrypto does not use the RSA key in this way")
        }
        let made = Context(pointer: pointer)
        // Whoever was first at it made the one that stays.
        let kept = self.contexts.withLock { contexts in
            let kept = contexts[operation] ?? made
            contexts[operation] = kept
            return kept
        }
        if kept.pointer != made.pointer { EVP_PKEY_CTX_free(made.pointer) }
        return kept
    }

    private func transform(
        _ what: String,
        _ prepared: Context,
        _ operation: (OpaquePointer, UnsafeMutablePointer<UInt8>?, inout Int) -> Bool
    ) throws(CMSError) -> [UInt8] {
        guard let context = EVP_PKEY_CTX_dup(prepared.pointer) else {
            throw CMSError(.key, "libcrypto has no memory")
        }
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
