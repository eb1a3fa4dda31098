/// Whether people see a text as programs compare it.
///
/// A rule is written by somebody who thinks of what he can see. A NUL in a host name, a character that turns the
/// direction of writing, or a full stop that is not the ASCII one let a name look like one thing and be another, so what
/// holds one is never found to match a rule.
package enum UnambiguousText {
    /// How many accents one letter can have: as many as in the Stream-Safe Text Format (UAX #15 §13).
    ///
    /// No script needs more, nobody can read them, and normalising them takes time with the square of their number.
    private static let maximumMarks = 30

    /// Whether a text has neither invisible characters nor such as are taken for a dot, an at sign or an asterisk.
    package static func isUnambiguous(_ text: String) -> Bool {
        var marks = 0
        for scalar in text.unicodeScalars {
            guard Self.isUnambiguous(scalar) else { return false }
            let isMark = !scalar.isASCII && scalar.properties.canonicalCombiningClass != .notReordered
            marks = isMark ? marks + 1 : 0
            guard marks <= Self.maximumMarks else { return false }
        }
        return true
    }

    private static func isUnambiguous(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7e: true
        case ..<0x80: false
        // Braille blank, object replacement character, replacement character.
        case 0x2800, 0xfffc, 0xfffd: false
        default: !Self.isInvisible(scalar) && !self.isLookalike(scalar.value)
        }
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: true
        default: scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    /// Whether a character is taken for one that separates the parts of a name, by people or by normalisation (Unicode
    /// Normalization Form KC, which IDNA and ``StringPreparation`` apply).
    private static func isLookalike(_ value: UInt32) -> Bool {
        switch value {
        // What becomes or holds a dot: leaders, "⒈" to "⒛", "a.m." and its like, vertical, small and wide forms.
        case 0x2024...0x2026, 0x2488...0x249b, 0x33c2, 0x33c7, 0x33d8, 0xfe19, 0xfe30, 0xfe52, 0xff0e, 0x1f100: true
        // What IDNA takes for a dot: ideographic full stops.
        case 0x3002, 0xfe12, 0xff61: true
        // What looks like a dot: full stops of other scripts, Lisu and musical marks.
        case 0x06d4, 0x0701, 0x0702, 0xa4f8, 0xa60e, 0x1_0a50, 0x1_d16d: true
        // What becomes an at sign or an asterisk.
        case 0xfe6b, 0xff20, 0xfe61, 0xff0a: true
        default: false
        }
    }
}
