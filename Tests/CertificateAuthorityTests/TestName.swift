import TestSupport
import Testing

/// A Name put together attribute by attribute, in any string type.
struct TestName: Hashable, Sendable, CustomTestStringConvertible {
    struct Attribute: Hashable, Sendable {
        var type: [UInt8]
        var tag: UInt8
        var octets: [UInt8]

        static func commonName(_ text: String, tag: UInt8 = 0x0c) -> Attribute {
            Attribute(type: [0x55, 0x04, 0x03], tag: tag, octets: Array(text.utf8))
        }

        static func organization(_ text: String, tag: UInt8 = 0x0c) -> Attribute {
            Attribute(type: [0x55, 0x04, 0x0a], tag: tag, octets: Array(text.utf8))
        }

        var tree: ASN1Tree {
            ASN1Tree(
                tag: 0x30,
                children: [ASN1Tree(tag: 0x06, octets: self.type), ASN1Tree(tag: self.tag, octets: self.octets)]
            )
        }
    }

    var relativeNames: [[Attribute]]

    init(_ relativeNames: [Attribute]...) {
        self.relativeNames = relativeNames
    }

    /// A common name alone.
    init(_ text: String, tag: UInt8 = 0x0c) {
        self.relativeNames = [[.commonName(text, tag: tag)]]
    }

    init(octets: [UInt8], tag: UInt8) {
        self.relativeNames = [[Attribute(type: [0x55, 0x04, 0x03], tag: tag, octets: octets)]]
    }

    var tree: ASN1Tree {
        ASN1Tree(tag: 0x30, children: self.relativeNames.map { ASN1Tree(tag: 0x31, children: $0.map(\.tree)) })
    }

    var encoded: [UInt8] { self.tree.der }

    var testDescription: String {
        self.relativeNames.map { attributes in
            attributes.map { "\($0.tag):\(String(decoding: $0.octets.prefix(40), as: UTF8.self))" }
                .joined(separator: "+")
        }.joined(separator: ", ")
    }
}
