import Testing

@testable import ucm

/// Colour, and tables with it.
@Suite struct StyleTests {
    private static let colored = Style(isTerminal: true, environment: [:])
    private static let plain = Style(isTerminal: false, environment: [:])

    @Test(
        arguments: [
            (true, [:], true), (false, [:], false), (true, ["TERM": "xterm-256color"], true),
            (true, ["TERM": "dumb"], false), (true, ["NO_COLOR": "1"], false), (true, ["NO_COLOR": "0"], false),
            (true, ["NO_COLOR": ""], true), (false, ["TERM": "xterm", "NO_COLOR": ""], false),
        ] as [(Bool, [String: String], Bool)])
    func `colour is for terminals that want it`(isTerminal: Bool, environment: [String: String], isColored: Bool) {
        #expect(Style(isTerminal: isTerminal, environment: environment).isColored == isColored)
    }

    @Test(
        arguments: [
            ("revoked", "STATE", Color.red), ("ERROR", "LEVEL", .red), ("refused", "EVENT", .red),
            ("fails", "VERDICT", .red),
            ("pending", "STATUS", .yellow), ("on hold", "State", .yellow), ("expired", "STATE", .yellow),
            ("valid", "STATE", .green), ("ok", "LEVEL", .green), ("issued", "EVENT", .green), ("modern", "LEVEL", nil),
            ("revoked", "SUBJECT", nil), ("error", "NAME", nil), ("", "STATE", nil),
        ] as [(String, String, Color?)])
    func `states have colours, and nothing else has`(word: String, place: String, color: Color?) {
        #expect(Color.of(word, under: place) == color)
    }

    @Test func `a colour ends with its text`() {
        #expect(Self.colored.colored("x", .red) == "\u{1B}[31mx\u{1B}[0m")
        #expect(Self.colored.colored("x", nil) == "x")
        #expect(Self.plain.colored("x", .red) == "x")
    }

    private static let table = TextTable(
        ["ID", "STATE", "SUBJECT"],
        [["1", "valid", "CN=a"], ["1000", "revoked", "CN=revoked"], ["2", "unheard-of state", "CN=ä"]])

    @Test func `columns stand below each other`() {
        #expect(
            Self.table.lines(in: Self.plain) == [
                "ID    STATE             SUBJECT", "1     valid             CN=a", "1000  revoked           CN=revoked",
                "2     unheard-of state  CN=ä",
            ])
    }

    @Test func `colour takes no room`() {
        let lines = Self.table.lines(in: Self.colored)
        #expect(lines[1] == "1     \u{1B}[32mvalid\u{1B}[0m             CN=a")
        #expect(lines.map(Self.withoutColor) == Self.table.lines(in: Self.plain))
        #expect(lines[0] == "ID    STATE             SUBJECT")
    }

    @Test func `a cell cannot do anything to a terminal`() {
        let table = TextTable(["STATE", "SUBJECT"], [["\u{1B}[31mrevoked", "CN=a\nrevoked\u{1B}[2J"]])
        let lines = table.lines(in: Self.colored)
        #expect(lines.count == 2)
        #expect(!lines[1].contains("\u{1B}") && !lines[1].contains("\n"))
    }

    @Test func `a table without rows or with short ones is one too`() {
        #expect(TextTable(["A", "B"], []).lines(in: Self.colored) == ["A  B"])
        #expect(TextTable(["STATE", "B"], [["valid"]]).lines(in: Self.plain) == ["STATE  B", "valid"])
    }

    private static func withoutColor(_ line: String) -> String {
        line.replacing(/\u{1B}\[[0-9]+m/, with: "")
    }
}
