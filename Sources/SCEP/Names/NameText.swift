import CryptographicMessageSyntax
package import SwiftASN1

/// Writes a Name for people, in the order in which it is encoded.
public enum NameText {
    /// The text of an encoded Name, such as `C=DE, O=Example, CN=router-1`.
    ///
    /// Nothing in it can do anything to a terminal. What cannot be read is shown in hexadecimal digits.
    ///
    /// - Parameter name: The Name as it was received.
    /// - Returns: The text.
    public static func text(_ name: [UInt8]) -> String {
        let text = try? decodeBER(name[...], as: "Name") { root in
            let names = try root.children(tagged: .sequence, of: "Name")
            return try IteratorSequence(names).map { relative in
                let attributes = try relative.children(tagged: .set, of: "RelativeDistinguishedName")
                return try IteratorSequence(attributes).map(Self.attribute).joined(separator: " + ")
            }.joined(separator: ", ")
        }
        guard let text else { return "#\(name.hexadecimal)" }
        return text.isEmpty ? "(empty)" : text
    }

    private static func attribute(_ node: ASN1Node) throws -> String {
        var nodes = try node.children(tagged: .sequence, of: "AttributeTypeAndValue")
        let type = try ASN1ObjectIdentifier(berEncoded: try nodes.require("type"))
        return "\(NameAttribute.name(of: type))=\(Self.value(try nodes.require("value")))"
    }

    private static func value(_ node: ASN1Node) -> String {
        guard let text = Self.string(node) else { return "#\(node.bytes.hexadecimal)" }
        let escaped = text.map { ",+\"\\<>;".contains($0) ? "\\\($0)" : String($0) }
        return escaped.joined().printable
    }

    /// The text of a string of any of the types that names have had.
    package static func string(_ node: ASN1Node) -> String? {
        guard case .primitive(let octets) = node.content else { return nil }
        switch node.identifier {
        case .utf8String, .printableString, .ia5String, .numericString:
            return String(validating: octets, as: UTF8.self)
        case .teletexString:
            // T.61 by name; in practice Latin-1.
            return String(String.UnicodeScalarView(octets.map { UnicodeScalar($0) }))
        case .bmpString where octets.count % 2 == 0:
            let bytes = Array(octets)
            let units = stride(from: 0, to: bytes.count, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
            return String(validating: units, as: UTF16.self)
        default:
            return nil
        }
    }
}
