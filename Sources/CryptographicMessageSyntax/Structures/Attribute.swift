public import SwiftASN1

/// A signed attribute.
///
/// ```
/// Attribute ::= SEQUENCE {
///     attrType    OBJECT IDENTIFIER,
///     attrValues  SET OF AttributeValue }
/// ```
/// RFC 5652 §5.3.
public struct Attribute: Hashable, Sendable {
    /// What the values mean.
    public var type: ASN1ObjectIdentifier

    /// The encoded values, tag and length included.
    public var values: [[UInt8]]

    /// Makes an attribute with its encoded values.
    public init(_ type: ASN1ObjectIdentifier, values: [[UInt8]]) {
        self.type = type
        self.values = values
    }

    /// Makes an attribute with one value.
    ///
    /// - Throws: What the value throws when it is encoded.
    public init(_ type: ASN1ObjectIdentifier, value: some DERSerializable) throws {
        self.init(type, values: [try DERWriter.encode { try $0.serialize(value) }])
    }

    package init(node: ASN1Node) throws {
        var nodes = try node.children(tagged: .sequence, of: "Attribute")
        self.type = try ASN1ObjectIdentifier(berEncoded: try nodes.require("attrType"))
        let set = try nodes.require("attrValues").children(tagged: .set, of: "attrValues")
        self.values = IteratorSequence(set).map(\.bytes)
    }
}

extension Attribute: DEREncodable {
    /// Writes the attribute as DER, its values sorted.
    package func serialize(into coder: inout DERWriter) {
        coder.appendConstructed(.sequence) { coder in
            coder.append(self.type)
            coder.appendSetOf(encoded: self.values)
        }
    }
}

extension [Attribute] {
    /// The value of an attribute that has to be there once, with one value (RFC 5652 §5.3).
    ///
    /// - Throws: ``CMSError`` with code `signedAttribute`.
    public func single(_ type: ASN1ObjectIdentifier, named name: String) throws(CMSError) -> [UInt8] {
        guard let value = try self.singleIfPresent(type, named: name) else {
            throw CMSError(.signedAttribute, "the signed attribute \(name) is missing")
        }
        return value
    }

    /// The value of an attribute that may be there once, with one value; nil where it is absent.
    ///
    /// - Throws: ``CMSError`` with code `signedAttribute` where it is doubled or has not exactly one value.
    public func singleIfPresent(
        _ type: ASN1ObjectIdentifier,
        named name: String
    ) throws(CMSError) -> [UInt8]? {
        var found: Attribute?
        for attribute in self where attribute.type == type {
            guard found == nil else { throw CMSError(.signedAttribute, "the signed attribute \(name) is there twice") }
            found = attribute
        }
        guard let found else { return nil }
        guard found.values.count == 1 else {
            throw CMSError(.signedAttribute, "the signed attribute \(name) has \(found.values.count) values, not one")
        }
        return found.values[0]
    }
}
