import SCEP

/// The one place that turns what happened into what the client is told.
///
/// Until a request is authenticated, everything that depends on decrypted bytes gets one constant answer: bad
/// padding, garbage, a broken PKCS#10, another key, too small a key, a wrong challenge. Any difference would let an
/// attacker decrypt other devices' requests, challenge and all, by asking often enough (RFC 3218; the reference
/// system gave away four bytes of a challenge in 285 questions).
enum FailureMapping {
    /// What everything is told that must not be told apart.
    static let constantText = "The request was refused."

    /// The answer to an error.
    ///
    /// - Returns: failInfo and failInfoText; nil for what is no fault of the client's and gets no CertRep.
    static func failure(for error: EnrollmentError) -> (failInfo: FailInfo, text: String)? {
        switch error {
        case .message(let error):
            switch error.code {
            case .algorithm: (.badAlg, "The message uses an algorithm that this server does not accept.")
            case .integrity: (.badMessageCheck, "The signature of the message is not valid.")
            case .recipient: (.badRequest, "The message is encrypted for another CA or RA certificate.")
            case .badContent: (.badRequest, "The message is not a valid SCEP message.")
            case .operation, .encoding, .notAPKIMessage, .envelope, .mismatch, .refused:
                (.badRequest, Self.constantText)
            }
        case .unsupportedMessageType: (.badRequest, "This type of message is not supported.")
        case .issuance: (.badRequest, "The request asks for a certificate that may not be issued.")
        case .closed, .challengeMissing, .challengeWrong, .key: (.badRequest, Self.constantText)
        case .internal: nil
        }
    }

    /// Whether an error depends on decrypted bytes and comes before authentication, so that not even its time may
    /// tell it from others of its kind.
    static func isConcealed(_ error: EnrollmentError) -> Bool {
        switch error {
        case .message(let error): error.code == .envelope
        case .closed, .challengeMissing, .challengeWrong, .key: true
        case .unsupportedMessageType, .issuance, .internal: false
        }
    }
}
