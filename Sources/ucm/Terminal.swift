import ArgumentParser
import Foundation
import SCEP

/// The two streams.
enum Terminal {
    /// Whether a stream is a terminal that understands more than letters.
    static func isTerminal(_ descriptor: Int32) -> Bool {
        isatty(descriptor) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    /// Writes what was asked for.
    static func write(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    /// Writes a line about it, behind what was printed before.
    static func complain(_ line: String) {
        fflush(nil)
        FileHandle.standardError.write(Data((line.printable + "\n").utf8))
    }
}

/// Does something to each of several things, also where it cannot be done to one of them.
func eachOf<Thing>(_ things: [Thing], _ body: (Thing) async throws -> Void) async throws {
    var hasFailed = false
    for thing in things {
        do {
            try await body(thing)
        } catch {
            Terminal.complain("ucm: \(error)")
            hasFailed = true
        }
    }
    if hasFailed { throw ExitCode(ExitStatus.failure) }
}

/// Says what an administrator should know; nothing for nil.
func warn(_ warning: String?, about profile: String? = nil) {
    guard let warning else { return }
    Terminal.complain("Warning\(profile.map { " about the profile \($0)" } ?? ""): \(warning).")
}
