public import SCEP

/// Why a client did not get what it asked for.
///
/// Errors are compared by ``code``; ``reason`` is a sentence for people that says what happened and what to do. Text
/// that came from a server is in it only without control characters.
public struct SCEPClientError: Error, Hashable, Sendable {
    /// The kinds of error.
    public enum Code: String, Hashable, Sendable {
        /// The URL is none that SCEP can be spoken to.
        case url
        /// Something that the caller gave cannot be used: a key, a name, a file, a setting.
        case input
        /// There was no connection, so nothing was sent.
        case unreachable
        /// The request was sent, and no answer came.
        case noAnswer
        /// The server answered with an HTTP status other than 200.
        case status
        /// The answer is larger than the client takes.
        case tooLarge
        /// The answer is not what it should be, does not belong to the request, or is not signed by the server.
        case answer
        /// The CA is not the one that the caller knows.
        case untrusted
        /// The server wants algorithms that are too weak.
        case weak
        /// The server refused the request: a FAILURE.
        case refused
    }

    /// The kind of error.
    public var code: Code
    /// What happened, and what to do about it.
    public var reason: String
    /// Why the server refused; nil where it did not.
    public var failInfo: FailInfo?
    /// The HTTP status of the answer; nil where that is not what is wrong.
    public var status: Int?

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - code: The kind of error.
    ///   - reason: What happened, and what to do about it.
    ///   - failInfo: Why the server refused.
    ///   - status: The HTTP status.
    public init(_ code: Code, _ reason: String, failInfo: FailInfo? = nil, status: Int? = nil) {
        self.code = code
        self.reason = reason
        self.failInfo = failInfo
        self.status = status
    }
}

extension SCEPClientError: CustomStringConvertible {
    /// The reason, which is a sentence of its own.
    public var description: String { self.reason }
}

extension SCEPClientError {
    /// What the codec found wrong with an answer.
    init(answer error: SCEPError) {
        if error.code == .algorithm {
            self.init(weak: "The server's answer is not taken: \(error.reason)")
        } else {
            self.init(.answer, "The server's answer is not believed: \(error.reason).")
        }
    }

    /// Something too weak, with the cure.
    init(weak reason: String) {
        self.init(
            .weak, "\(reason), which is too weak. Only if you know the server to be that old, allow weak algorithms.")
    }

    /// A FAILURE.
    init(_ failInfo: FailInfo, text: String) {
        let meaning =
            switch failInfo {
            case .badAlg: "it does not accept an algorithm, or the kind or size of a key"
            case .badMessageCheck: "it could not verify the signature of the request"
            case .badRequest:
                "it does not permit the request; at an enrolment, the challenge is most often wrong or missing"
            case .badTime: "the times of client and server differ: check the clocks"
            case .badCertId: "it knows no certificate or request like the one that was named"
            }
        let said = text.isEmpty ? "" : " It says: \(text.quoted)"
        self.init(.refused, "The server refused: \(failInfo.name), \(meaning).\(said)", failInfo: failInfo)
    }
}
