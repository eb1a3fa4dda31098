/// The password of a file, as libcrypto takes it.
struct FilePassword {
    /// UTF-8; nil for none, which PKCS#12 tells from an empty one.
    private var octets: [CChar]?

    init(_ password: String?) {
        self.octets = password.map { $0.utf8.map { CChar(bitPattern: $0) } }
    }

    /// - Throws: ``KeyFileError`` with code `passwordMissing` where there is none.
    init(required password: String?) throws(KeyFileError) {
        guard let password else {
            throw KeyFileError(.passwordMissing, "the file is protected by a password, which was not given")
        }
        self.init(password)
    }

    /// Hands the password with its length to one of libcrypto's functions.
    func withPointer<T>(_ body: (UnsafePointer<CChar>?, CInt) -> T) -> T {
        guard let octets = self.octets, let count = CInt(exactly: octets.count) else { return body(nil, 0) }
        return (octets + [0]).withUnsafeBufferPointer { body($0.baseAddress, count) }
    }

    /// Why nothing was decrypted, from what libcrypto says.
    static func failure() -> KeyFileError {
        KeyFileLibrary.lacksAlgorithm()
            ? KeyFileError(
                .unsupportedEncryption,
                "the file is encrypted in a way that is not known here: encrypt it again, with AES"
            )
            : KeyFileError(.wrongPassword, "the password is not the one of the file, or the file is damaged")
    }
}
