public import SwiftASN1

/// An extension of a certificate or of a request.
///
/// ```
/// Extension ::= SEQUENCE {
///     extnID     OBJECT IDENTIFIER,
///     critical   BOOLEAN DEFAULT FALSE,
///     extnValue  OCTET STRING }
/// ```
/// RFC 5280 §4.1.
public struct CertificateExtension: Hashable, Sendable {
    /// Which extension.
    public var identifier: ASN1ObjectIdentifier
    /// Whether a reader that does not know it has to refuse the certificate.
    public var isCritical: Bool
    /// The content of extnValue.
    public var value: [UInt8]

    /// Makes an extension from its encoded value.
    public init(_ identifier: ASN1ObjectIdentifier, isCritical: Bool = false, value: [UInt8]) {
        self.identifier = identifier
        self.isCritical = isCritical
        self.value = value
    }

    package init(node: ASN1Node) throws {
        var nodes = try node.children(tagged: .sequence, of: "Extension")
        self.identifier = try ASN1ObjectIdentifier(berEncoded: try nodes.require("extnID"))
        self.isCritical = try nodes.next(tagged: .boolean).map { try Bool(berEncoded: $0) } ?? false
        self.value = Array(try ASN1OctetString(berEncoded: try nodes.require("extnValue")).bytes)
    }
}

extension CertificateExtension: DEREncodable {
    /// Writes the extension as DER.
    package func serialize(into coder: inout DERWriter) {
        coder.appendConstructed(.sequence) { coder in
            coder.append(self.identifier)
            if self.isCritical { coder.append(.boolean, [0xff]) }
            coder.appendOctetString(self.value)
        }
    }
}
