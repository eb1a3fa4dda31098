/// A character of a pattern that stands for itself, or a wildcard.
struct PatternToken {
    enum Kind: Hashable {
        case literal(Character)
        /// `*`
        case one
        /// `**`
        case many
    }

    var kind: Kind
    /// The number of characters before it.
    var offset: Int

    /// The characters that a backslash may precede.
    static let escapable: Set<Character> = ["*", "\\", ",", "=", "+"]

    /// Takes a pattern apart.
    static func all(in text: String) throws(PolicySyntaxError) -> [PatternToken] {
        let characters = Array(text)
        guard !characters.isEmpty else {
            throw PolicySyntaxError(text, at: 0, "a pattern is missing; write ** for any value")
        }
        guard characters.count <= NamePattern.maximumLength else {
            throw PolicySyntaxError(
                text,
                at: NamePattern.maximumLength,
                "a pattern has at most \(NamePattern.maximumLength) characters"
            )
        }
        var tokens: [PatternToken] = []
        var index = 0
        while index < characters.count {
            let offset = index
            let kind: Kind
            switch characters[index] {
            case "*":
                let length = characters[index...].prefix { $0 == "*" }.count
                guard length <= 2 else {
                    throw PolicySyntaxError(
                        text,
                        at: index + 2,
                        "two wildcards cannot stand side by side; write * or **, and \\* for an asterisk itself"
                    )
                }
                kind = length == 1 ? .one : .many
                index += length
            case "\\":
                guard index + 1 < characters.count, Self.escapable.contains(characters[index + 1]) else {
                    throw PolicySyntaxError(
                        text,
                        at: index,
                        "a backslash stands before * \\ , = or + only; write \\\\ for a backslash itself"
                    )
                }
                kind = .literal(characters[index + 1])
                index += 2
            case let character:
                guard UnambiguousText.isUnambiguous(String(character)) else {
                    throw PolicySyntaxError(
                        text,
                        at: index,
                        "a character that cannot be seen or is taken for another, which never matches; "
                            + "write letters, digits and ASCII punctuation"
                    )
                }
                kind = .literal(character)
                index += 1
            }
            tokens.append(PatternToken(kind: kind, offset: offset))
        }
        return tokens
    }
}
