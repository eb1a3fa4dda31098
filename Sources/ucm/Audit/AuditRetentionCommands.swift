import ArgumentParser
import Foundation
import Server

/// `ucm audit prune`.
struct AuditPruneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Forget entries of the audit log before a day; the rest can still be verified.",
        usage: "ucm audit prune --before 2027-01-01T00:00:00Z"
    )

    @Option(help: ArgumentHelp("Those before are forgotten.", valueName: "time")) var before: PointInTime
    @OptionGroup var installation: InstallationOptions

    func run() async throws {
        try await self.installation.administer { administration in
            let count = try await administration.pruneAudit(before: self.before.date, by: commandUser, at: Date())
            print(count == 0 ? "There are no entries before that." : "\(count) entries are forgotten.")
        }
    }
}

/// `ucm audit retention`.
struct AuditRetentionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retention",
        abstract: "Show or set how long the audit log is kept.",
        usage: "ucm audit retention [730|forever]"
    )

    @Argument(help: ArgumentHelp("For how many days, or forever; nothing to show it.")) var days: Retention?
    @OptionGroup var installation: InstallationOptions

    func run() async throws {
        try await self.installation.administer { administration in
            if let days = self.days {
                try await administration.setAuditRetention(days.days, by: commandUser, at: Date())
            }
            guard let days = try await administration.auditRetention() else {
                return print("The audit log is kept forever; refusals, which anybody can cause, for 90 days.")
            }
            print("The audit log is kept for \(days) days; a running server forgets what is older once a day.")
        }
    }

    /// For how long.
    struct Retention: ExpressibleByArgument {
        /// The days; nil for ever.
        let days: Int?

        init?(argument: String) {
            if argument == "forever" {
                self.days = nil
            } else {
                guard let days = Int(argument) else { return nil }
                self.days = days
            }
        }
    }
}
