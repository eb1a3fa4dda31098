import SwiftASN1

/// Reads the strings of Names.
///
/// ```
/// DirectoryString ::= CHOICE {
///     teletexString    TeletexString,
///     printableString  PrintableString,
///     universalString  UniversalString,
///     utf8String       UTF8String,
///     bmpString        BMPString }
/// ```
/// RFC 5280 §4.1.2.4; IA5String and NumericString are the types of some attributes.
enum DirectoryString {
    /// The text of a value; nil where it is of another type, or not what its type says.
    static func text(of node: ASN1Node) -> String? {
        // Also takes the pieces of a constructed string together.
        guard let octets = try? ASN1OctetString(berEncoded: node, withIdentifier: node.identifier).bytes else {
            return nil
        }
        switch node.identifier {
        case .utf8String:
            return String(validating: octets, as: UTF8.self)
        case .printableString, .ia5String, .numericString:
            // Many write "@", "*" and "_" into a PrintableString, so all of ASCII is read.
            return octets.allSatisfy { $0 < 0x80 } ? String(decoding: octets, as: UTF8.self) : nil
        case .teletexString:
            // T.61 by the standard, ISO 8859-1 by everybody's practice.
            return Self.text(octets.lazy.map { Unicode.Scalar($0) })
        case .bmpString:
            // UCS-2 by the standard; Windows writes UTF-16.
            return Self.units(of: octets, as: UInt16.self).flatMap { String(validating: $0, as: UTF16.self) }
        case .universalString:
            return Self.units(of: octets, as: UInt32.self).flatMap { String(validating: $0, as: UTF32.self) }
        default:
            return nil
        }
    }

    private static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// Big-endian numbers; nil where the last one is not whole.
    private static func units<Unit: FixedWidthInteger>(of octets: ArraySlice<UInt8>, as type: Unit.Type) -> [Unit]? {
        let size = Unit.bitWidth / 8
        guard octets.count % size == 0 else { return nil }
        return stride(from: octets.startIndex, to: octets.endIndex, by: size).map { start in
            octets[start..<start + size].reduce(0) { $0 << 8 | Unit($1) }
        }
    }
}
