import ArgumentParser
import Testing

@testable import ucm

/// `ucm completions`.
@Suite struct CompletionTests {
    @Test(arguments: CompletionsCommand.Shell.allCases)
    func `a script completes every command`(shell: CompletionsCommand.Shell) throws {
        let script = shell.script
        for word in Set(try CommandDescription.of(UCM.self).all.flatMap(\.words)) {
            #expect(script.contains(word), "\(word)")
        }
        #expect(script.contains("algorithm-level"))
    }

    @Test(arguments: [
        ("bash", "complete -o filenames -F _ucm ucm"), ("zsh", "#compdef ucm"), ("fish", "complete -c 'ucm'"),
    ])
    func `each is a script for its shell`(shell: String, line: String) throws {
        let command = try #require(try UCM.parseAsRoot(["completions", shell]) as? CompletionsCommand)
        #expect(command.shell.script.contains(line))
    }

    @Test func `there is none for a shell that nobody knows`() {
        #expect(throws: (any Error).self) { try UCM.parseAsRoot(["completions", "tcsh"]) }
    }
}
