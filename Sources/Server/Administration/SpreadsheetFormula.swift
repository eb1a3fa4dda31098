/// Keeps a spreadsheet from taking text for a formula, which could send away what stands in other cells.
///
/// Spreadsheets take a cell for a formula that begins with `=`, `+`, `-`, `@` or their wide forms, also behind blanks
/// and quotes, and some take one for it that begins with a tab or a line end. Where a semicolon separates cells, as it
/// does where the comma is the decimal point, a file with commas is taken apart at the semicolons and line ends inside
/// cells, in quotes or not. So an apostrophe is put in front of such a character wherever a cell can begin: at the
/// start, and behind semicolons, tabs and line ends. Spreadsheets show it and write it again, and reading takes one
/// away, so that nothing is lost on the way there and back. What is nowhere so stays as it is, generated challenges
/// among it: they begin with letters and digits.
enum SpreadsheetFormula {
    /// The text with apostrophes in front of what would begin a formula.
    static func disarmed(_ text: String) -> String { Self.changed(text) { $0 + 1 } }

    /// The text that was written with apostrophes; one that was not stays as it is.
    static func original(_ text: String) -> String { Self.changed(text) { max(0, $0 - 1) } }

    /// Changes how many apostrophes stand in front of what would begin a formula.
    private static func changed(_ text: String, _ count: (Int) -> Int) -> String {
        var changed = String.UnicodeScalarView()
        var isAtStart = true
        var apostrophes = 0
        func writeApostrophes(_ count: Int) {
            changed.append(contentsOf: repeatElement("'", count: count))
            apostrophes = 0
        }
        for scalar in text.unicodeScalars {
            if isAtStart, scalar == "'" {
                apostrophes += 1
                continue
            }
            if isAtStart { writeApostrophes(Self.beginsFormula(scalar) ? count(apostrophes) : apostrophes) }
            changed.append(scalar)
            isAtStart =
                ";\t\r\n".unicodeScalars.contains(scalar) || isAtStart && " \"".unicodeScalars.contains(scalar)
        }
        writeApostrophes(apostrophes)
        return String(changed)
    }

    private static func beginsFormula(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "=", "+", "-", "@", "\t", "\r", "\n", "\u{ff1d}", "\u{ff0b}", "\u{ff0d}", "\u{ff20}": true
        default: false
        }
    }
}
