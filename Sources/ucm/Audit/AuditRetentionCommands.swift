import AdministrationAPI
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
    @OptionGroup var options: AdministrationOptions

    func run() async throws {
        try await self.options.administer { api in
            let before = self.before.date.formatted(.iso8601)
            let answer = try await api.post("audit", "prune", body: JSONObject([("before", .string(before))]))
            api.show(answer) {
                let count = answer["forgotten"]?.integer ?? 0
                print(count == 0 ? "There are no entries before that." : "\(count) entries are forgotten.")
            }
        }
    }
}

/// `ucm audit retention`.
struct AuditRetentionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retention",
        abstract: "Show or set how long the audit log is kept.",
        usage: """
            ucm audit retention
            ucm audit retention 730
            """
    )

    @Argument(help: ArgumentHelp("For how many days, or forever; nothing to show it.")) var days: Retention?
    @OptionGroup var options: AdministrationOptions

    func run() async throws {
        try await self.options.administer { api in
            let answer: JSONValue
            if let days = self.days {
                let body = JSONObject([("days", days.days.map { .integer(Int64($0)) } ?? .null)])
                answer = try await api.patch("settings", "audit", body: body)
            } else {
                answer = try await api.get("settings", "audit")
            }
            api.show(answer) {
                guard let days = answer["days"]?.integer else {
                    return print("The audit log is kept forever; refusals, which anybody can cause, for 90 days.")
                }
                print("The audit log is kept for \(days) days; a running server forgets what is older once a day.")
            }
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
