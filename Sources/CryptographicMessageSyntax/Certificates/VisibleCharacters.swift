extension Unicode.Scalar {
    /// Whether people see that it is there, and no terminal obeys it.
    ///
    /// Names and messages hold whatever their sender likes. Control characters, marks of direction, invisible characters and
    /// blanks that are no spaces are not visible.
    package var isVisible: Bool {
        guard !(0x20..<0x7f).contains(self.value) else { return true }
        switch self.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate, .privateUse,
            .unassigned:
            return false
        default:
            // Fillers, variation selectors and the like; the last one is the empty Braille pattern.
            return !self.properties.isDefaultIgnorableCodePoint && self.value != 0x2800
        }
    }

    /// The character, or its number where it is not visible: `\u{202e}`.
    package var shown: String {
        self.isVisible ? String(self) : "\\u{\(String(self.value, radix: 16))}"
    }
}
