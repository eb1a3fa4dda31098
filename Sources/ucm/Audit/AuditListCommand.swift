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
    @OptionGroup var installation: InstallationOptions

    func run() async throws {
        try await self.installation.administer { administration in
            let events = try await administration.events(self.filter.filter, limit: self.limit.limit)
            guard !events.isEmpty else { return print("There are no such events.") }
            printTable(
                ["ID", "DATE", "EVENT", "PROFILE", "REQUEST", "WHO", "FROM", "SUBJECT", "WHAT"],
                events.map { event in
                    [
                        "\(event.id)", event.date.formatted(.iso8601), event.kindName, event.profile ?? "-",
                        event.request.map { "\($0)" } ?? "-", event.shortActor,
                        event.clientAddress ?? event.origin ?? "-", shortened(event.subject ?? "-", upTo: 60),
                        event.shortDetail,
                    ]
                }
            )
            self.limit.mention(events.count)
        }
    }
}

extension EventRecord {
    /// Who caused it, in a word where that is enough.
    var shortActor: String { self.actor.replacing(" at the command line", with: "") }

    /// What is said of it, where a line is shared with other things.
    var shortDetail: String {
        let object = self.profile.map { "profile \($0)" } == self.object ? nil : self.object
        let what = self.detail.isEmpty ? self.differences.map(\.line).joined(separator: ", ") : self.detail
        // A sentence often names what it is about.
        let parts = [object.flatMap { what.contains($0) ? nil : $0 }, what.isEmpty ? nil : what].compactMap(\.self)
        return parts.isEmpty ? "-" : shortened(parts.joined(separator: ": "))
    }
}

extension AuditDifference {
    /// The difference in a few words.
    fileprivate var line: String {
        switch (self.before, self.after) {
        case (nil, let after): "\(self.name) \(shortened(after ?? "", upTo: 60))"
        case (let before?, nil): "no \(self.name) (was \(shortened(before, upTo: 60)))"
        case (let before?, let after?):
            "\(self.name) \(shortened(after, upTo: 60)) (was \(shortened(before, upTo: 60)))"
        }
    }
}
