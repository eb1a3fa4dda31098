extension String {
    /// The text without what a terminal would obey: control characters and marks of direction are written as their
    /// numbers.
    ///
    /// Everything that comes from a server or a captured message is shown through this.
    public var printable: String {
        var text = ""
        for scalar in self.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                text += "\\u{\(String(scalar.value, radix: 16))}"
            default:
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

extension String {
    /// What somebody else says, in quotation marks, at the end of a sentence.
    var quoted: String { self.hasSuffix(".") ? "\"\(self.printable)\"" : "\"\(self.printable)\"." }
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
