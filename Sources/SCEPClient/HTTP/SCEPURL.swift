import Foundation
import SCEP

/// Where a server speaks SCEP (RFC 8894 §4.1).
public struct SCEPURL: Hashable, Sendable {
    /// The path that is meant where a URL has none.
    public static let defaultPath = "/cgi-bin/pkiclient.exe"

    /// Scheme, host, port and path.
    private let base: String
    /// The query that the caller gave, without what SCEP sets itself.
    private let query: [Substring]

    /// Whether the connection is encrypted.
    public let isHTTPS: Bool

    /// Reads a URL; one without a path gets ``defaultPath``.
    ///
    /// A URL that was copied with `operation` and `message` in it is taken without them.
    ///
    /// - Throws: ``SCEPClientError`` with code `url`.
    public init(_ text: String) throws(SCEPClientError) {
        guard let components = URLComponents(string: text), let scheme = components.scheme?.lowercased(),
            scheme == "http" || scheme == "https", let host = components.percentEncodedHost, !host.isEmpty
        else {
            throw SCEPClientError(
                .url,
                "\"\(text.printable)\" is not a URL for SCEP: it has to look like http://ca.example/scep"
            )
        }
        guard components.user == nil, components.password == nil else {
            throw SCEPClientError(
                .url, "A URL for SCEP has no user name or password; the challenge is given separately.")
        }
        let port = components.port.map { ":\($0)" } ?? ""
        let path = components.percentEncodedPath
        self.base = "\(scheme)://\(host)\(port)\(path.isEmpty ? Self.defaultPath : path)"
        self.query = (components.percentEncodedQuery ?? "").split(separator: "&").filter { pair in
            let name = pair.prefix { $0 != "=" }.lowercased()
            return name != "operation" && name != "message"
        }
        self.isHTTPS = scheme == "https"
    }

    /// The URL of an operation.
    ///
    /// - Parameters:
    ///   - operation: Its name in the RFC.
    ///   - message: What is sent along; escaped here, down to the characters that mean themselves everywhere.
    /// - Returns: The URL.
    public func url(_ operation: String, message: String? = nil) -> String {
        var pairs = self.query.map(String.init) + ["operation=\(operation)"]
        if let message { pairs.append("message=\(Self.escape(message))") }
        return "\(self.base)?\(pairs.joined(separator: "&"))"
    }

    /// Percent-encoding of all but unreserved characters (RFC 3986 §2.3): of base64, `+`, `/` and `=`.
    private static func escape(_ text: String) -> String {
        var escaped = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                escaped.unicodeScalars.append(UnicodeScalar(byte))
            default:
                escaped += "%\([byte].hexadecimal.uppercased())"
            }
        }
        return escaped
    }
}

extension SCEPURL: CustomStringConvertible {
    /// The URL without operation and message.
    public var description: String {
        self.query.isEmpty ? self.base : "\(self.base)?\(self.query.joined(separator: "&"))"
    }
}
