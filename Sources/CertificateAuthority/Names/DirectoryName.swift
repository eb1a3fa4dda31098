import CryptographicMessageSyntax
import SwiftASN1

/// A Name as people write it: `CN=Example Root CA, O=Example Corp, C=DE`.
///
/// The attributes are encoded in the order in which they are written, each in an RDN of its own, with the string types
/// and upper bounds of RFC 5280 §A.1. Escapes are those of RFC 4514 §2.4.
public struct DirectoryName: PolicyNotation {
    /// The Name, encoded.
    public let encoded: [UInt8]
    /// The Name as it is written; where it was read from a certificate and has values that are no text, not to be read
    /// again.
    public let description: String

    /// Reads a Name that somebody wrote.
    ///
    /// - Parameter text: What somebody wrote.
    /// - Throws: ``PolicySyntaxError`` that says where it is wrong.
    public init(parsing text: String) throws(PolicySyntaxError) {
        let notation = NameNotation(text: text)
        var name = WrittenName(attributes: [])
        for part in try notation.parts() {
            let attribute = WrittenName.Attribute(type: part.type, text: try notation.literal(part.value))
            if let flaw = WrittenName.flaw(of: attribute) {
                throw PolicySyntaxError(text, at: part.value.startIndex, flaw)
            }
            name.attributes.append(attribute)
        }
        self.encoded = name.encoded
        self.description = name.attributes.map { "\($0.type)=\(NameNotation.escaped($0.text))" }.joined(separator: ", ")
    }

    /// Reads an encoded Name.
    ///
    /// - Throws: ``CMSError`` with code `malformed` or `tooComplex`.
    init(encoded: [UInt8]) throws(CMSError) {
        self.encoded = encoded
        self.description = try ParsedName(encoded: encoded).relativeNames.map { attributes in
            attributes.map { attribute in
                let type = (try? ASN1ObjectIdentifier(berEncoded: attribute.type)).map(AttributeTypeName.name(of:))
                let text = DirectoryString.text(of: attribute.value).map(NameNotation.escaped)
                return "\(type ?? "?")=\(text ?? "#" + ReadableText.hexadecimal(attribute.value.encodedBytes))"
            }.joined(separator: "+")
        }.joined(separator: ", ")
    }
}
