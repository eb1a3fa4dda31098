/// Why a file with keys or certificates cannot be read or made.
///
/// Nothing in it is secret: neither a password nor any part of a key.
public struct KeyFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of error.
    public enum Code: String, Hashable, Sendable {
        /// The bytes are nothing that is read here, or are damaged.
        case unreadable
        /// The file is larger, or asks for more work, than any that was made in good faith.
        case tooLarge
        /// The file is protected, and no password was given.
        case passwordMissing
        /// The password is another one.
        case wrongPassword
        /// The file is protected in a way that is not known here.
        case unsupportedEncryption
        /// The key is of a kind that is not used here.
        case unsupportedKey
        /// There is more than one private key in the file.
        case severalKeys
        /// There is no private key in the file.
        case noKey
        /// There is no certificate in the file, or none for the key.
        case noCertificate
        /// A certificate does not belong to its key.
        case mismatch
        /// The cryptographic library did not do what it was asked to.
        case library
    }

    /// The kind of error.
    public var code: Code
    /// What was found, and what to do about it.
    public var reason: String

    init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    static let severalKeys = KeyFileError(
        .severalKeys,
        "there are several private keys in the file: leave only the one to be used"
    )

    /// The reason, which is a sentence of its own.
    public var description: String { self.reason }
}
