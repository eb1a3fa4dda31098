import ArgumentParser

/// `ucm database`.
struct DatabaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "database",
        abstract: "Move everything to another database.",
        subcommands: [DatabaseCopyCommand.self]
    )
}
