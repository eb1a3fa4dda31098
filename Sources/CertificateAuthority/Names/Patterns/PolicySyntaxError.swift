/// What is wrong with a rule that somebody wrote, and where.
public struct PolicySyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The rule as it was written.
    public var text: String
    /// Where the error is: the number of characters before it.
    public var offset: Int
    /// What is wrong, and what would be right.
    public var reason: String

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - text: The rule as it was written.
    ///   - offset: The number of characters before the error.
    ///   - reason: What is wrong, and what would be right.
    public init(_ text: String, at offset: Int, _ reason: String) {
        self.text = text
        self.offset = offset
        self.reason = reason
    }

    /// The rule, the place and the reason in one sentence.
    public var description: String {
        "\"\(self.text)\", at character \(self.offset + 1): \(self.reason)"
    }
}
