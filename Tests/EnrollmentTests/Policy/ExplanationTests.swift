import Enrollment
import TestSupport
import Testing

@Suite("An explanation as text")
struct ExplanationTests {
    @Test("is a line for each verdict and one for the decision")
    func text() {
        let explanation = Explanation(
            verdicts: [
                .init(.challenge, .holds, "valid: static challenge \"A\""), .init(.address, .notNeeded, "elsewhere"),
                .init(.subject, .fails, "no"),
            ],
            decision: .refuse(ground: .constraint, reason: "no")
        )
        #expect(
            explanation.text == "challenge\tholds\tvalid: static challenge \"A\"\naddress\tnotNeeded\telsewhere\n"
                + "subject\tfails\tno\ndecision\trefuse\tconstraint\tno"
        )
        #expect(Explanation(verdicts: [], decision: .grant).text == "decision\tgrant")
        #expect(Explanation(verdicts: [], decision: .queue(reason: "wait")).text == "decision\tqueue\twait")
    }

    static let details = [
        "", " ", "a", "\t", "\n", "\r\n", "\r", "a\tb\nc", "\\", "\\09", "\0", "é", "e\u{301}", "\u{301}", "\u{202e}x",
        "\u{2028}", "decision\tgrant", "\ndecision\tgrant", "😀", "\u{1f1e6}\u{1f1e7}", "\u{feff}", "\u{e000}", "…",
        String(repeating: "a", count: 1000), String(repeating: "a", count: 1001), String(repeating: "\n", count: 999),
        String(repeating: "é\t", count: 700), String(repeating: "a", count: 999) + "\n",
    ]

    @Test("comes back the same whatever its details are", arguments: details)
    func lossless(detail: String) {
        let decisions: [Explanation.Decision] = [
            .grant, .queue(reason: detail), .refuse(ground: .credential, reason: detail),
            .refuse(ground: .constraint, reason: detail),
        ]
        for decision in decisions {
            let verdicts = Explanation.Rule.allCases.flatMap { rule in
                Explanation.Outcome.allCases.map { Explanation.Verdict(rule, $0, detail) }
            }
            let explanation = Explanation(verdicts: verdicts, decision: decision)
            #expect(Explanation(text: explanation.text) == explanation)
            #expect(explanation.text.utf8.count { $0 == 0x0a } == verdicts.count)
            let again = Explanation(verdicts: explanation.verdicts, decision: explanation.decision)
            #expect(again == explanation)
        }
    }

    @Test(
        "is nothing else",
        arguments: [
            "", "\n", "\t", "decision", "decision\t", "decision\tmaybe", "decision\tgrant\t", "decision\tgrant\tx",
            "decision\tgrant\n", "decision\tqueue", "decision\tqueue\ta\tb", "decision\trefuse\tx",
            "decision\trefuse\twhim\tx", "decision\trefuse\tcredential", "decision\trefuse\tcredential\ta\tb",
            "challenge\tholds\tx", "challenge\tholds\ndecision\tgrant", "challenge\tholds\ta\tb\ndecision\tgrant",
            "moon\tholds\tx\ndecision\tgrant", "challenge\tperhaps\tx\ndecision\tgrant", "\ndecision\tgrant",
            "decision\tgrant\ndecision\tgrant", "Decision\tgrant", "challenge\tholds\tx\r\ndecision\tgrant\r", "{}",
        ]
    )
    func unreadable(text: String) {
        #expect(Explanation(text: text) == nil)
    }

    @Test("survives any text")
    func random() {
        var generator = SeededGenerator(seed: 4)
        let pieces = [
            "\t", "\n", "\r", "decision", "grant", "refuse", "queue", "credential", "constraint", "challenge", "holds",
            "fails", "x", "\0", "é", "\u{301}", "\u{202e}", "…", "\\", " ",
        ]
        for _ in 0..<3000 {
            let count = Int.random(in: 0..<14, using: &generator)
            let text = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            guard let explanation = Explanation(text: text) else { continue }
            #expect(Explanation(text: explanation.text) == explanation)
        }
    }
}
