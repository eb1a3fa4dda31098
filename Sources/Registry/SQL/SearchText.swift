/// Texts that people search by, in any case.
///
/// SQLite and PostgreSQL do not agree on what is the same letter, so what is searched is stored in small letters.
enum SearchText {
    /// A text as it is compared: in small letters, in one line, and cut where it has more bytes than anybody reads.
    static func folded(_ text: String) -> String {
        let folded = text.shortened(to: 2_000).storable.lowercased()
        guard folded.utf8.contains(UInt8(ascii: "\n")) else { return folded }
        var scalars = String.UnicodeScalarView()
        for scalar in folded.unicodeScalars { scalars.append(scalar == "\n" ? "\u{FFFD}" : scalar) }
        return String(scalars)
    }

    /// What a certificate can be searched by: each of its names between two line feeds, and its subject after the last.
    ///
    /// So a name can be found as a whole and everything in part. Names beyond 20,000 bytes are left out.
    static func stored(names: [String], subject: String) -> String {
        var text = "\n"
        for name in names {
            let folded = Self.folded(name)
            guard text.utf8.count + folded.utf8.count < 20_000 else { break }
            text += folded + "\n"
        }
        return text + Self.folded(subject)
    }

    /// The names in what ``stored(names:subject:)`` gave.
    static func names(_ stored: String) -> [String] {
        stored.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).dropFirst().dropLast()
            .map(String.init)
    }

    /// The pattern for LIKE that finds a name as a whole.
    static func pattern(name: String) -> String { "%\n" + Self.escaped(Self.folded(name)) + "\n%" }

    /// The pattern for LIKE that finds a part.
    static func pattern(part: String) -> String { "%" + Self.escaped(Self.folded(part)) + "%" }

    /// The pattern for LIKE that finds a part as it is written.
    static func pattern(exactly part: String) -> String { "%" + Self.escaped(part.shortened(to: 2_000).storable) + "%" }

    /// What the patterns are escaped by.
    static let escape = #"ESCAPE '\'"#

    private static func escaped(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == "%" || scalar == "_" || scalar == "\\" { scalars.append("\\") }
            scalars.append(scalar)
        }
        return String(scalars)
    }
}
