import AdministrationAPI
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
    @OptionGroup var options: AdministrationOptions

    func run() async throws {
        try await self.options.administer { api in
            let event = try await api.get("audit", "\(self.id)")
            api.show(event) {
                printLines(Self.lines(event))
                if let verdicts = event["explanation"]?["verdicts"]?.array {
                    print("\nRules")
                    printTable(
                        ["RULE", "VERDICT", "WHY"],
                        verdicts.map { [$0.text("rule"), $0.text("outcome"), $0.text("detail")] })
                }
                let differences = event["differences"]?.array ?? []
                guard !differences.isEmpty else { return }
                print("")
                printTable(
                    ["CHANGED", "BEFORE", "AFTER"],
                    differences.map { [$0.text("name"), $0.text("before"), $0.text("after")] }
                )
            }
        }
    }

    private static func lines(_ event: JSONValue) -> [(String, String)] {
        var lines = [
            ("Event", event.text("id")), ("Kind", event.text("kind")), ("Outcome", event.text("outcome")),
            ("Date", event["at"]?.text ?? "-"), ("Who", event.text("actor")),
        ]
        let others = [
            ("By", "via"), ("At", "origin"), ("Object", "object"), ("Profile", "profile"), ("Request", "request"),
            ("Challenge", "challenge"), ("Certificate", "certificate"), ("From", "address"), ("Subject", "subject"),
            ("What", "detail"),
        ]
        for (title, name) in others {
            let text = event.text(name, otherwise: "")
            guard !text.isEmpty else { continue }
            switch name {
            case "request": lines.append((title, "\(text): ucm request show \(text)"))
            case "challenge": lines.append((title, "\(text): ucm challenge show \(text)"))
            case "certificate": lines.append((title, "number \(text)"))
            default: lines.append((title, text))
            }
        }
        lines.append(("Entry", event.text("place", otherwise: "not of the audit log: see ucm audit verify")))
        return lines
    }
}
