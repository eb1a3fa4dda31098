import ArgumentParser
import Foundation
import Registry
import Server

/// `ucm audit show`.
struct AuditShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show an event: what the rules said, and what was changed."
    )

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
            let differences = event.differences
            guard !differences.isEmpty else { return }
            print("")
            printTable(
                ["CHANGED", "BEFORE", "AFTER"],
                differences.map { [$0.name, $0.before ?? "-", $0.after ?? "-"] }
            )
        }
    }
}

extension EventRecord {
    fileprivate var lines: [(String, String)] {
        var lines = [
            ("Event", "\(self.id)"), ("Kind", self.kindName), ("Outcome", self.kind?.outcome.rawValue ?? "-"),
            ("Date", self.date.formatted(.iso8601.time(includingFractionalSeconds: true))), ("Who", self.actor),
        ]
        if let via { lines.append(("By", via)) }
        if let origin { lines.append(("At", origin)) }
        if let object { lines.append(("Object", object)) }
        if let profile { lines.append(("Profile", profile)) }
        if let request { lines.append(("Request", "\(request): ucm request show \(request)")) }
        if let challenge { lines.append(("Challenge", "\(challenge): ucm challenge show \(challenge)")) }
        if let certificate { lines.append(("Certificate", "number \(certificate)")) }
        if let clientAddress { lines.append(("From", clientAddress)) }
        if let subject { lines.append(("Subject", subject)) }
        if !self.detail.isEmpty { lines.append(("What", self.detail)) }
        lines.append(("Entry", self.link.map { "\($0)" } ?? "not of the audit log: see ucm audit verify"))
        return lines
    }
}
