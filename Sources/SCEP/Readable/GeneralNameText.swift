import CryptographicMessageSyntax
import Foundation
import SwiftASN1

/// Writes a GeneralName for people, as they write the common kinds themselves (``AlternativeName``).
///
/// ```
/// GeneralName ::= CHOICE {
///     otherName                  [0] OtherName,
///     rfc822Name                 [1] IA5String,
///     dNSName                    [2] IA5String,
///     x400Address                [3] ORAddress,
///     directoryName              [4] Name,
///     ediPartyName               [5] EDIPartyName,
///     uniformResourceIdentifier  [6] IA5String,
///     iPAddress                  [7] OCTET STRING,
///     registeredID               [8] OBJECT IDENTIFIER }
///
/// OtherName ::= SEQUENCE {
///     type-id  OBJECT IDENTIFIER,
///     value    [0] EXPLICIT ANY DEFINED BY type-id }
/// ```
/// RFC 5280 §4.2.1.6.
enum GeneralNameText {
    /// The text of a name; kinds that are not known by their tag, and what cannot be read in hexadecimal digits.
    static func text(_ node: ASN1Node) -> String {
        switch (node.identifier, node.content) {
        case (.context(1), .primitive(let octets)): "email:\(Self.string(octets))"
        case (.context(2), .primitive(let octets)): "DNS:\(Self.string(octets))"
        case (.context(6), .primitive(let octets)): "URI:\(Self.string(octets))"
        case (.context(7), .primitive(let octets)): "IP:\(Self.address(Array(octets)) ?? Readable.octets(octets))"
        case (.context(8), .primitive(let octets)):
            "registered ID:\(Self.identifier(octets) ?? Readable.octets(octets))"
        case (.context(4), .constructed(let nodes)) where nodes.first { _ in true } != nil:
            "directory name:\(nodes.first { _ in true }.map { Readable.text(NameText.text($0.bytes)) } ?? "")"
        case (.context(0), .constructed): (try? Self.otherName(node)) ?? "[0] \(Readable.octets(node.encodedBytes))"
        case (_, .primitive(let octets)): "[\(node.identifier.tagNumber)] \(Readable.octets(octets))"
        case (_, .constructed): "[\(node.identifier.tagNumber)] \(Readable.octets(node.encodedBytes))"
        }
    }

    /// An IA5String, or the UTF-8 that some write in its place.
    private static func string(_ octets: ArraySlice<UInt8>) -> String {
        String(validating: octets, as: UTF8.self).map(Readable.text) ?? Readable.octets(octets)
    }

    private static func address(_ bytes: [UInt8]) -> String? {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard inet_ntop(family, bytes, &buffer, socklen_t(buffer.count)) != nil else { return nil }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func identifier(_ octets: ArraySlice<UInt8>) -> String? {
        let encoded = DERWriter.encode { coder in
            coder.append(.objectIdentifier, octets)
        }
        return try? decodeBER(encoded[...], as: "registeredID") { try ASN1ObjectIdentifier(berEncoded: $0).dotted }
    }

    private static func otherName(_ node: ASN1Node) throws -> String {
        var nodes = try node.children(tagged: .context(0), of: "otherName")
        let type = try ASN1ObjectIdentifier(berEncoded: try nodes.require("type-id"))
        var wrapped = try nodes.require("value").children(tagged: .context(0), of: "value")
        let value = try wrapped.require("value")
        switch type {
        case [1, 3, 6, 1, 4, 1, 311, 20, 2, 3]:
            // What a user is called in Active Directory: a UTF8String.
            return "UPN:\(Self.text(ofValue: value))"
        case [1, 3, 6, 1, 4, 1, 311, 25, 2, 1]:
            // The number of an account in Active Directory, as text in an OCTET STRING.
            guard case .primitive(let octets) = value.content, value.identifier == .octetString else { break }
            return "SID:\(Self.string(octets))"
        default: break
        }
        return "other \(type.dotted):\(Self.text(ofValue: value))"
    }

    private static func text(ofValue value: ASN1Node) -> String {
        NameText.string(value).map(Readable.text) ?? Readable.octets(value.encodedBytes)
    }
}
