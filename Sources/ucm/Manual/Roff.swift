/// A manual page as it is written, in the man macros (man(7)) of groff and mandoc.
struct Roff {
    /// The source so far.
    private(set) var source: String

    /// Begins a page.
    ///
    /// - Parameters:
    ///   - title: Its name, such as `ucm-profile`.
    ///   - version: Of the program.
    init(title: String, version: String) {
        self.source = """
            .TH \(Self.escaped(title.uppercased())) 1 "" "ucm \(version)" "UCM manual"
            .nh
            .ad l

            """
    }

    /// A section.
    mutating func section(_ title: String) { self.line(".SH \(Self.escaped(title))") }

    /// A section within one.
    mutating func subsection(_ title: String) { self.line(".SS \(Self.escaped(title))") }

    /// Paragraphs, between which a line is empty.
    mutating func text(_ text: String) {
        for paragraph in text.split(separator: "\n\n") {
            self.line(".PP")
            self.lines(String(paragraph))
        }
    }

    /// Marked text as a paragraph of its own.
    mutating func paragraph(_ marked: String) {
        self.line(".PP")
        self.line(marked)
    }

    /// Something with its explanation.
    ///
    /// - Parameters:
    ///   - term: What is explained, as marked text.
    ///   - text: What is said of it.
    mutating func entry(_ term: String, _ text: String) {
        self.line(".TP")
        self.line(term)
        self.lines(text)
    }

    /// Lines as somebody types them.
    mutating func example(_ lines: [String]) {
        self.line(".PP")
        self.line(".RS 4")
        self.line(".nf")
        for line in lines { self.lines(line) }
        self.line(".fi")
        self.line(".RE")
    }

    /// Lines of marked text, which are not filled.
    mutating func verbatim(_ marked: [String]) {
        self.line(".PP")
        self.line(".nf")
        for line in marked { self.line(line) }
        self.line(".fi")
    }

    private mutating func lines(_ text: String) {
        for line in text.split(separator: "\n") { self.line(Self.guarded(Self.escaped(String(line)))) }
    }

    /// A line of marked text.
    mutating func line(_ line: String) { self.source += line + "\n" }

    /// What is typed as it stands.
    static func bold(_ text: String) -> String { "\\fB\(self.escaped(text))\\fR" }

    /// What stands for something else.
    static func italic(_ text: String) -> String { "\\fI\(self.escaped(text))\\fR" }

    /// Text in which nothing is a command, and hyphens and quotes stay what they are, so that they can be copied.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\e"
            case "-": escaped += "\\-"
            case "'": escaped += "\\(aq"
            case "`": escaped += "\\(ga"
            case "^": escaped += "\\(ha"
            case "~": escaped += "\\(ti"
            case "\"": escaped += "\\(dq"
            case _ where scalar.isASCII: escaped.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                escaped += "\\[u\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)]"
            }
        }
        return escaped
    }

    /// A line that is text, even where it begins as a request does.
    private static func guarded(_ line: String) -> String { line.hasPrefix(".") ? "\\&" + line : line }
}
