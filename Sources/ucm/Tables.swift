import ArgumentParser
import Foundation
import SCEP

/// Lines in columns, the last of which may be as long as it likes.
///
/// Nothing in a cell can do anything to a terminal or begin another line, whoever has written it.
func printTable(_ header: [String], _ rows: [[String]]) {
    let all = [header] + rows.map { $0.map(\.printable) }
    let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    for row in all {
        let cells = row.enumerated().map { column, cell in
            column == row.count - 1 ? cell : padded(cell, to: widths[column] + 2)
        }
        print(cells.joined())
    }
}

/// Names and what belongs to them, which is as harmless as in a table.
func printLines(_ lines: [(String, String)]) {
    let width = (lines.map(\.0.count).max() ?? 0) + 2
    for (name, value) in lines {
        print(padded(name, to: width) + value.printable)
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
