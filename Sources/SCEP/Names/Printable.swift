extension String {
    /// The text without what a terminal would obey and what nobody sees: control characters, marks of direction,
    /// invisible characters and blanks that are no spaces are written as their numbers.
    ///
    /// Everything that comes from a server, a captured message or a request is shown through this.
    public var printable: String { self.printable(upTo: .max) }

    /// The same, of no more than so many characters (Unicode scalars); where there are more, an ellipsis ends it.
    ///
    /// - Parameter limit: How many.
    /// - Returns: The text.
    public func printable(upTo limit: Int) -> String {
        var text = ""
        var count = 0
        for scalar in self.unicodeScalars {
            guard count < limit else { return text + "…" }
            count += 1
            if scalar.isPrintable {
                text.unicodeScalars.append(scalar)
            } else {
                text += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return text
    }
}

extension Unicode.Scalar {
    /// Whether people see that it is there, and nothing obeys it.
    fileprivate var isPrintable: Bool {
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
}

extension Sequence<UInt8> {
    /// Lower-case hexadecimal digits.
    public var hexadecimal: String {
        let digits = Array("0123456789abcdef".unicodeScalars)
        var text = ""
        for byte in self {
            text.unicodeScalars.append(digits[Int(byte >> 4)])
            text.unicodeScalars.append(digits[Int(byte & 0xf)])
        }
        return text
    }
}
