import CLibcrypto

/// A public key in libcrypto's hands, for what swift-crypto does not verify: RSASSA-PSS with two digests, ECDSA with
/// any digest on any curve, and whatever RSA has signed with MD5, SHA-224 or a small key.
struct LibcryptoPublicKey: ~Copyable {
    private let key: OpaquePointer

    /// Takes a key; nil where libcrypto does not read it.
    init?(_ info: SubjectPublicKeyInfo) {
        let key = info.derEncoded.withUnsafeBufferPointer { buffer in
            var pointer = buffer.baseAddress
            return d2i_PUBKEY(nil, &pointer, buffer.count)
        }
        guard let key else {
            ERR_clear_error()
            return nil
        }
        self.key = key
    }

    deinit { EVP_PKEY_free(self.key) }

    /// Verifies RSASSA-PSS (RFC 8017 §8.1.2).
    ///
    /// - Parameters:
    ///   - signature: The signature.
    ///   - digest: The digest of what was signed.
    ///   - algorithm: Its algorithm.
    ///   - maskDigest: The digest of MGF1.
    ///   - saltLength: Exactly how long the salt has to be; negative numbers would mean something else to libcrypto.
    /// - Returns: Whether the signature is right.
    func isValidPSS(
        _ signature: [UInt8],
        ofDigest digest: [UInt8],
        by algorithm: DigestAlgorithm,
        maskDigest: DigestAlgorithm,
        saltLength: Int
    ) -> Bool {
        guard saltLength >= 0, let saltLength = CInt(exactly: saltLength) else { return false }
        return self.isValid(signature, of: digest) { context in
            EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1
                && EVP_PKEY_CTX_set_signature_md(context, algorithm.libcrypto) == 1
                && EVP_PKEY_CTX_set_rsa_mgf1_md(context, maskDigest.libcrypto) == 1
                && EVP_PKEY_CTX_set_rsa_pss_saltlen(context, saltLength) == 1
        }
    }

    /// Verifies ECDSA; the signature is an Ecdsa-Sig-Value as DER (RFC 3279 §2.2.3).
    func isValidECDSA(_ signature: [UInt8], ofDigest digest: [UInt8]) -> Bool {
        guard EVP_PKEY_get_base_id(self.key) == EVP_PKEY_EC else { return false }
        return self.isValid(signature, of: digest) { _ in true }
    }

    private func isValid(_ signature: [UInt8], of digest: [UInt8], _ prepare: (OpaquePointer) -> Bool) -> Bool {
        guard let context = EVP_PKEY_CTX_new(self.key, nil) else { return false }
        defer {
            EVP_PKEY_CTX_free(context)
            ERR_clear_error()
        }
        return EVP_PKEY_verify_init(context) == 1 && prepare(context)
            && EVP_PKEY_verify(context, signature, signature.count, digest, digest.count) == 1
    }

    /// The public RSA operation on a signature, without looking at the padding; nil where it cannot be done.
    func recoveredBlock(_ signature: [UInt8]) -> [UInt8]? {
        guard let context = EVP_PKEY_CTX_new(self.key, nil) else { return nil }
        defer {
            EVP_PKEY_CTX_free(context)
            ERR_clear_error()
        }
        var length = Int(EVP_PKEY_get_size(self.key))
        guard length > 0, signature.count == length,
            EVP_PKEY_verify_recover_init(context) == 1,
            EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1
        else { return nil }
        var recovered = [UInt8](repeating: 0, count: length)
        guard EVP_PKEY_verify_recover(context, &recovered, &length, signature, signature.count) == 1,
            length == recovered.count
        else { return nil }
        return recovered
    }
}
