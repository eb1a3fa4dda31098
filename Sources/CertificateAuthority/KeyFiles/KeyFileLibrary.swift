import CLibcrypto

/// A library context of libcrypto's own for files that administrators have, which may be thirty years old.
///
/// RC2 and single DES are in OpenSSL's legacy provider. Loaded into the usual context it would be there for all; loaded
/// here, only files of keys meet it. Where it is not installed, everything but such files can be read.
enum KeyFileLibrary {
    /// Holds what is never changed nor freed.
    private struct Context: @unchecked Sendable {
        // Unchecked: libcrypto locks what is in a library context.
        let pointer: OpaquePointer?
    }

    private static let context: Context = {
        let pointer = OSSL_LIB_CTX_new()
        if let pointer {
            OSSL_PROVIDER_load(pointer, "default")
            OSSL_PROVIDER_load(pointer, "legacy")
        }
        ERR_clear_error()
        return Context(pointer: pointer)
    }()

    /// Does something with the context as this thread's own, and leaves no errors behind.
    ///
    /// Keys made inside stay in the context, so only bytes are handed out.
    ///
    /// - Throws: What the closure throws; ``KeyFileError`` with code `library` where there is no memory.
    static func run<T>(_ body: () throws(KeyFileError) -> T) throws(KeyFileError) -> T {
        guard let context = Self.context.pointer else { throw KeyFileError(.library, "libcrypto has no memory") }
        ERR_clear_error()
        let previous = OSSL_LIB_CTX_set0_default(context)
        defer {
            OSSL_LIB_CTX_set0_default(previous)
            ERR_clear_error()
        }
        return try body()
    }

    /// Whether one of the errors since ``run(_:)`` began says that an algorithm is not known; they are gone afterwards.
    static func lacksAlgorithm() -> Bool {
        let reasons = [
            EVP_R_UNKNOWN_PBE_ALGORITHM, EVP_R_UNSUPPORTED_CIPHER, EVP_R_UNSUPPORTED_PRF, EVP_R_UNKNOWN_CIPHER,
            EVP_R_UNSUPPORTED_KEY_DERIVATION_FUNCTION, EVP_R_UNSUPPORTED_ALGORITHM,
        ]
        var isUnknown = false
        while true {
            let error = ERR_get_error()
            guard error != 0 else { return isUnknown }
            // Each part of libcrypto counts its reasons anew, but for those that are common to all.
            let reason = ERR_GET_REASON(error)
            if reason == ERR_R_UNSUPPORTED || ERR_GET_LIB(error) == ERR_LIB_EVP && reasons.contains(reason) {
                isUnknown = true
            }
        }
    }

    /// The DER that one of libcrypto's `i2d` functions writes; nil where it fails.
    static func encoded(_ write: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> CInt) -> [UInt8]? {
        let length = Int(write(nil))
        guard length > 0 else { return nil }
        var written = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            var pointer = buffer.baseAddress
            written = Int(write(&pointer))
            count = written == length ? length : 0
        }
        return written == length ? bytes : nil
    }

    /// Calls one of libcrypto's `d2i` functions with bytes.
    static func decoded<T>(_ bytes: [UInt8], _ read: (UnsafeMutablePointer<UnsafePointer<UInt8>?>, Int) -> T?) -> T? {
        bytes.withUnsafeBufferPointer { buffer in
            var pointer = buffer.baseAddress
            return read(&pointer, buffer.count)
        }
    }
}
