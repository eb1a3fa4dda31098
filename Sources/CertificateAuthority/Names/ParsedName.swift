import CryptographicMessageSyntax
import SwiftASN1

/// A Name taken apart, its values as they came.
///
/// ```
/// Name ::= CHOICE { rdnSequence  RDNSequence }
///
/// RDNSequence ::= SEQUENCE OF RelativeDistinguishedName
///
/// RelativeDistinguishedName ::= SET SIZE (1..MAX) OF AttributeTypeAndValue
///
/// AttributeTypeAndValue ::= SEQUENCE {
///     type   AttributeType,
///     value  AttributeValue }
/// ```
/// RFC 5280 §4.1.2.4.
struct ParsedName {
    struct Attribute {
        var type: ASN1Node
        var value: ASN1Node
    }

    /// The RDNs, the attributes of each as they came.
    let relativeNames: [[Attribute]]

    /// How many attributes each RDN has.
    var shape: [Int] { self.relativeNames.map(\.count) }

    /// Reads a Name.
    ///
    /// - Throws: ``CMSError`` with code `malformed` or `tooComplex`.
    init(encoded: [UInt8]) throws(CMSError) {
        guard try BERBounds.lengthOfFirstElement(in: encoded[...]) == encoded.count else {
            throw CMSError(.malformed, "bytes behind a Name")
        }
        self = try decodeBER(encoded[...], as: "Name", ParsedName.init(node:))
    }

    init(node: ASN1Node) throws(CMSError) {
        var relativeNames: [[Attribute]] = []
        for set in IteratorSequence(try node.children(tagged: .sequence, of: "Name")) {
            var attributes: [Attribute] = []
            for attribute in IteratorSequence(try set.children(tagged: .set, of: "RelativeDistinguishedName")) {
                var fields = try attribute.children(tagged: .sequence, of: "AttributeTypeAndValue")
                let type = try fields.require("type")
                guard type.identifier == .objectIdentifier else {
                    throw CMSError(.malformed, "the type of an attribute is no OBJECT IDENTIFIER")
                }
                attributes.append(Attribute(type: type, value: try fields.require("value")))
                guard fields.next() == nil else { throw CMSError(.malformed, "an attribute of three parts") }
            }
            relativeNames.append(attributes)
        }
        self.relativeNames = relativeNames
    }
}

extension ASN1Node {
    /// The encoding; where the node is primitive, with tag and length as short as can be, so that the same value is
    /// always the same bytes.
    var canonicalBytes: [UInt8] {
        guard case .primitive(let octets) = self.content else { return self.bytes }
        // Nearly always it is as short as can be already: one octet for the tag, one for the length.
        if octets.count < 0x80, self.encodedBytes.count == octets.count + 2 { return self.bytes }
        var coder = DER.Serializer()
        coder.appendPrimitiveNode(identifier: self.identifier) { $0.append(contentsOf: octets) }
        return coder.serializedBytes
    }
}
