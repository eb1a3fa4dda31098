import ArgumentParser
import Enrollment
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
        static let configuration = CommandConfiguration(
            abstract: "List events, the newest first.",
            usage: "ucm event list --last 1d --kind refused --profile routers"
        )

        @Option(help: ArgumentHelp("Only those of this profile.", valueName: "name")) var profile: String?
        @Option(
            help: ArgumentHelp(
                "Only those of this kind: issued, refused, approved… Can be repeated.", valueName: "kind"))
        var kind: [EventKind] = []
        @Option(help: ArgumentHelp("Only those that came from this address.", valueName: "address")) var address:
            String?
        @Option(help: ArgumentHelp("Only those of the last 45s, 90m, 12h, 30d.", valueName: "time")) var last: TimeSpan?
        @OptionGroup var limit: ListLimit
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                let events = try await administration.events(
                    EventFilter(
                        profile: self.profile,
                        kinds: self.kind,
                        clientAddress: self.address,
                        since: self.last.map { Date().addingTimeInterval(-$0.seconds) }
                    ),
                    limit: self.limit.limit
                )
                guard !events.isEmpty else { return print("There are no such events.") }
                printTable(
                    ["ID", "DATE", "EVENT", "PROFILE", "REQUEST", "WHO", "FROM", "SUBJECT", "WHAT"],
                    events.map { event in
                        [
                            "\(event.id)", event.date.formatted(.iso8601), event.kindName, event.profile ?? "-",
                            event.request.map { "\($0)" } ?? "-", event.shortActor, event.clientAddress ?? "-",
                            shortened(event.subject ?? "-", upTo: 60), event.shortDetail,
                        ]
                    }
                )
                self.limit.mention(events.count)
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show an event: what the rules said, and the settings that were changed.")

        @Argument(help: "The event's number.") var id: Int64
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                let (event, explanation) = try await administration.event(self.id)
                printLines(event.lines)
                if let explanation {
                    print("\nRules")
                    printTable(["RULE", "VERDICT", "WHY"], explanation.rows)
                }
                guard let settings = event.settings else { return }
                var before = settings
                if event.kind != .profileCreated {
                    let filter = EventFilter(profile: event.profile, kinds: event.settingsKinds)
                    before =
                        try await administration.events(filter, after: event.id, limit: 1).first?.settings ?? before
                }
                print("\nSettings")
                printLines(
                    Set(settings.keys).union(before.keys).sorted().map { name in
                        let (new, old) = (settings[name] ?? "none", before[name] ?? "none")
                        return ("  " + name, new == old ? new : "\(new)  (was: \(old))")
                    }
                )
            }
        }
    }
}

extension EventRecord {
    /// Who caused it, in a word where that is enough.
    var shortActor: String { self.actor.replacing(" at the command line", with: "") }

    /// What is said of it, where a line is shared with other things.
    var shortDetail: String {
        guard !self.detail.isEmpty else { return "-" }
        guard self.settings != nil else { return shortened(self.detail) }
        return "settings: ucm event show \(self.id)"
    }

    fileprivate var lines: [(String, String)] {
        var lines = [
            ("Event", "\(self.id)"), ("Kind", self.kindName), ("Date", self.date.formatted(.iso8601)),
            ("Who", self.actor),
        ]
        if let profile { lines.append(("Profile", profile)) }
        if let request { lines.append(("Request", "\(request): ucm request show \(request)")) }
        if let challenge { lines.append(("Challenge", "\(challenge): ucm challenge show \(challenge)")) }
        if let clientAddress { lines.append(("From", clientAddress)) }
        if let subject { lines.append(("Subject", subject)) }
        if !self.detail.isEmpty, self.settings == nil { lines.append(("What", self.detail)) }
        return lines
    }

    /// The settings as they were from then on, by name; nil where the event is about something else.
    fileprivate var settings: [String: String]? {
        guard !self.settingsKinds.isEmpty, let start = self.detail.firstIndex(of: "{"),
            let object = try? JSONSerialization.jsonObject(with: Data(self.detail[start...].utf8)) as? [String: Any]
        else { return nil }
        var settings: [String: String] = [:]
        for (name, value) in object {
            guard let group = value as? [String: Any] else {
                settings[name] = Self.text(value)
                continue
            }
            for (member, value) in group { settings["\(name).\(member)"] = Self.text(value) }
        }
        return settings
    }

    /// The kinds of events that hold the same settings.
    fileprivate var settingsKinds: [EventKind] {
        switch self.kind {
        case .profileCreated, .profileChanged: [.profileCreated, .profileChanged]
        case .limitsChanged: [.limitsChanged]
        default: []
        }
    }

    /// A value as JSON writes it, without the quotes of a text.
    private static func text(_ value: Any) -> String {
        if let text = value as? String { return text }
        let data = try? JSONSerialization.data(
            withJSONObject: value, options: [.fragmentsAllowed, .sortedKeys, .withoutEscapingSlashes])
        return data.map { String(decoding: $0, as: UTF8.self) } ?? "unreadable"
    }
}
