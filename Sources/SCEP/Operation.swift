import CryptographicMessageSyntax

/// What an HTTP request to a SCEP endpoint asks for (RFC 8894 §4).
public enum Operation: Hashable, Sendable {
    /// The server's capabilities. The message, if it names a CA or profile, selects it.
    case getCACaps(message: String?)
    /// The CA's certificate, with the RA's.
    case getCACert(message: String?)
    /// The next CA's certificate.
    case getNextCACert(message: String?)
    /// A pkiMessage.
    case pkiOperation([UInt8])

    /// The names that a request can give.
    public static let names = ["GetCACaps", "GetCACert", "GetNextCACert", "PKIOperation"]

    /// Reads a request.
    ///
    /// - Parameters:
    ///   - query: The query of the URL as it was received, still escaped: clients disagree on how base64 is escaped,
    ///     and a decoder would already have turned `+` into a space.
    ///   - body: The body of a POST; nil for a GET.
    /// - Throws: ``SCEPError``: `operation`, or `encoding` where the message of a GET is not base64.
    public init(query: String, body: [UInt8]?) throws(SCEPError) {
        var operation: String?
        var message: Substring?
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            switch parts[0].lowercased() {
            case "operation": operation = operation ?? Self.unescape(parts.count > 1 ? parts[1] : "")
            case "message": message = message ?? (parts.count > 1 ? parts[1] : "")
            default: break
            }
        }
        // "If not present, the operation defaults to PKIOperation" is what clients make of §4.1 and §4.3 for POST.
        switch (operation ?? (body == nil ? "" : "PKIOperation")).lowercased() {
        case "getcacaps": self = .getCACaps(message: message.map(Self.unescape))
        case "getcacert": self = .getCACert(message: message.map(Self.unescape))
        case "getnextcacert": self = .getNextCACert(message: message.map(Self.unescape))
        case "pkioperation":
            if let body {
                self = .pkiOperation(body)
            } else {
                guard let message, !message.isEmpty else {
                    throw SCEPError(.encoding, "PKIOperation by GET needs the pkiMessage in base64 as message=")
                }
                self = .pkiOperation(try Self.decodeMessage(message))
            }
        default:
            let names = Self.names.joined(separator: ", ")
            throw SCEPError(.operation, "the request names no known operation: operation= is one of \(names)")
        }
    }

    /// The message of a GET (RFC 8894 §4.1), the way clients really send it.
    ///
    /// Some escape only `=` and leave `+` as it is, some turn it into a space, some fold lines, some use the URL-safe
    /// alphabet, some escape twice.
    static func decodeMessage(_ message: Substring) throws(SCEPError) -> [UInt8] {
        var text = Self.unescape(message)
        if text.utf8.contains(UInt8(ascii: "%")) { text = Self.unescape(text[...]) }
        guard let bytes = Base64.decode(text.utf8) else {
            throw SCEPError(.encoding, "the message of the GET request is not base64")
        }
        return bytes
    }

    /// Percent-decoding that leaves what is no escape as it is.
    static func unescape(_ text: Substring) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), digits.utf8.count == 2, digits.allSatisfy(\.isHexDigit),
                let value = UInt8(digits, radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
