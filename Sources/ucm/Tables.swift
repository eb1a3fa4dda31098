import ArgumentParser
import CertificateAuthority
import Foundation

/// Lines in columns, the last of which may be as long as it likes.
func printTable(_ header: [String], _ rows: [[String]]) {
    let all = ([header] + rows).map { $0.map(readable) }
    let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    for row in all {
        let cells = row.enumerated().map { column, cell in
            column == row.count - 1 ? cell : padded(cell, to: widths[column] + 2)
        }
        print(cells.joined())
    }
}

/// Names and what belongs to them.
func printLines(_ lines: [(String, String)]) {
    let width = (lines.map(\.0.count).max() ?? 0) + 2
    for (name, value) in lines {
        print(padded(name, to: width) + readable(value))
    }
}

/// A text with blanks behind it.
private func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
}

/// A text that leaves the terminal as it is, with controls and invisible characters escaped.
private func readable(_ text: String) -> String { ReadableText.line(text, upTo: 10_000) }

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
        if count >= self.limit { complain("These are the newest \(count); --limit shows more.") }
    }
}

/// Does something to each of several things, also where it cannot be done to one of them.
func eachOf<Thing>(_ things: [Thing], _ body: (Thing) async throws -> Void) async throws {
    var hasFailed = false
    for thing in things {
        do {
            try await body(thing)
        } catch {
            complain("ucm: \(error)")
            hasFailed = true
        }
    }
    if hasFailed { throw ExitCode.failure }
}

/// Says what should not be overlooked.
func warn(_ warning: String?, about profile: String? = nil) {
    guard let warning else { return }
    complain("Warning\(profile.map { " about the profile \($0)" } ?? ""): \(warning).")
}

/// Writes a line to standard error, behind what was printed before.
func complain(_ line: String) {
    fflush(nil)
    Terminal.complain(line)
}
