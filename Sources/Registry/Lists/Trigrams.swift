/// The three letters in a row by which SQLite's FTS5 finds a part of a text.
enum Trigrams {
    /// How many of a text are looked for: more would make it slower, and whatever is found is compared afterwards.
    private static let maximum = 24

    /// What FTS5 is asked for.
    ///
    /// - Parameter parts: What has to be in the text, all of it.
    /// - Returns: The question; nil where the texts are too short for one.
    static func match(_ parts: [String]) -> String? {
        var seen: Set<String> = []
        var terms: [String] = []
        for part in parts {
            let scalars = Array(part.unicodeScalars)
            guard scalars.count >= 3 else { continue }
            // The rarest come last in names: device-000326 begins as all others do.
            for start in (0...(scalars.count - 3)).reversed() {
                var term = String.UnicodeScalarView()
                term.append(contentsOf: scalars[start..<start + 3])
                let text = String(term)
                guard seen.insert(text).inserted else { continue }
                terms.append("\"\(text.replacing("\"", with: "\"\""))\"")
                guard terms.count < Self.maximum else { return terms.joined(separator: " AND ") }
            }
        }
        return terms.isEmpty ? nil : terms.joined(separator: " AND ")
    }
}
