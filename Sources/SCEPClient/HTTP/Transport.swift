import SCEP

/// Carries requests to a server and answers back.
///
/// ``HTTPTransport`` does it over the network; another one may do it in another way, or in a test.
public protocol SCEPTransport: Sendable {
    /// Sends a request and waits for the whole answer, whatever its status.
    ///
    /// Redirects are not followed: an answer from another place than the one that the administrator named would be
    /// somebody else's.
    ///
    /// - Parameter request: What to send.
    /// - Returns: The answer.
    /// - Throws: ``SCEPClientError``: `unreachable`, `noAnswer` or `tooLarge`.
    func send(_ request: TransportRequest) async throws(SCEPClientError) -> TransportAnswer
}

/// An HTTP request.
public struct TransportRequest: Hashable, Sendable {
    /// The whole URL.
    public var url: String
    /// The body of a POST; nil for a GET.
    public var body: [UInt8]?
    /// The longest answer that is taken, in bytes.
    public var maximumAnswerSize: Int
    /// How long the whole exchange may take.
    public var timeout: Duration

    /// Makes a request from its parts.
    public init(url: String, body: [UInt8]? = nil, maximumAnswerSize: Int, timeout: Duration) {
        self.url = url
        self.body = body
        self.maximumAnswerSize = maximumAnswerSize
        self.timeout = timeout
    }
}

/// An HTTP answer.
public struct TransportAnswer: Hashable, Sendable {
    /// The status.
    public var status: Int
    /// The Content-Type; servers get it wrong, so nothing depends on it.
    public var contentType: String?
    /// Where a redirect points to.
    public var location: String?
    /// After how many seconds to come back.
    public var retryAfter: Int?
    /// The body.
    public var body: [UInt8]

    /// Makes an answer from its parts.
    public init(
        status: Int,
        contentType: String? = nil,
        location: String? = nil,
        retryAfter: Int? = nil,
        body: [UInt8]
    ) {
        self.status = status
        self.contentType = contentType
        self.location = location
        self.retryAfter = retryAfter
        self.body = body
    }
}

extension TransportAnswer {
    /// Whether a server or proxy asks to come back.
    public var isTemporary: Bool { Self.isTemporary(self.status) }

    /// Whether this is the status of a server or proxy that asks to come back.
    static func isTemporary(_ status: Int) -> Bool { [429, 502, 503, 504].contains(status) }

    /// The body of an answer with status 200.
    ///
    /// - Parameter operation: What was asked, for the error.
    /// - Returns: The body.
    /// - Throws: ``SCEPClientError`` with code `status`.
    func success(of operation: String) throws(SCEPClientError) -> [UInt8] {
        guard self.status != 200 else { return self.body }
        let cure =
            switch self.status {
            case 300..<400:
                self.location.map {
                    "it redirects to \($0.printable), which is not followed; if that is right, use that URL"
                }
                    ?? "it redirects, which is not followed"
            case 404: "there is nothing under this URL, or the server has nothing to give; check the path"
            case 401, 403, 407: "something in front of it asks for a login; SCEP has none"
            case 413, 414: "the request is too large for the server or a proxy in front of it"
            case 429: "it has had too much from this address lately; try again later"
            case 500...: "something is wrong there; its log knows what"
            default: "it does not take the request"
            }
        throw SCEPClientError(
            .status,
            "The server answered \(operation) with HTTP status \(self.status): \(cure).\(self.sentence)",
            status: self.status
        )
    }

    /// The first line of a plain text, which says what is wrong.
    private var sentence: String {
        guard self.contentType?.lowercased().hasPrefix("text/plain") == true,
            let line = String(decoding: self.body.prefix(300), as: UTF8.self).split(whereSeparator: \.isNewline).first
        else { return "" }
        return " It says: \(String(line).quoted)"
    }
}
