public import CryptographicMessageSyntax

extension OCSPRequest {
    /// Reads a request that was sent by GET: `GET {url}/{url-encoding of base-64 encoding of the DER encoding of the
    /// OCSPRequest}` (RFC 6960 §A.1).
    ///
    /// Clients escape all of it or only what they must, some use the URL-safe alphabet or leave the padding out, and some
    /// put a slash too many in front.
    ///
    /// - Parameter path: What is behind the responder's own path, as it was received, still escaped.
    /// - Returns: The request.
    /// - Throws: ``CMSError`` with code `malformed` or `tooComplex`.
    public static func decoded(path: String) throws(CMSError) -> OCSPRequest {
        let escaped = Array(path.utf8)
        // Three characters for each of four that stand for three bytes.
        guard escaped.count <= Self.maximumLength * 4 + 64 else {
            throw CMSError(.tooComplex, "the path of the request has \(escaped.count) characters")
        }
        guard let text = Self.unescaped(escaped) else {
            throw CMSError(.malformed, "the path of the request has a % without two hexadecimal digits")
        }
        guard let bytes = Base64.decode(text.drop { $0 == UInt8(ascii: "/") }) else {
            throw CMSError(.malformed, "the path of the request is not base64")
        }
        return try OCSPRequest(derEncoded: bytes)
    }

    /// Percent-decodes once; nil where what follows a percent sign is no number.
    private static func unescaped(_ text: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            guard text[index] == UInt8(ascii: "%") else {
                result.append(text[index])
                index += 1
                continue
            }
            guard index + 2 < text.count, let high = Self.digit(text[index + 1]), let low = Self.digit(text[index + 2])
            else { return nil }
            result.append(high << 4 | low)
            index += 3
        }
        return result
    }

    private static func digit(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
