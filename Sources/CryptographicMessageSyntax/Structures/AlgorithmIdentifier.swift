public import SwiftASN1

/// Names an algorithm and carries its parameters as they were received.
///
/// ```
/// AlgorithmIdentifier ::= SEQUENCE {
///     algorithm   OBJECT IDENTIFIER,
///     parameters  ANY DEFINED BY algorithm OPTIONAL }
/// ```
/// RFC 5280 §4.1.1.2.
public struct AlgorithmIdentifier: Hashable, Sendable {
    /// Which algorithm.
    public var algorithm: ASN1ObjectIdentifier

    /// The encoded parameters, tag and length included; nil where they are absent.
    public var parameters: [UInt8]?

    /// NULL, the parameters of algorithms that have none but must not leave them out (RFC 4055 §2.1).
    public static let null: [UInt8] = [0x05, 0x00]

    /// Makes an identifier.
    public init(_ algorithm: ASN1ObjectIdentifier, parameters: [UInt8]? = nil) {
        self.algorithm = algorithm
        self.parameters = parameters
    }

    package init(node: ASN1Node) throws {
        try self.init(node: node, tagged: .sequence)
    }

    /// Reads an identifier with an implicit tag.
    init(node: ASN1Node, tagged tag: ASN1Identifier) throws {
        var nodes = try node.children(tagged: tag, of: "AlgorithmIdentifier")
        self.algorithm = try ASN1ObjectIdentifier(berEncoded: try nodes.require("algorithm"))
        self.parameters = nodes.next()?.bytes
    }
}

extension AlgorithmIdentifier: DEREncodable {
    /// Writes the identifier as DER.
    package func serialize(into coder: inout DERWriter) {
        self.serialize(into: &coder, tagged: .sequence)
    }

    /// Writes the identifier with an implicit tag.
    func serialize(into coder: inout DERWriter, tagged tag: DERTag) {
        coder.appendConstructed(tag) { coder in
            coder.append(self.algorithm)
            if let parameters = self.parameters { coder.append(encoded: parameters) }
        }
    }
}
