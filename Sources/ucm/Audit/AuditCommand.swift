import ArgumentParser

/// `ucm audit`.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Show what was changed and decided, by whom and why, and prove that nobody has altered it.",
        subcommands: [
            AuditListCommand.self, AuditShowCommand.self, AuditVerifyCommand.self, AuditExportCommand.self,
            AuditPruneCommand.self, AuditRetentionCommand.self,
        ],
        defaultSubcommand: AuditListCommand.self
    )
}
