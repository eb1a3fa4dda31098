import AdministrationAPI
import ArgumentParser
import Foundation
import Server
import TestSupport
import Testing

@testable import ucm

/// What the program ends with.
@Suite struct ExitStatusTests {
    @Test(arguments: [
        (400, 1), (401, 5), (403, 5), (404, 2), (409, 4), (412, 4), (422, 1), (429, 6), (500, 1), (502, 6), (503, 6),
        (504, 6),
    ])
    func `answers of the API`(httpStatus: Int, status: Int32) {
        let failure = APIFailure(APIAnswered(status: httpStatus, body: []))
        #expect(ExitStatus(of: failure).rawValue == status)
    }

    @Test func `other errors`() {
        #expect(ExitStatus(of: ServerUnreachable(url: "https://ca.test", reason: "refused")) == .unavailable)
        #expect(ExitStatus(of: NotSignedIn(reason: "nobody is signed in")) == .notPermitted)
        #expect(ExitStatus(of: ValidationError("--a and --b exclude each other")) == .usage)
        #expect(ExitStatus(of: FileProblem(path: "x", reason: "it is empty")) == .failure)
        #expect(ExitStatus.usage.rawValue == ExitCode.validationFailure.rawValue)
    }

    /// Runs a command line, and returns what the program would end with.
    private static func run(_ words: [String]) async -> Int32 {
        do {
            guard var command = try UCM.parseAsRoot(words) as? any AsyncParsableCommand else { return 0 }
            try await command.run()
            return 0
        } catch {
            return UCM.exitCode(for: error).rawValue
        }
    }

    @Test func `a server that is not there`() async throws {
        try await withTemporaryDirectory { directory in
            try Files.writePrivate("token", to: directory + "/token")
            let status = await Self.run(
                ["whoami", "--server", "https://127.0.0.1:1", "--token-file", directory + "/token"])
            #expect(status == 6)
        }
    }

    @Test func `a file that is not there, and options that exclude each other`() async {
        #expect(await Self.run(["whoami", "--server", "https://127.0.0.1:1", "--token-file", "/nonexistent"]) == 1)
        #expect(await Self.run(["whoami", "--server", "https://127.0.0.1:1", "--data", "/nonexistent"]) == 64)
        #expect(await Self.run(["audit", "verify", "/nonexistent"]) == 1)
        #expect(await Self.run(["login", "http://127.0.0.1:1"]) == 64)
    }

    @Test func `an export that is none`() async throws {
        try await withTemporaryDirectory { directory in
            try Files.write("{}\n", to: directory + "/export")
            #expect(await Self.run(["audit", "verify", directory + "/export"]) == 1)
        }
    }

    @Test func `the document has them all`() throws {
        let document = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/command-line.md")
        let text = try String(contentsOf: document, encoding: .utf8)
        for status in ExitStatus.allCases { #expect(text.contains("| \(status.rawValue) | \(status.meaning) |")) }
        for status in SCEPExitStatus.allCases { #expect(text.contains("| \(status.rawValue) | \(status.meaning) |")) }
    }
}
