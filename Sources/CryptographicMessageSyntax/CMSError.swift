/// What is wrong with a message, or why an operation on it could not be done.
///
/// Errors are compared by ``code``; ``reason`` is for people and says what was found where.
public struct CMSError: Error, Hashable, Sendable {
    /// The kinds of error, by which a caller decides what to do.
    public enum Code: String, Hashable, Sendable {
        /// The bytes are not the structure that they should be.
        case malformed
        /// The bytes nest deeper, hold more elements or ask for more work than any honest message does.
        case tooComplex
        /// The structure is right, but is of a kind that this operation does not take.
        case unexpectedContent
        /// An algorithm is not known.
        case unsupportedAlgorithm
        /// There is not exactly one signer.
        case signerCount
        /// The signer's certificate is not in the message, or cannot be read.
        case signerCertificate
        /// A signed attribute that must be there once is missing, doubled or has not exactly one value.
        case signedAttribute
        /// The digest of the content is not the one that was signed.
        case messageDigest
        /// The signature does not verify under the signer's key.
        case signature
        /// No RecipientInfo is for the key at hand.
        case recipient
        /// The content does not decrypt; on purpose it does not say at which step.
        case decryption
        /// A key cannot be used: unreadable, too small, of another type.
        case key
    }

    /// The kind of error.
    public var code: Code

    /// What was found, where, for the log.
    public var reason: String

    /// Makes an error from its kind and what was found.
    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }
}

extension CMSError: CustomStringConvertible {
    /// The reason, which is a sentence of its own.
    public var description: String { self.reason }
}
