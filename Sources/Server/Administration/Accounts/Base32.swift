/// Bytes as people type them into an authenticator: RFC 4648 §6, without padding.
enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    /// The bytes as text.
    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var (buffer, bits) = (0, 0)
        for byte in bytes {
            buffer = (buffer << 8 | Int(byte)) & 0xfff
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(Self.alphabet[buffer >> bits & 31])
            }
        }
        if bits > 0 { text.append(Self.alphabet[buffer << (5 - bits) & 31]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads a text, in whatever case, with blanks and hyphens in it and padding behind it.
    ///
    /// - Returns: The bytes; nil where it is no base32, has a length that none has, or bits that belong to nothing.
    static func decode(_ text: String) -> [UInt8]? {
        let written = text.utf8.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "-") }
        let end = written.lastIndex { $0 != UInt8(ascii: "=") }.map { $0 + 1 } ?? 0
        guard written.count - end <= 6 else { return nil }
        var bytes: [UInt8] = []
        var (buffer, bits) = (0, 0)
        for character in written[..<end] {
            let upper = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(character) ? character - 32 : character
            guard let value = Self.alphabet.firstIndex(of: upper) else { return nil }
            buffer = (buffer << 5 | value) & 0xfff
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> bits))
            }
        }
        guard bits < 5, buffer & ((1 << bits) - 1) == 0 else { return nil }
        return bytes
    }
}
