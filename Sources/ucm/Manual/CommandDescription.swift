import ArgumentParser
import Foundation

/// A command and those below it, as the program describes itself.
struct CommandDescription {
    /// The words by which it is called: `ucm`, `profile`, `list`.
    var words: [String]
    /// What it does, in a sentence.
    var abstract: String
    /// What else there is to know.
    var discussion: String
    /// How it is called, for example.
    var examples: [String]
    var arguments: [ArgumentDescription]
    var subcommands: [CommandDescription]

    /// The name of its manual page.
    var pageName: String { self.words.joined(separator: "-") }

    /// How it is called: what has to be given, and where options go.
    var synopsis: String {
        let required = self.arguments.filter { !$0.isOptional && $0.kind == .option }.map(\.marked)
        let positional = self.arguments.filter { $0.kind == .positional }.map(\.placeholder)
        let hasOptions = self.arguments.contains { $0.isOptional && $0.kind != .positional }
        let name = Roff.bold(self.words.joined(separator: " "))
        return ([name] + positional + required + (hasOptions ? ["[options]"] : [])).joined(separator: " ")
    }

    /// It and all below it.
    var all: [CommandDescription] { [self] + self.subcommands.flatMap(\.all) }

    /// The program, as its commands describe themselves.
    ///
    /// - Parameter program: The command at the top.
    /// - Returns: The command and all below it.
    /// - Throws: Where ArgumentParser describes commands in another way than this program knows.
    static func of(_ program: any ParsableCommand.Type) throws -> CommandDescription {
        let dump = try JSONDecoder().decode(Dump.self, from: Data(program._dumpHelp().utf8))
        return Self(dump.command, program, below: [])
    }

    /// What is the same for every command is left out, and so is what nobody sees.
    private init(_ dumped: DumpedCommand, _ type: (any ParsableCommand.Type)?, below words: [String]) {
        let configuration = type?.configuration
        self.words = words + [dumped.commandName]
        self.abstract = dumped.abstract ?? ""
        self.discussion = dumped.discussion ?? ""
        self.examples = (configuration?.usage ?? "").split(separator: "\n").map(String.init)
        self.arguments = (dumped.arguments ?? [])
            .filter { $0.shouldDisplay && !["help", "version"].contains($0.preferredName?.name) }
        let words = self.words
        self.subcommands = (dumped.subcommands ?? [])
            .filter { $0.shouldDisplay && $0.commandName != "help" }
            .map { below in
                Self(below, configuration?.subcommands.first { $0._commandName == below.commandName }, below: words)
            }
    }

    private struct Dump: Decodable {
        var command: DumpedCommand
    }

    private struct DumpedCommand: Decodable {
        var commandName: String
        var shouldDisplay: Bool
        var abstract: String?
        var discussion: String?
        var arguments: [ArgumentDescription]?
        var subcommands: [DumpedCommand]?
    }
}
