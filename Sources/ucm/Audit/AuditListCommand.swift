import AdministrationAPI
import ArgumentParser
import Foundation
import Registry
import Server

/// `ucm audit list`.
struct AuditListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List events, the newest first.",
        usage: "ucm audit list --last 1d --kind refused --profile routers"
    )

    @OptionGroup var filter: AuditFilterOptions
    @OptionGroup var limit: ListLimit
    @OptionGroup var options: AdministrationOptions

    func run() async throws {
        try await self.options.administer { api in
            let events = try await api.list("audit", query: self.filter.query, limit: self.limit.limit)
            api.show(events) {
                guard !events.isEmpty else { return print("There are no such events.") }
                printTable(
                    ["ID", "DATE", "EVENT", "PROFILE", "REQUEST", "WHO", "FROM", "SUBJECT", "WHAT"],
                    events.map { event in
                        [
                            event.text("id"), event.text("at"), event.text("kind"), event.text("profile"),
                            event.text("request"), EventText.who(event), EventText.from(event),
                            shortened(event.text("subject"), upTo: 60), EventText.what(event),
                        ]
                    }
                )
                self.limit.mention(events.count)
            }
        }
    }
}

/// An event in a few words.
enum EventText {
    /// Who caused it, in a word where that is enough.
    static func who(_ event: JSONValue) -> String { event.text("actor").replacing(" at the command line", with: "") }

    /// From where.
    static func from(_ event: JSONValue) -> String { event.text("address", otherwise: event.text("origin")) }

    /// What is said of it, where a line is shared with other things.
    static func what(_ event: JSONValue) -> String {
        let profile = event["profile"]?.text.map { "profile \($0)" }
        let object = event["object"]?.text.flatMap { $0 == profile ? nil : $0 }
        let detail = event.text("detail", otherwise: "")
        let differences = (event["differences"]?.array ?? []).map(Self.line)
        let what = detail.isEmpty ? shortened(differences.joined(separator: ", "), upTo: 160) : detail
        // A sentence often names what it is about.
        let parts = [object.flatMap { what.contains($0) ? nil : $0 }, what.isEmpty ? nil : what].compactMap(\.self)
        return parts.isEmpty ? "-" : shortened(parts.joined(separator: ": "))
    }

    /// A difference in a few words.
    private static func line(_ difference: JSONValue) -> String {
        let name = difference.text("name")
        let (before, after) = (difference["before"]?.text, difference["after"]?.text)
        return switch (before.map { shortened($0, upTo: 60) }, after.map { shortened($0, upTo: 60) }) {
        case (nil, let after): "\(name) \(after ?? "")"
        case (let before?, nil): "no \(name) (was \(before))"
        case (let before?, let after?): "\(name) \(after) (was \(before))"
        }
    }
}
