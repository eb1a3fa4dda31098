import CLibcrypto
import CryptographicMessageSyntax

/// Reads PKCS#12 (RFC 7292), however old.
///
/// libcrypto's own `PKCS12_parse` passes over a second key in silence, so the bags are looked through here.
enum PKCS12File {
    /// What was found, in the order of the file.
    struct Content {
        /// The private key as PKCS#8.
        var key: [UInt8]?
        /// The certificates.
        var certificates: [[UInt8]] = []
    }

    /// How deep bags may be in bags; nobody nests them at all.
    private static let maximumDepth = 4
    /// How many certificates a file may have.
    private static let maximumCount = 1000
    /// How many parts with bags a file may have, on each of which a password is worked on; OpenSSL writes two.
    private static let maximumParts = 16

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - bytes: Its content.
    ///   - password: Its password; without one, files are read that have none or an empty one.
    /// - Returns: What is in it.
    /// - Throws: ``KeyFileError``.
    static func content(of bytes: [UInt8], password: String?) throws(KeyFileError) -> Content {
        try KeyFileLibrary.run { () throws(KeyFileError) in
            guard let file = KeyFileLibrary.decoded(bytes, { d2i_PKCS12(nil, $0, $1) }) else {
                throw KeyFileError(.unreadable, "the PKCS#12 file is damaged")
            }
            defer { PKCS12_free(file) }
            let verified = try Self.verified(file, password: password)
            guard let safes = PKCS12_unpack_authsafes(file) else {
                throw KeyFileError(.unreadable, "the PKCS#12 file is damaged, or protected by a public key")
            }
            defer { OPENSSL_sk_pop_free(safes) { PKCS7_free($0?.assumingMemoryBound(to: PKCS7.self)) } }
            guard OPENSSL_sk_num(safes) <= Self.maximumParts else {
                throw KeyFileError(.tooLarge, "the PKCS#12 file has more than \(Self.maximumParts) parts")
            }
            var content = Content()
            for index in 0..<OPENSSL_sk_num(safes) {
                guard let safe = OPENSSL_sk_value(safes, index)?.assumingMemoryBound(to: PKCS7.self) else { continue }
                do throws(KeyFileError) {
                    try Self.add(safe, password: verified, to: &content)
                } catch {
                    // Without a MAC, only here does it show that a password is needed.
                    guard error.code == .wrongPassword, password == nil else { throw error }
                    throw KeyFileError(.passwordMissing, "the file is protected by a password, which was not given")
                }
            }
            return content
        }
    }

    /// Finds out whether the password is right, and whether no password means an empty one.
    private static func verified(_ file: OpaquePointer, password: String?) throws(KeyFileError) -> FilePassword {
        guard PKCS12_mac_present(file) == 1 else { return FilePassword(password ?? "") }
        var iterations: UnsafePointer<ASN1_INTEGER>?
        PKCS12_get0_mac(nil, nil, nil, &iterations, file)
        if let iterations { try KeyDerivationCost.check(iterations: ASN1_INTEGER_get(iterations)) }
        let candidates: [String?] = (password ?? "").isEmpty ? ["", nil] : [password]
        for candidate in candidates.map({ FilePassword($0) })
        where candidate.withPointer({ PKCS12_verify_mac(file, $0, $1) }) == 1 {
            return candidate
        }
        // An error, as opposed to another result, is about the algorithm.
        guard ERR_peek_error() == 0 else {
            throw KeyFileError(
                .unsupportedEncryption,
                "the MAC of the PKCS#12 file is of a kind that is not known here: export it again with a MAC by SHA-256"
            )
        }
        throw password == nil
            ? KeyFileError(.passwordMissing, "the file is protected by a password, which was not given")
            : KeyFileError(.wrongPassword, "the password is not the one of the file, or the file is damaged")
    }

    private static func add(
        _ safe: UnsafeMutablePointer<PKCS7>,
        password: FilePassword,
        to content: inout Content
    ) throws(KeyFileError) {
        let bags: OpaquePointer?
        switch OBJ_obj2nid(safe.pointee.type) {
        case NID_pkcs7_data:
            bags = PKCS12_unpack_p7data(safe)
        case NID_pkcs7_encrypted:
            let algorithm = safe.pointee.d.encrypted?.pointee.enc_data?.pointee.algorithm
            guard let algorithm, let encoded = KeyFileLibrary.encoded({ i2d_X509_ALGOR(algorithm, $0) }) else {
                throw KeyFileError(.unreadable, "how the PKCS#12 file is encrypted cannot be read")
            }
            try KeyDerivationCost.check(encoded)
            bags = password.withPointer { PKCS12_unpack_p7encdata(safe, $0, $1) }
            if bags == nil { throw FilePassword.failure() }
        default:
            throw KeyFileError(.unsupportedEncryption, "a part of the PKCS#12 file is protected by a public key")
        }
        guard let bags else { throw KeyFileError(.unreadable, "the PKCS#12 file is damaged") }
        defer { OPENSSL_sk_pop_free(bags) { PKCS12_SAFEBAG_free(OpaquePointer($0)) } }
        try Self.add(bags: bags, password: password, depth: 0, to: &content)
    }

    private static func add(
        bags: OpaquePointer,
        password: FilePassword,
        depth: Int,
        to content: inout Content
    ) throws(KeyFileError) {
        guard depth < Self.maximumDepth else {
            throw KeyFileError(.unreadable, "the bags of the PKCS#12 file nest deeper than \(Self.maximumDepth) levels")
        }
        for index in 0..<OPENSSL_sk_num(bags) {
            guard let bag = OPENSSL_sk_value(bags, index).map({ OpaquePointer($0) }) else { continue }
            switch PKCS12_SAFEBAG_get_nid(bag) {
            case NID_keyBag:
                guard content.key == nil else { throw KeyFileError.severalKeys }
                guard let info = PKCS12_SAFEBAG_get0_p8inf(bag) else { continue }
                content.key = try PrivateKeyFile.encoded(info)
            case NID_pkcs8ShroudedKeyBag:
                guard content.key == nil else { throw KeyFileError.severalKeys }
                guard let encrypted = PKCS12_SAFEBAG_get0_pkcs8(bag) else { continue }
                try PrivateKeyFile.checkCost(of: encrypted)
                guard let info = password.withPointer({ PKCS12_decrypt_skey(bag, $0, $1) }) else {
                    throw FilePassword.failure()
                }
                defer { PKCS8_PRIV_KEY_INFO_free(info) }
                content.key = try PrivateKeyFile.encoded(info)
            case NID_certBag where PKCS12_SAFEBAG_get_bag_nid(bag) == NID_x509Certificate:
                content.certificates.append(try Self.certificate(in: bag))
            case NID_safeContentsBag:
                guard let inner = PKCS12_SAFEBAG_get0_safes(bag) else { continue }
                try Self.add(bags: inner, password: password, depth: depth + 1, to: &content)
            // CRLs and secrets.
            default: continue
            }
            guard content.certificates.count <= Self.maximumCount else {
                throw KeyFileError(.tooLarge, "the PKCS#12 file has more than \(Self.maximumCount) certificates")
            }
        }
    }

    private static func certificate(in bag: OpaquePointer) throws(KeyFileError) -> [UInt8] {
        guard let certificate = PKCS12_SAFEBAG_get1_cert(bag) else {
            throw KeyFileError(.unreadable, "a certificate in the PKCS#12 file is damaged")
        }
        defer { X509_free(certificate) }
        guard let encoded = KeyFileLibrary.encoded({ i2d_X509(certificate, $0) }) else {
            throw KeyFileError(.unreadable, "a certificate in the PKCS#12 file is damaged")
        }
        return encoded
    }
}
