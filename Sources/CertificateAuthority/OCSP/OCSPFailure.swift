/// Why a request gets no answer about certificates.
///
/// ```
/// OCSPResponseStatus ::= ENUMERATED {
///     successful        (0),
///     malformedRequest  (1),
///     internalError     (2),
///     tryLater          (3),
///     sigRequired       (5),
///     unauthorized      (6) }
/// ```
/// RFC 6960 §4.2.1. None of these is signed.
public enum OCSPFailure: UInt8, Hashable, Sendable, CaseIterable {
    /// The request is not what it should be.
    case malformedRequest = 1
    /// The responder cannot answer, and does not know when it can.
    case internalError = 2
    /// The responder cannot answer now.
    case tryLater = 3
    /// The request would have to be signed.
    case sigRequired = 5
    /// The responder does not answer for this CA, or not to this client (RFC 5019 §2.2.3).
    case unauthorized = 6

    /// The whole OCSPResponse, which is only its status.
    public var encoded: [UInt8] { [0x30, 0x03, 0x0a, 0x01, self.rawValue] }
}
