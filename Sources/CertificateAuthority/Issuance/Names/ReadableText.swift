import CryptographicMessageSyntax
import SwiftASN1
import X509

/// Writes what came from outside so that it can stand in a sentence.
public enum ReadableText {
    /// How many characters are shown; a reason is read by people.
    static let maximumLength = 200

    /// A Name as people read it (RFC 4514), with controls and invisible characters escaped.
    ///
    /// - Parameter encoded: The Name, encoded.
    /// - Returns: The text, "empty" or "unreadable".
    public static func name(_ encoded: [UInt8]) -> String {
        let name = try? decodeBER(encoded[...], as: "Name") { try DistinguishedName(derEncoded: $0) }
        guard let name else { return "unreadable" }
        return name.isEmpty ? "empty" : Self.shortened("\(name)".unicodeScalars)
    }

    /// The text of an IA5String, or what should be one.
    static func ascii(_ octets: some Sequence<UInt8>) -> String {
        Self.shortened(octets.lazy.map { Unicode.Scalar($0) })
    }

    /// Bytes as hexadecimal digits.
    static func hexadecimal(_ octets: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".unicodeScalars)
        return Self.shortened(octets.lazy.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0x0f)]] })
    }

    /// Control characters are written as `\0a`, and what is too long ends in an ellipsis.
    private static func shortened(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var text = ""
        for (number, scalar) in scalars.enumerated() {
            guard number < Self.maximumLength else { return text + "…" }
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate:
                let digits = String(scalar.value, radix: 16)
                text += "\\" + (digits.count < 2 ? "0" + digits : digits)
            default:
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
