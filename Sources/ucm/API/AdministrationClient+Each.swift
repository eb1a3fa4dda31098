import ArgumentParser
import Server

extension AdministrationClient {
    /// Does something to each of several things, also where it cannot be done to one of them, and writes what came of it.
    ///
    /// - Parameters:
    ///   - things: The things.
    ///   - sentence: What people are told of one to which it was done.
    ///   - body: Does it.
    /// - Throws: What the single one throws, or failure where it could not be done to one of several.
    func each<Thing>(
        _ things: [Thing],
        sentence: (Thing, JSONValue) -> String,
        _ body: (Thing) async throws -> JSONValue
    ) async throws {
        if things.count == 1, let thing = things.first {
            let answer = try await body(thing)
            return self.show(answer) { printLine(sentence(thing, answer)) }
        }
        var answers: [JSONValue] = []
        var hasFailed = false
        for thing in things {
            do {
                let answer = try await body(thing)
                answers.append(answer)
                if self.output == .table { printLine(sentence(thing, answer)) }
            } catch {
                Terminal.complain("ucm: \(error)")
                hasFailed = true
            }
        }
        if self.output == .json { self.show(answers) {} }
        if hasFailed { throw ExitCode.failure }
    }
}
