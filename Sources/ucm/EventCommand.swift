import ArgumentParser
import Foundation
import Registry
import Server

/// `ucm event`.
struct EventCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "event",
        abstract: "Show what was decided, by whom and why.",
        subcommands: [List.self, Show.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List events, the newest first.")

        @OptionGroup var installation: InstallationOptions
        @Option(help: ArgumentHelp("Only those of this profile.", valueName: "name")) var profile: String?
        @Option(
            help: ArgumentHelp(
                "Only those of this kind: issued, refused, approved… Can be repeated.", valueName: "kind"))
        var kind: [EventKind] = []
        @Option(help: ArgumentHelp("Only those that came from this address.", valueName: "address")) var address:
            String?
        @Option(help: ArgumentHelp("Only those of the last 45s, 90m, 12h, 30d.", valueName: "time")) var last: TimeSpan?
        @Option(help: "How many at most.") var limit = 100

        func run() async throws {
            try await self.installation.administer { administration in
                let events = try await administration.events(
                    EventFilter(
                        profile: self.profile,
                        kinds: self.kind,
                        clientAddress: self.address,
                        since: self.last.map { Date().addingTimeInterval(-$0.seconds) }
                    ),
                    limit: self.limit
                )
                guard !events.isEmpty else { return print("There are no such events.") }
                printEvents(events)
            }
        }
    }
}

extension EventCommand {
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show an event, and what the rules said.")

        @OptionGroup var installation: InstallationOptions
        @Argument(help: "The event's number.") var id: Int64

        func run() async throws {
            try await self.installation.administer { administration in
                let (event, explanation) = try await administration.event(self.id)
                func number(_ value: Int64?) -> String { value.map { "\($0)" } ?? "-" }
                printLines([
                    ("Event", "\(event.id)"), ("Kind", event.kindName), ("Date", event.date.formatted(.iso8601)),
                    ("Who", event.actor), ("Profile", event.profile ?? "-"), ("From", event.clientAddress ?? "-"),
                    ("Subject", event.subject ?? "-"), ("Request", number(event.request)),
                    ("Challenge", number(event.challenge)), ("Certificate", number(event.certificate)),
                    ("What", event.detail.isEmpty ? "-" : event.detail),
                ])
                guard let explanation else { return }
                print("\nRules")
                printRules(explanation)
            }
        }
    }
}

/// Events in a table.
func printEvents(_ events: [EventRecord]) {
    printTable(
        ["ID", "DATE", "EVENT", "PROFILE", "REQUEST", "WHO", "FROM", "SUBJECT", "WHAT"],
        events.map { event in
            [
                "\(event.id)", event.date.formatted(.iso8601), event.kindName, event.profile ?? "-",
                event.request.map { "\($0)" } ?? "-", event.actor, event.clientAddress ?? "-", event.subject ?? "-",
                event.detail.isEmpty ? "-" : event.detail,
            ]
        }
    )
}
