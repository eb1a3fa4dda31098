import CLibcrypto
import CryptographicMessageSyntax

/// Makes PKCS#12 files (RFC 7292): a key with its certificates behind a password, for a device.
public enum PKCS12 {
    /// By which algorithms a file is protected.
    public enum Encryption: String, Hashable, Sendable, CaseIterable {
        /// AES-256-CBC with PBKDF2 and HMAC-SHA-256, and a MAC by SHA-256.
        case modern
        /// 3DES and a MAC by SHA-1: macOS and Windows before 2022 read nothing else.
        case compatible
    }

    /// How often the password is put through the function.
    private static let iterations: CInt = 100_000

    /// Makes a file.
    ///
    /// - Parameters:
    ///   - key: The private key.
    ///   - certificate: Its certificate.
    ///   - chain: The certificates of the CAs above, from the issuer up.
    ///   - friendlyName: What the device shows.
    ///   - password: The password; it may not be empty.
    ///   - encryption: By which algorithms.
    /// - Returns: The file.
    /// - Throws: ``KeyFileError``: `passwordMissing`, `mismatch`, `noCertificate` or `library`.
    public static func make(
        key: SoftwareKey,
        certificate: [UInt8],
        chain: [[UInt8]],
        friendlyName: String,
        password: String,
        encryption: Encryption
    ) throws(KeyFileError) -> [UInt8] {
        guard !password.isEmpty, !password.utf8.contains(0) else {
            throw KeyFileError(.passwordMissing, "a PKCS#12 file needs a password, without a NUL in it")
        }
        guard let holder = try? SignerCertificate(encoded: certificate), holder.publicKey.isSameKey(as: key.publicKey)
        else {
            throw KeyFileError(.mismatch, "the certificate for the PKCS#12 file does not belong to the key")
        }
        let name = String(friendlyName.unicodeScalars.filter { $0 != "\0" }.map(Character.init))
        let pkcs8 = key.pkcs8
        return try KeyFileLibrary.run { () throws(KeyFileError) in
            guard let privateKey = KeyFileLibrary.decoded(pkcs8, { d2i_AutoPrivateKey(nil, $0, $1) }) else {
                throw KeyFileError(.library, "libcrypto cannot read the private key")
            }
            defer { EVP_PKEY_free(privateKey) }
            let own = try Self.certificate(certificate)
            defer { X509_free(own) }
            let others = try Self.stack(of: chain)
            defer { OPENSSL_sk_pop_free(others) { X509_free(OpaquePointer($0)) } }
            return try Self.make(privateKey, own, others, name: name, password: password, encryption: encryption)
        }
    }

    private static func make(
        _ key: OpaquePointer,
        _ certificate: OpaquePointer,
        _ others: OpaquePointer,
        name: String,
        password: String,
        encryption: Encryption
    ) throws(KeyFileError) -> [UInt8] {
        let cipher = encryption == .modern ? NID_aes_256_cbc : NID_pbe_WithSHA1And3_Key_TripleDES_CBC
        let digest = encryption == .modern ? EVP_sha256() : EVP_sha1()
        let noMAC: CInt = -1
        let file = PKCS12_create(
            password,
            name.isEmpty ? nil : name,
            key,
            certificate,
            others,
            cipher,
            cipher,
            Self.iterations,
            noMAC,
            0
        )
        guard let file else { throw KeyFileError(.library, "libcrypto cannot make the PKCS#12 file") }
        defer { PKCS12_free(file) }
        guard PKCS12_set_mac(file, password, -1, nil, 16, Self.iterations, digest) == 1,
            let encoded = KeyFileLibrary.encoded({ i2d_PKCS12(file, $0) })
        else { throw KeyFileError(.library, "libcrypto cannot protect the PKCS#12 file") }
        return encoded
    }

    private static func certificate(_ encoded: [UInt8]) throws(KeyFileError) -> OpaquePointer {
        guard let certificate = KeyFileLibrary.decoded(encoded, { d2i_X509(nil, $0, $1) }) else {
            throw KeyFileError(.noCertificate, "a certificate for the PKCS#12 file cannot be read")
        }
        return certificate
    }

    /// A stack that owns its certificates.
    private static func stack(of certificates: [[UInt8]]) throws(KeyFileError) -> OpaquePointer {
        guard let stack = OPENSSL_sk_new_null() else { throw KeyFileError(.library, "libcrypto has no memory") }
        do throws(KeyFileError) {
            for encoded in certificates {
                let certificate = try Self.certificate(encoded)
                guard OPENSSL_sk_push(stack, UnsafeRawPointer(certificate)) > 0 else {
                    X509_free(certificate)
                    throw KeyFileError(.library, "libcrypto has no memory")
                }
            }
            return stack
        } catch {
            OPENSSL_sk_pop_free(stack) { X509_free(OpaquePointer($0)) }
            throw error
        }
    }
}
