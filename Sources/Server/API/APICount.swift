import AdministrationAPI

/// What counts have in common: `count`, and whether that is all of them.
enum APICount {
    static let atMost = QueryParameter(
        "atMost", ValueKind<Int>.integer(1...1_000_000), "Where counting stops; all are counted where nothing is said.")

    /// What a count answers.
    static let answer = APIAnswer.json(
        .object(
            [
                ("count", Schema.integer(0...Int.max).described("How many there are, or atMost.")),
                ("isExact", Schema.boolean.described("false where there are more than atMost.")),
            ], required: ["count", "isExact"]), "How many there are.")

    /// An answer.
    ///
    /// - Parameters:
    ///   - count: How many there are; one more than asked for was counted.
    ///   - maximum: How many were asked for; nil for all.
    /// - Returns: The answer.
    static func reply(_ count: Int, atMost maximum: Int?) -> APIReply {
        let isExact = maximum.map { count <= $0 } ?? true
        return .json([
            "count": .integer(Int64(isExact ? count : maximum ?? count)), "isExact": .bool(isExact),
        ])
    }
}
