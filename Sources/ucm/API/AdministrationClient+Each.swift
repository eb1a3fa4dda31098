import AdministrationAPI
import ArgumentParser
import Server

extension AdministrationClient {
    /// Asks for each of several things, also where it cannot be done to one of them, and writes what is answered: each at
    /// once for people, an array at the end for programs.
    ///
    /// - Parameters:
    ///   - things: What is asked about, one after the other.
    ///   - ask: Asks for one of them.
    ///   - write: Writes the answer for people.
    /// - Throws: What was thrown where there is a single thing, status 1 where any of several failed.
    func each<Thing>(
        of things: [Thing],
        _ ask: (Thing) async throws -> JSONValue,
        write: (Thing, JSONValue) -> Void
    ) async throws {
        var answers: [JSONValue] = []
        var hasFailed = false
        for thing in things {
            do {
                let answer = try await ask(thing)
                answers.append(answer)
                if self.output == .table { write(thing, answer) }
            } catch  where things.count > 1 {
                Terminal.complain("ucm: \(error)")
                hasFailed = true
            }
        }
        self.show(answers) {}
        if hasFailed { throw ExitCode(ExitStatus.failure) }
    }
}
