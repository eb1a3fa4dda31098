import CryptographicMessageSyntax

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
            text += scalar.shown
        }
        return text
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
