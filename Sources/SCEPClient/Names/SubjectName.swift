import CryptographicMessageSyntax
import SwiftASN1

/// Encodes a Name that a person has written.
///
/// ```
/// Name ::= SEQUENCE OF RelativeDistinguishedName
/// RelativeDistinguishedName ::= SET OF SEQUENCE {
///     type   OBJECT IDENTIFIER,
///     value  ANY DEFINED BY type }
/// ```
/// RFC 5280 §4.1.2.4. The attributes keep the order in which they are written, as OpenSSL's do; RFC 4514 would turn it
/// around. Escapes are those of RFC 4514 §2.4.
public enum SubjectName {
    /// Encodes a Name such as `C=DE,O=Example,CN=router-1`.
    ///
    /// - Parameter text: Attributes separated by commas, several in one RelativeDistinguishedName by `+`. `\` makes the
    ///   next character an ordinary one, or stands before two hexadecimal digits. A value can be put into quotes.
    /// - Returns: The Name as DER.
    /// - Throws: ``SCEPClientError`` with code `input`.
    public static func encoded(_ text: String) throws(SCEPClientError) -> [UInt8] {
        guard !text.hasPrefix("/") else {
            throw SCEPClientError(.input, "A subject is written with commas here: \"CN=device,O=Example\".")
        }
        var parser = SubjectNameParser(text)
        var names: [[Encoded]] = []
        for written in try parser.parse() {
            names.append(try written.map { attribute throws(SCEPClientError) in try Self.attribute(attribute) })
        }
        do {
            return try DER.Serializer.encode { coder in
                try coder.appendConstructed(.sequence) { coder in
                    for attributes in names { try coder.appendSetOf(attributes) }
                }
            }
        } catch {
            throw SCEPClientError(.input, "The subject cannot be encoded: \(error).")
        }
    }

    private static func attribute(_ written: SubjectNameParser.Attribute) throws(SCEPClientError) -> Encoded {
        let attribute: NameAttribute
        if let known = NameAttribute.named(written.type) {
            attribute = known
        } else if let identifier = try? ASN1ObjectIdentifier(dotRepresentation: written.type[...]) {
            attribute = NameAttribute.all.first { $0.identifier == identifier } ?? NameAttribute(identifier)
        } else {
            let names = NameAttribute.all.compactMap(\.names.first).joined(separator: ", ")
            throw SCEPClientError(
                .input,
                "\"\(written.type.printable)\" is no attribute of a subject: it is one of \(names), or an object identifier."
            )
        }
        guard !written.value.isEmpty else {
            throw SCEPClientError(.input, "The attribute \(written.type.printable) of the subject is empty.")
        }
        do {
            let value: [UInt8] = try DER.Serializer.encode { coder in
                switch attribute.stringType {
                case .utf8: try coder.serialize(ASN1UTF8String(written.value))
                case .printable: try coder.serialize(try ASN1PrintableString(written.value))
                case .ia5: try coder.serialize(try ASN1IA5String(written.value))
                }
            }
            return Encoded(
                try DER.Serializer.encode { coder in
                    try coder.appendConstructed(.sequence) { coder in
                        try coder.serialize(attribute.identifier)
                        coder.serializeRawBytes(value)
                    }
                }
            )
        } catch {
            throw SCEPClientError(
                .input,
                "\"\(written.value.printable)\" has characters that the attribute \(written.type) cannot have."
            )
        }
    }
}
