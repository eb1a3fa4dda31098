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
        guard !name.isEmpty else { return "empty" }
        let text = name.description
        return Self.isPlain(text, upTo: Self.maximumLength) ? text : Self.shortened(text.unicodeScalars)
    }

    /// A sentence, or what is to stand in one line, with controls and invisible characters escaped.
    ///
    /// What it returns it leaves as it is, so that a text can be written down and read again any number of times.
    ///
    /// - Parameters:
    ///   - text: Any text.
    ///   - maximumLength: How many code points are kept before an ellipsis.
    /// - Returns: The text, without any control character, tabs and line ends among them.
    public static func line(_ text: String, upTo maximumLength: Int) -> String {
        guard !Self.isPlain(text, upTo: maximumLength) else { return text }
        var line = ""
        var length = 0
        for scalar in text.unicodeScalars {
            let piece = scalar.shown
            length += piece.unicodeScalars.count
            guard length <= maximumLength else { return line + "…" }
            line += piece
        }
        return line
    }

    /// A text that may come from outside, as short as a name.
    static func line(_ text: String) -> String { Self.line(text, upTo: Self.maximumLength) }

    /// The text of an IA5String, or what should be one.
    static func ascii(_ octets: some Sequence<UInt8>) -> String {
        Self.shortened(octets.lazy.map { Unicode.Scalar($0) })
    }

    /// Bytes as hexadecimal digits.
    static func hexadecimal(_ octets: some Sequence<UInt8>) -> String {
        var digits: [UInt8] = []
        for octet in octets {
            guard digits.count < Self.maximumLength else { return String(decoding: digits, as: UTF8.self) + "…" }
            digits.append(Self.digit(octet >> 4))
            digits.append(Self.digit(octet & 0x0f))
        }
        return String(decoding: digits, as: UTF8.self)
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value + (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
    }

    /// A serial number the way other programs print it: in hexadecimal, without the octet that only keeps it positive.
    ///
    /// - Parameter octets: The content octets of the INTEGER.
    /// - Returns: The digits, in lower case.
    public static func serialNumber(_ octets: [UInt8]) -> String {
        Self.hexadecimal(octets.count > 1 && octets[0] == 0 ? octets.dropFirst() : octets[...])
    }

    /// Whether a text is short and of visible ASCII characters only, so that it is shown as it is.
    private static func isPlain(_ text: String, upTo maximumLength: Int) -> Bool {
        text.utf8.count <= maximumLength && text.utf8.allSatisfy { (0x20...0x7e).contains($0) }
    }

    /// What cannot be seen is written as `\u{a}`, and what is too long ends in an ellipsis.
    private static func shortened(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var text = ""
        for (number, scalar) in scalars.enumerated() {
            guard number < Self.maximumLength else { return text + "…" }
            text += scalar.shown
        }
        return text
    }
}
