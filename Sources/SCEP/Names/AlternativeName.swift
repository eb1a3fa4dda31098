public import CryptographicMessageSyntax
import Foundation
import SwiftASN1

/// A further name of the holder of a certificate.
///
/// ```
/// GeneralName ::= CHOICE {
///     rfc822Name                 [1] IA5String,
///     dNSName                    [2] IA5String,
///     uniformResourceIdentifier  [6] IA5String,
///     iPAddress                  [7] OCTET STRING,
///     … }
/// ```
/// RFC 5280 §4.2.1.6.
public enum AlternativeName: Hashable, Sendable {
    /// A host name.
    case dns(String)
    /// An address of electronic mail.
    case email(String)
    /// A URI.
    case uri(String)
    /// An IP address: 4 or 16 bytes.
    case ip([UInt8])

    /// Reads `DNS:router-1.example`, `email:…`, `URI:…` or `IP:…`, the kind in small letters or capitals.
    ///
    /// - Throws: ``SCEPError`` with code `encoding`.
    public init(_ text: String) throws(SCEPError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty, parts[1].allSatisfy({ $0.isASCII && !$0.isWhitespace }) else {
            throw Self.unreadable(text)
        }
        let value = String(parts[1])
        switch parts[0].lowercased() {
        case "dns": self = .dns(value)
        case "email": self = .email(value)
        case "uri": self = .uri(value)
        case "ip":
            guard let bytes = Self.address(value) else { throw Self.unreadable(text) }
            self = .ip(bytes)
        default: throw Self.unreadable(text)
        }
    }

    private static func unreadable(_ text: String) -> SCEPError {
        SCEPError(
            .encoding,
            "\"\(text.printable(upTo: 200))\" is no alternative name: it is written DNS:NAME, email:ADDRESS, URI:URI or IP:ADDRESS, "
                + "in ASCII (an international host name in its xn-- form)"
        )
    }

    private static func address(_ text: String) -> [UInt8]? {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: &four) { Array($0) } }
        if inet_pton(AF_INET6, text, &six) == 1 { return withUnsafeBytes(of: &six) { Array($0) } }
        return nil
    }

    /// The subjectAltName extension with some names, to ask for.
    ///
    /// - Parameter names: The names.
    /// - Returns: The extension.
    public static func certificateExtension(_ names: [AlternativeName]) -> CertificateExtension {
        let value = DERWriter.encode { coder in
            coder.appendConstructed(.sequence) { coder in
                for name in names {
                    switch name {
                    case .email(let text): coder.append(.primitive(1), text.utf8)
                    case .dns(let text): coder.append(.primitive(2), text.utf8)
                    case .uri(let text): coder.append(.primitive(6), text.utf8)
                    case .ip(let bytes): coder.append(.primitive(7), bytes)
                    }
                }
            }
        }
        return CertificateExtension([2, 5, 29, 17], value: value)
    }

    /// The names in a subjectAltName extension, for people.
    ///
    /// - Parameter value: The extension's value.
    /// - Returns: A text for each name.
    public static func texts(_ value: [UInt8]) -> [String] {
        ReadableExtension(CertificateExtension([2, 5, 29, 17], value: value)).values
    }
}
