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
    /// How long a subject can be, in bytes of UTF-8.
    public static let maximumLength = 16_384

    /// Encodes a Name such as `C=DE,O=Example,CN=router-1`.
    ///
    /// - Parameter text: Attributes separated by commas, several in one RelativeDistinguishedName by `+`. `\` makes the
    ///   next character an ordinary one, or stands before two hexadecimal digits. A value can be put into quotes.
    /// - Returns: The Name as DER.
    /// - Throws: ``SCEPError`` with code `encoding`.
    public static func encoded(_ text: String) throws(SCEPError) -> [UInt8] {
        guard !text.hasPrefix("/") else {
            throw SCEPError(.encoding, "a subject is written with commas here: \"CN=device,O=Example\"")
        }
        guard text.utf8.count <= Self.maximumLength else {
            throw SCEPError(.encoding, "the subject is longer than \(Self.maximumLength) bytes")
        }
        var parser = SubjectNameParser(text)
        var names: [[[UInt8]]] = []
        for written in try parser.parse() {
            names.append(try written.map { attribute throws(SCEPError) in try Self.attribute(attribute) })
        }
        return DERWriter.encode { coder in
            coder.appendConstructed(.sequence) { coder in
                for attributes in names { coder.appendSetOf(encoded: attributes) }
            }
        }
    }

    private static func attribute(_ written: SubjectNameParser.Attribute) throws(SCEPError) -> [UInt8] {
        let attribute: NameAttribute
        if let known = NameAttribute.named(written.type) {
            attribute = known
        } else if let identifier = Self.identifier(written.type) {
            attribute = NameAttribute.all.first { $0.identifier == identifier } ?? NameAttribute(identifier)
        } else {
            let names = NameAttribute.all.compactMap(\.names.first).joined(separator: ", ")
            throw SCEPError(
                .encoding,
                "\"\(written.type.printable(upTo: 200))\" is no attribute of a subject: it is one of \(names), or an object "
                    + "identifier"
            )
        }
        guard !written.value.isEmpty else {
            throw SCEPError(.encoding, "the attribute \(written.type.printable) of the subject is empty")
        }
        do {
            let value = try DERWriter.encode { coder in
                switch attribute.stringType {
                case .utf8: try coder.serialize(ASN1UTF8String(written.value))
                case .printable: try coder.serialize(try ASN1PrintableString(written.value))
                case .ia5: try coder.serialize(try ASN1IA5String(written.value))
                }
            }
            return DERWriter.encode { coder in
                coder.appendConstructed(.sequence) { coder in
                    coder.append(attribute.identifier)
                    coder.append(encoded: value)
                }
            }
        } catch {
            throw SCEPError(
                .encoding,
                "\"\(written.value.printable(upTo: 200))\" has characters that the attribute \(written.type) cannot have"
            )
        }
    }

    /// An object identifier as it is written; nil where it is none (X.660 §7.6): the first number is 0, 1 or 2, the
    /// second one below 40 unless the first is 2.
    private static func identifier(_ text: String) -> ASN1ObjectIdentifier? {
        var numbers: [UInt] = []
        for digits in text.split(separator: ".", omittingEmptySubsequences: false) {
            guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt32(digits) else {
                return nil
            }
            numbers.append(UInt(number))
        }
        guard numbers.count >= 2, numbers[0] < 2 && numbers[1] < 40 || numbers[0] == 2 else { return nil }
        return try? ASN1ObjectIdentifier(elements: numbers)
    }
}
