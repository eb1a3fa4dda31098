/// The three letters in a row by which SQLite's FTS5 finds a part of a text.
///
/// An administrator finds a device by whatever part of its name he has at hand, however old it is, so neither the beginnings
/// of names nor the newest rows alone would do; and LIKE reads a million rows in half a second. Trigrams find any part of three
/// letters or more in milliseconds, take 50 bytes a row, and are noted by the thousand, which costs a tenth of noting each
/// with its enrolment. They only narrow what LIKE is asked about, so what is found is the same with and without them: what is
/// too new to be noted, shorter than three letters, or in a database without trigrams, is read range by range. On PostgreSQL
/// an index of pg_trgm serves LIKE itself, where that extension is there, and no other statement is needed.
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
