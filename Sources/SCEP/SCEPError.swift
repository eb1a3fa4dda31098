/// What is wrong with a SCEP message.
///
/// Errors are compared by ``code``; ``reason`` is for the log and never goes onto the wire.
public struct SCEPError: Error, Hashable, Sendable {
    /// The kinds of error.
    public enum Code: String, Hashable, Sendable {
        /// The HTTP request names no operation, or one that does not exist.
        case operation
        /// The message of a GET is not base64; or a name or fingerprint that a person wrote cannot be read.
        case encoding
        /// The bytes are no pkiMessage that could be answered by a signed CertRep.
        case notAPKIMessage
        /// An algorithm, or a size of key, that the level does not accept or nobody knows.
        case algorithm
        /// The signature, or a signed attribute that belongs to it, is wrong.
        case integrity
        /// The message is signed, but its visible parts are not what they should be.
        case badContent
        /// The envelope is for another recipient.
        case recipient
        /// The envelope does not open, or what is inside is no request. On purpose one code for all of it.
        case envelope
        /// A server's answer does not belong to the request.
        case mismatch
        /// The server refused.
        case refused
    }

    /// The kind of error.
    public var code: Code
    /// What was found, where, and what to do about it.
    public var reason: String

    /// Makes an error from its kind and what was found.
    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }
}

extension SCEPError: CustomStringConvertible {
    /// The reason, which is a sentence of its own.
    public var description: String { self.reason }
}
