import ArgumentParser
import Foundation

/// Lines in columns, the last of which may be as long as it likes.
func printTable(_ header: [String], _ rows: [[String]]) {
    let all = [header] + rows
    let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    for row in all {
        let cells = row.enumerated().map { column, cell in
            column == row.count - 1 ? cell : cell.padding(toLength: widths[column] + 2, withPad: " ", startingAt: 0)
        }
        print(cells.joined())
    }
}

/// Names and what belongs to them.
func printLines(_ lines: [(String, String)]) {
    let width = (lines.map(\.0.count).max() ?? 0) + 2
    for (name, value) in lines {
        print(name.padding(toLength: width, withPad: " ", startingAt: 0) + value)
    }
}

/// Does something to each of several things, also where it cannot be done to one of them.
func eachOf<Thing>(_ things: [Thing], _ body: (Thing) async throws -> Void) async throws {
    var hasFailed = false
    for thing in things {
        do {
            try await body(thing)
        } catch {
            FileHandle.standardError.write(Data("ucm: \(error)\n".utf8))
            hasFailed = true
        }
    }
    if hasFailed { throw ExitCode.failure }
}
