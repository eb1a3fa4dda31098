import ArgumentParser
import Enrollment
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
        @Option(help: ArgumentHelp("The PKCS#10 request, PEM or DER; - for standard input.", valueName: "file"))
        var csr: String
        @Option(help: ArgumentHelp("The address that it would come from.", valueName: "address")) var ip: String
        @Option(
            help: ArgumentHelp(
                "The challenge itself; others on this machine can see it in the list of processes. (default: the one in "
                    + "the request)", valueName: "secret"))
        var challenge: String?
        @Option(help: ArgumentHelp("A file with the challenge.", valueName: "file")) var challengeFile: String?
        @OptionGroup var installation: InstallationOptions

        private var request: [UInt8] {
            get throws {
                let labels = ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"]
                let found = try PEM.contents(of: try Files.read(self.csr), labelled: labels)
                guard found.count == 1, let request = found.first else {
                    throw ValidationError("the file \(self.csr) has \(found.count) requests in it, not one")
                }
                return request
            }
        }

        func run() async throws {
            try await self.installation.administer { administration in
                let answer = try await administration.explainPolicy(
                    of: self.profile,
                    request: try self.request,
                    from: self.ip,
                    challenge: try self.challenge ?? self.challengeFile.map(Files.secret),
                    at: Date()
                )
                printTable(
                    ["RULE", "VERDICT", "WHY"],
                    answer.explanation.rows
                        + [
                            [
                                "template", answer.obstacle == nil ? "holds" : "fails",
                                answer.obstacle ?? answer.template,
                            ]
                        ]
                )
                print("\n\(answer.decision)")
                warn(answer.warning, about: self.profile)
            }
        }
    }
}

extension Explanation {
    /// What each rule says, by the name of the option that sets it.
    var rows: [[String]] {
        self.verdicts.map { verdict in
            [
                verdict.rule == .alternativeNames ? "san" : verdict.rule.rawValue,
                verdict.outcome == .notNeeded ? "not needed" : verdict.outcome.rawValue, verdict.detail,
            ]
        }
    }
}

extension PolicyAnswer {
    /// The decision in a sentence.
    fileprivate var decision: String {
        switch (self.explanation.decision, self.obstacle) {
        case (.refuse(_, let reason), _): "It would be refused: \(reason)."
        case (_, let obstacle?): "It would be refused: \(obstacle)."
        case (.grant, nil): "It would be granted at once."
        case (.queue(let reason), nil): "It would wait for approval: \(reason)."
        }
    }
}
