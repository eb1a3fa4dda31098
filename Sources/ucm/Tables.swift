import ArgumentParser
import Foundation
import SCEP

/// Lines in columns, coloured where the terminal wants it.
func printTable(_ header: [String], _ rows: [[String]]) {
    for line in TextTable(header, rows).lines(in: .standardOutput) { print(line) }
}

/// Names and what belongs to them, which is as harmless as in a table.
func printLines(_ lines: [(String, String)]) {
    let width = (lines.map(\.0.count).max() ?? 0) + 2
    for (name, value) in lines {
        let value = value.printable
        print(padded(name, to: width) + Style.standardOutput.colored(value, Color.of(value, under: name)))
    }
}

/// One line, as harmless as in a table.
func printLine(_ line: String) {
    print(line.printable)
}

/// A text with blanks behind it.
private func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
}

/// A text of which a table shows the beginning.
func shortened(_ text: String, upTo length: Int = 400) -> String {
    text.count <= length ? text : text.prefix(length) + "…"
}

/// How many lines a list has.
struct ListLimit: ParsableArguments {
    @Option(help: ArgumentHelp("How many at most, the newest first.", valueName: "number")) var limit = 100

    func validate() throws {
        guard self.limit > 0 else { throw ValidationError("--limit is 1 or more") }
    }

    /// Says that there may be more than were listed.
    func mention(_ count: Int) {
        if count >= self.limit { Terminal.complain("These are the newest \(count); --limit shows more.") }
    }
}
