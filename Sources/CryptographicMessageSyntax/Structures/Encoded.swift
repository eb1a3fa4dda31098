package import SwiftASN1

/// Something that is encoded already and is written as it is.
package struct Encoded: DERSerializable, Hashable, Sendable {
    package var bytes: [UInt8]

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    package func serialize(into coder: inout DER.Serializer) {
        coder.serializeRawBytes(self.bytes)
    }
}

extension DER.Serializer {
    /// Writes an OCTET STRING.
    package mutating func appendOctetString(_ bytes: [UInt8], identifier: ASN1Identifier = .octetString) {
        self.appendPrimitiveNode(identifier: identifier) { $0.append(contentsOf: bytes) }
    }

    /// The DER that a closure writes.
    package static func encode(_ write: (inout DER.Serializer) throws -> Void) rethrows -> [UInt8] {
        var coder = DER.Serializer()
        try write(&coder)
        return coder.serializedBytes
    }
}
