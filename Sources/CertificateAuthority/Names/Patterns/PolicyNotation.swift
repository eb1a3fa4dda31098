/// A part of a rule that is written, and stored, as a short text.
public protocol PolicyNotation: Codable, CustomStringConvertible, Hashable, Sendable {
    /// Reads the notation; the description of a value can be read again and is the same value.
    ///
    /// - Parameter text: What somebody wrote.
    /// - Throws: ``PolicySyntaxError`` that says where it is wrong.
    init(parsing text: String) throws(PolicySyntaxError)
}

extension PolicyNotation {
    /// Reads a value from its notation.
    ///
    /// - Throws: ``PolicySyntaxError``, or `DecodingError` where there is no text.
    public init(from decoder: any Decoder) throws {
        try self.init(parsing: try decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the value in its notation.
    ///
    /// - Throws: `EncodingError`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.description)
    }
}

extension PolicySyntaxError {
    /// The same error where what was read is a part of a longer text.
    package func moved(into text: String, by offset: Int) -> PolicySyntaxError {
        PolicySyntaxError(text, at: self.offset + offset, self.reason)
    }
}
