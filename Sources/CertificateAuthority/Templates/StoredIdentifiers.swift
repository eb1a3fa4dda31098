package import SwiftASN1

extension KeyedDecodingContainer {
    /// Reads an OID with dots.
    package func objectIdentifier(_ key: Key) throws -> ASN1ObjectIdentifier {
        try self.objectIdentifier(try self.decode(String.self, forKey: key), key)
    }

    /// Reads a list of OIDs with dots; nil where there is none.
    package func objectIdentifiers(_ key: Key) throws -> [ASN1ObjectIdentifier]? {
        try self.decodeIfPresent([String].self, forKey: key)?.map { try self.objectIdentifier($0, key) }
    }

    private func objectIdentifier(_ text: String, _ key: Key) throws -> ASN1ObjectIdentifier {
        guard let identifier = ASN1ObjectIdentifier(dotNotation: text) else {
            throw DecodingError.dataCorruptedError(
                forKey: key,
                in: self,
                debugDescription: "\"\(ReadableText.line(text))\" is no OID with dots between its numbers"
            )
        }
        return identifier
    }
}
