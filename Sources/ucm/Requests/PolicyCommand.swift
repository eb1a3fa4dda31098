import AdministrationAPI
import ArgumentParser
import Foundation
import SCEPClient
import Server

/// `ucm policy`.
struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Try the rules of a profile out.",
        subcommands: [Explain.self]
    )

    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what each rule says to a request, and what would become of it. Nothing happens.",
            usage: "ucm policy explain --profile default --csr device.csr --ip 192.0.2.7 --challenge-file challenge"
        )

        @Option(help: ArgumentHelp("The profile.", valueName: "name")) var profile = "default"
        @Option(
            help: ArgumentHelp("The PKCS#10 request, PEM or DER; - for standard input.", valueName: "file"),
            completion: .file())
        var csr: String
        @Option(help: ArgumentHelp("The address that it would come from.", valueName: "address")) var ip: String
        @Option(
            help: ArgumentHelp(
                "The challenge itself; others on this machine can see it in the list of processes. (default: the one in "
                    + "the request)", valueName: "secret"))
        var challenge: String?
        @Option(help: ArgumentHelp("A file with the challenge.", valueName: "file"), completion: .file())
        var challengeFile: String?
        @OptionGroup var options: AdministrationOptions

        private var request: [UInt8] {
            get throws {
                let labels = ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"]
                let found = try PEM.contents(of: try Files.read(self.csr), labelled: labels)
                guard found.count == 1, let request = found.first else {
                    throw FileProblem(path: self.csr, reason: "it has \(found.count) requests in it, not one")
                }
                return request
            }
        }

        func run() async throws {
            try await self.options.administer { api in
                var body = JSONObject([
                    ("csr", .string(Data(try self.request).base64EncodedString())), ("address", .string(self.ip)),
                ])
                body["challenge"] = try (self.challenge ?? self.challengeFile.map { try Files.secret($0) })
                    .map(JSONValue.string)
                let answer = try await api.post("profiles", self.profile, "explain", body: body)
                api.show(answer) {
                    let obstacle = answer["obstacle"]?.text
                    printTable(
                        ["RULE", "VERDICT", "WHY"],
                        VerdictRows.of(answer["explanation"] ?? .null) + [
                            ["template", obstacle == nil ? "holds" : "fails", obstacle ?? answer.text("template")]
                        ]
                    )
                    print("\n\(Self.decision(answer))")
                    warn(answer["warning"]?.text, about: self.profile)
                }
            }
        }

        /// The decision in a sentence.
        private static func decision(_ answer: JSONValue) -> String {
            let explanation = answer["explanation"] ?? .null
            let reason = explanation.text("reason")
            return switch (explanation["decision"]?.text, answer["obstacle"]?.text) {
            case ("refuse", _): "It would be refused: \(reason)."
            case (_, let obstacle?): "It would be refused: \(obstacle)."
            case ("grant", nil): "It would be granted at once."
            case (_, nil): "It would wait for approval: \(reason)."
            }
        }
    }
}
