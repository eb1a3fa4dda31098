public import CryptographicMessageSyntax
import SwiftASN1

/// An attribute of a certification request, as people read it (RFC 2985 §5.4, [MS-WCCE] §2.2.2.7).
///
/// Nothing in it can do anything to a terminal or hide from the eye, it is not longer than people read, and a challenge
/// is never in it.
public struct ReadableAttribute: Hashable, Sendable {
    /// Its object identifier, with points between the numbers.
    public let identifier: String
    /// What it is called; its object identifier where it has no name here.
    public let name: String
    /// What it says, each part for itself; what is not known, or cannot be read, in hexadecimal digits.
    public let values: [String]

    /// Reads an attribute.
    public init(_ read: Attribute) {
        let known = Self.known[read.type]
        let values: [String] =
            switch known?.content {
            case .secret: ["present, not shown"]
            case .extensions: ["see extensions"]
            case .texts(let texts):
                Readable.list(read.values) { Readable.parts($0, texts).joined(separator: ", ") }
            case nil: Readable.list(read.values, Readable.octets)
            }
        self.init(read.type, name: known?.name, values: values.isEmpty ? ["empty"] : values)
    }

    /// Makes one with a text of its own.
    package init(_ read: Attribute, saying text: String) {
        self.init(read.type, name: Self.known[read.type]?.name, values: [text])
    }

    private init(_ type: ASN1ObjectIdentifier, name: String?, values: [String]) {
        self.identifier = type.dotted
        self.name = name ?? NameAttribute.name(of: type)
        self.values = values
    }

    private enum Content {
        case secret
        case extensions
        case texts(@Sendable (ASN1Node) throws -> [String])
    }

    /// Those that have a name and what reads their values.
    private static let known: [ASN1ObjectIdentifier: (name: String, content: Content)] = [
        .PKCS.challengePassword: ("challengePassword", .secret),
        .PKCS.extensionRequest: ("extensionRequest", .extensions),
        .PKCS.microsoftExtensionRequest: ("Microsoft extensionRequest", .extensions),
        [1, 2, 840, 113549, 1, 9, 2]: ("unstructuredName", .texts(Self.string)),
        [1, 2, 840, 113549, 1, 9, 8]: ("unstructuredAddress", .texts(Self.string)),
        [1, 2, 840, 113549, 1, 9, 15]: ("S/MIME capabilities", .texts(ExtensionText.mailCapabilities)),
        [1, 2, 840, 113549, 1, 9, 20]: ("friendlyName", .texts(Self.string)),
        [2, 5, 4, 5]: ("serialNumber", .texts(Self.string)),
        [1, 3, 6, 1, 4, 1, 311, 13, 2, 1]: ("Microsoft name and value", .texts(Self.nameAndValue)),
        [1, 3, 6, 1, 4, 1, 311, 13, 2, 2]: ("Microsoft key provider", .texts(Self.keyProvider)),
        [1, 3, 6, 1, 4, 1, 311, 13, 2, 3]: ("Microsoft OS version", .texts(Self.string)),
        [1, 3, 6, 1, 4, 1, 311, 21, 20]: ("Microsoft client", .texts(Self.client)),
    ]

    private static func string(_ node: ASN1Node) throws -> [String] {
        guard let text = NameText.string(node) else { throw CMSError(.malformed, "the value is no string") }
        return [Readable.text(text)]
    }

    /// What a program adds to a request.
    ///
    /// ```
    /// EnrollmentNameValuePair ::= SEQUENCE {
    ///     name   BMPSTRING,
    ///     value  BMPSTRING }
    /// ```
    @Sendable private static func nameAndValue(_ node: ASN1Node) throws -> [String] {
        var fields = try node.children(tagged: .sequence, of: "EnrollmentNameValuePair")
        let name = try Self.string(try fields.require("name")).joined()
        let value = try Self.string(try fields.require("value")).joined()
        let isSecret = ["challenge", "password", "secret"].contains { name.lowercased().contains($0) }
        return ["\(name): \(isSecret ? "present, not shown" : value)"]
    }

    /// What made the key.
    ///
    /// ```
    /// CSPProvider ::= SEQUENCE {
    ///     keySpec    INTEGER,
    ///     cspName    BMPSTRING,
    ///     signature  BIT STRING }
    /// ```
    @Sendable private static func keyProvider(_ node: ASN1Node) throws -> [String] {
        var fields = try node.children(tagged: .sequence, of: "CSPProvider")
        _ = try fields.require("keySpec")
        return try Self.string(try fields.require("cspName"))
    }

    /// Which program made the request, for whom, on which machine.
    ///
    /// ```
    /// RequestClientInfo ::= SEQUENCE {
    ///     clientId     INTEGER,
    ///     MachineName  UTF8STRING,
    ///     UserName     UTF8STRING,
    ///     ProcessName  UTF8STRING }
    /// ```
    @Sendable private static func client(_ node: ASN1Node) throws -> [String] {
        var fields = try node.children(tagged: .sequence, of: "RequestClientInfo")
        _ = try fields.require("clientId")
        return try ["machine", "user", "process"].map { label in
            "\(label) \(try Self.string(try fields.require(label)).joined())"
        }
    }
}
