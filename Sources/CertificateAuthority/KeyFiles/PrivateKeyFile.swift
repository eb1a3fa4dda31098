import CLibcrypto
import CryptographicMessageSyntax

/// Reads a private key in any of the forms in which libcrypto knows it.
enum PrivateKeyFile {
    /// Reads a key that is not encrypted: PKCS#8, or the older forms of RSA (RFC 8017 §A.1.2) and of curves (RFC 5915).
    ///
    /// - Throws: ``KeyFileError``: `unreadable` or `unsupportedKey`.
    static func key(_ bytes: [UInt8]) throws(KeyFileError) -> SoftwareKey {
        let parts = try Self.parts(of: bytes)
        // swift-crypto takes a key of any curve of the right size for one of its own, and then with another public key.
        guard let key = try? SoftwareKey(pkcs8: parts.pkcs8),
            let publicKey = try? SubjectPublicKeyInfo(derEncoded: parts.publicKey),
            key.publicKey.isSameKey(as: publicKey)
        else {
            throw KeyFileError(
                .unsupportedKey,
                "the private key is of a kind or size that is not used here (\(parts.kind)): use RSA with 2048 to 4096 "
                    + "bits, P-256 or P-384"
            )
        }
        return key
    }

    /// What libcrypto makes of a key.
    private struct Parts {
        var pkcs8: [UInt8]
        /// SubjectPublicKeyInfo, encoded.
        var publicKey: [UInt8]
        /// The name of the kind, for people.
        var kind: String
    }

    private static func parts(of bytes: [UInt8]) throws(KeyFileError) -> Parts {
        try KeyFileLibrary.run { () throws(KeyFileError) in
            guard let key = KeyFileLibrary.decoded(bytes, { d2i_AutoPrivateKey(nil, $0, $1) }) else {
                throw KeyFileError(.unreadable, "the private key in the file is damaged, or of an unknown kind")
            }
            defer { EVP_PKEY_free(key) }
            let kind = EVP_PKEY_get0_type_name(key).map { String(cString: $0) } ?? "unknown"
            guard let info = EVP_PKEY2PKCS8(key), let publicKey = KeyFileLibrary.encoded({ i2d_PUBKEY(key, $0) }) else {
                throw KeyFileError(.unsupportedKey, "the private key is of a kind that is not used here: \(kind)")
            }
            defer { PKCS8_PRIV_KEY_INFO_free(info) }
            return Parts(pkcs8: try Self.encoded(info), publicKey: publicKey, kind: kind)
        }
    }

    /// Decrypts an EncryptedPrivateKeyInfo (RFC 5958 §3).
    ///
    /// - Parameters:
    ///   - bytes: The structure.
    ///   - password: The password.
    /// - Returns: The key as PKCS#8.
    /// - Throws: ``KeyFileError``.
    static func decrypted(_ bytes: [UInt8], password: String?) throws(KeyFileError) -> [UInt8] {
        try KeyFileLibrary.run { () throws(KeyFileError) in
            guard let encrypted = KeyFileLibrary.decoded(bytes, { d2i_X509_SIG(nil, $0, $1) }) else {
                throw KeyFileError(.unreadable, "the encrypted private key in the file is damaged")
            }
            defer { X509_SIG_free(encrypted) }
            try Self.checkCost(of: encrypted)
            let password = try FilePassword(required: password)
            guard let info = password.withPointer({ PKCS8_decrypt(encrypted, $0, $1) }) else {
                throw FilePassword.failure()
            }
            defer { PKCS8_PRIV_KEY_INFO_free(info) }
            return try Self.encoded(info)
        }
    }

    /// Refuses a key that is encrypted with too many iterations.
    static func checkCost(of encrypted: OpaquePointer) throws(KeyFileError) {
        var algorithm: UnsafePointer<X509_ALGOR>?
        X509_SIG_get0(encrypted, &algorithm, nil)
        guard let encoded = KeyFileLibrary.encoded({ i2d_X509_ALGOR(algorithm, $0) }) else {
            throw KeyFileError(.unreadable, "how the private key is encrypted cannot be read")
        }
        try KeyDerivationCost.check(encoded)
    }

    /// A PrivateKeyInfo as bytes.
    static func encoded(_ info: OpaquePointer) throws(KeyFileError) -> [UInt8] {
        guard let bytes = KeyFileLibrary.encoded({ i2d_PKCS8_PRIV_KEY_INFO(info, $0) }) else {
            throw KeyFileError(.library, "libcrypto cannot encode the private key")
        }
        return bytes
    }
}
