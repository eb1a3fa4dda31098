import SCEP

/// The one place that turns what happened into what the client is told.
///
/// Until a request is authenticated, everything that depends on decrypted bytes gets one constant answer: bad
/// padding, garbage, a broken PKCS#10, another key, too small a key, a wrong challenge. Any difference would let an
/// attacker decrypt other devices' requests, challenge and all, by asking often enough (RFC 3218; the reference
/// system gave away four bytes of a challenge in 285 questions).
///
/// GetCert and GetCRL never authenticate anybody, so everything behind their envelope has one answer too. There it is
/// badCertId, what a client expects that asks for a certificate nobody knows.
enum FailureMapping {
    /// What everything is told that must not be told apart.
    static let constantText = "The request was refused."

    /// What GetCert and GetCRL are told.
    static let constantQueryText = "There is no such certificate or CRL for this client."

    /// The answer to an error.
    ///
    /// - Parameters:
    ///   - error: What happened.
    ///   - messageType: What was asked, which anybody can see.
    /// - Returns: failInfo and failInfoText; nil for what is no fault of the client's and gets no CertRep.
    static func failure(
        for error: EnrollmentError,
        answering messageType: MessageType
    ) -> (failInfo: FailInfo, text: String)? {
        switch error {
        case .message(let error):
            switch error.code {
            case .algorithm: (.badAlg, "The message uses an algorithm that this server does not accept.")
            case .integrity: (.badMessageCheck, "The signature of the message is not valid.")
            case .recipient: (.badRequest, "The message is encrypted for another CA or RA certificate.")
            case .badContent: (.badRequest, "The message is not a valid SCEP message.")
            case .operation, .encoding, .notAPKIMessage, .envelope, .mismatch, .refused:
                messageType.isQuery ? (.badCertId, Self.constantQueryText) : (.badRequest, Self.constantText)
            }
        case .unsupportedMessageType: (.badRequest, "This type of message is not supported.")
        case .issuance, .constraint: (.badRequest, "The request asks for a certificate that may not be issued.")
        case .credential, .key, .renewal, .unanswerable:
            (.badRequest, Self.constantText)
        case .rejected(let reason): (.badRequest, reason)
        case .expired: (.badRequest, "Nobody approved the request in time.")
        case .queueFull: (.badRequest, "Too many requests wait for approval; try again later.")
        case .nothingToPoll: (.badCertId, "There is no such request of this client.")
        case .unknownCertificate: (.badCertId, Self.constantQueryText)
        case .revocationListTooLarge:
            (.badRequest, "The CRL is too large for SCEP; fetch it from the CRL distribution point.")
        case .tooManyQueries: (.badRequest, "Too many requests for a CRL; try again later.")
        case .signingTime: (.badTime, "The signingTime of the message is too far from the server's time.")
        case .guessing, .internal: nil
        }
    }

    /// Whether an error depends on decrypted bytes and comes before authentication, so that not even its time may
    /// tell it from others of its kind.
    static func isConcealed(_ error: EnrollmentError) -> Bool {
        switch error {
        case .message(let error): error.code == .envelope
        case .credential, .key, .renewal, .unanswerable, .unknownCertificate: true
        case .unsupportedMessageType, .issuance, .constraint, .guessing, .rejected, .expired, .queueFull,
            .nothingToPoll,
            .revocationListTooLarge, .tooManyQueries, .signingTime, .internal:
            false
        }
    }
}

extension MessageType {
    /// Whether it asks for something by issuer and serial number.
    fileprivate var isQuery: Bool { self == .getCert || self == .getCRL }

    /// Whether it asks for a new certificate.
    var asksForCertificate: Bool { self == .pkcsReq || self == .renewalReq }
}
