import CryptographicMessageSyntax
package import SwiftASN1

/// Writes a Name for people, in the order in which it is encoded.
public enum NameText {
    /// An attribute of a Name, for a line of its own.
    public struct Line: Hashable, Sendable {
        /// What the attribute is called, or its object identifier; empty where it cannot be read.
        public var type: String
        /// Its value.
        public var value: String
        /// Whether it shares a RelativeDistinguishedName with the line before.
        public var isJoined: Bool
    }

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
                return try IteratorSequence(attributes).map { node in
                    let (type, value) = try Self.attribute(node)
                    return "\(type)=\(Self.escaped(value))"
                }.joined(separator: " + ")
            }.joined(separator: ", ")
        }
        guard let text else { return Readable.octets(name) }
        return text.isEmpty ? "(empty)" : text
    }

    /// The attributes of an encoded Name, one by one; what cannot be read says so, and the others are there all the
    /// same.
    ///
    /// - Parameter name: The Name as it was received.
    /// - Returns: The attributes, in order, a hundred at most; none for an empty Name.
    public static func lines(_ name: [UInt8]) -> [Line] {
        let lines = try? decodeBER(name[...], as: "Name") { root in
            try IteratorSequence(root.children(tagged: .sequence, of: "Name")).flatMap { relative -> [Line] in
                guard let attributes = try? relative.children(tagged: .set, of: "RelativeDistinguishedName") else {
                    return [Line(type: "", value: Readable.unreadable(relative.encodedBytes), isJoined: false)]
                }
                return IteratorSequence(attributes).enumerated().map { number, node in
                    guard let (type, value) = try? Self.attribute(node) else {
                        return Line(type: "", value: Readable.unreadable(node.encodedBytes), isJoined: number > 0)
                    }
                    return Line(type: type, value: Self.outlined(value), isJoined: number > 0)
                }
            }
        }
        guard let lines else { return [Line(type: "", value: Readable.unreadable(name), isJoined: false)] }
        let further = lines.count - Readable.maximumParts
        guard further > 0 else { return lines }
        return lines.prefix(Readable.maximumParts) + [Line(type: "", value: "… and \(further) more", isJoined: false)]
    }

    private enum Value {
        case text(String)
        case encoded([UInt8])
    }

    private static func attribute(_ node: ASN1Node) throws -> (type: String, value: Value) {
        var nodes = try node.children(tagged: .sequence, of: "AttributeTypeAndValue")
        let type = try ASN1ObjectIdentifier(berEncoded: try nodes.require("type"))
        let value = try nodes.require("value")
        return (NameAttribute.name(of: type), Self.string(value).map { .text($0) } ?? .encoded(value.bytes))
    }

    /// A value between others: what separates them is escaped.
    private static func escaped(_ value: Value) -> String {
        switch value {
        case .text(let text):
            let start = text.unicodeScalars.prefix(Readable.maximumLength)
            let escaped = start.map { ",+\"\\<>;".unicodeScalars.contains($0) ? "\\\($0)" : String($0) }.joined()
            return escaped.printable + (start.endIndex == text.endIndex ? "" : "…")
        case .encoded(let bytes): return Readable.octets(bytes)
        }
    }

    /// A value on its own: a blank at its begin or end would not be seen.
    private static func outlined(_ value: Value) -> String {
        switch value {
        case .text(let text):
            let start = text.hasPrefix(" ") ? "\\u{20}" : ""
            let end = text != " " && text.hasSuffix(" ") ? "\\u{20}" : ""
            return start + Readable.text(String(text.dropFirst(start.isEmpty ? 0 : 1).dropLast(end.isEmpty ? 0 : 1)))
                + end
        case .encoded(let bytes): return Readable.octets(bytes)
        }
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
