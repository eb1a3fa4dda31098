import AdministrationAPI
import ArgumentParser
import CertificateAuthority
import Foundation
import Server

extension AuthorityCommand {
    struct Rollover: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make the next CA, or let one that is there follow.",
            discussion: """
                From now on GetNextCACert gives its certificate to clients that ask, and a request that is encrypted for it \
                is issued by it. At the time of the switch all profiles of the old CA change over. Certificates of the \
                old CA go on being renewed.
                """
        )

        @OptionGroup var options: AdministrationOptions
        @OptionGroup var time: SwitchTime
        @Option(
            help: ArgumentHelp("The CA that is followed. (default: the only one without successor)", valueName: "name"))
        var ca: String?
        @Option(help: ArgumentHelp("A CA that is there and follows. (default: a new root)", valueName: "name"))
        var to: String?
        @Option(help: ArgumentHelp("The new CA's name. (default: the old one's and G2)", valueName: "name"))
        var nextName: String?
        @Option(
            help: ArgumentHelp(
                "The new CA's key: rsa2048, rsa3072, rsa4096, p256 or p384. (default: as the old one's)",
                valueName: "kind"
            )
        )
        var key: KeyAlgorithm?

        func validate() throws {
            guard self.to == nil || self.nextName == nil && self.key == nil else {
                throw ValidationError("--to names a CA that is there; --next-name and --key are for a new one")
            }
        }

        func run() async throws {
            let switchAt = try self.time.date(from: Date())
            var body = JSONObject([("switchAt", .date(switchAt))])
            body["to"] = self.to.map(JSONValue.string)
            body["newName"] = self.nextName.map(JSONValue.string)
            body["key"] = .word(self.key)
            try await self.options.administer { [body] api in
                let name = try await AuthorityChoice.withoutSuccessor(self.ca, api)
                let next = try await api.post("cas", name, "rollover", body: body)
                api.show(next) {
                    print(
                        "The next CA is \(next.text("name")). Profiles change over at \(switchAt.formatted(.iso8601)).")
                }
            }
        }
    }

    struct Switch: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Set another time for the switch to the next CA.")

        @OptionGroup var options: AdministrationOptions
        @OptionGroup var time: SwitchTime
        @Option(
            help: ArgumentHelp("The CA that is followed. (default: the only one with a successor)", valueName: "name"))
        var ca: String?

        func run() async throws {
            let switchAt = try self.time.date(from: Date())
            let body = JSONObject([("switchAt", .date(switchAt))])
            try await self.options.administer { api in
                let name = try await AuthorityChoice.withSuccessor(self.ca, api)
                let changed = try await api.put("cas", name, "rollover", body: body)
                api.show(changed) { print("Profiles change over at \(switchAt.formatted(.iso8601)).") }
            }
        }
    }
}

/// When profiles change over to the next CA.
struct SwitchTime: ParsableArguments {
    @Option(help: ArgumentHelp("When: 2027-01-31T12:00:00Z.", valueName: "time"))
    var at: PointInTime?
    @Option(name: .customLong("in"), help: ArgumentHelp("In how long: 30d, 12h, 90m or 45s.", valueName: "time"))
    var after: TimeSpan?

    func date(from now: Date) throws -> Date {
        switch (self.at, self.after) {
        case (let time?, nil): return time.date
        case (nil, let span?): return now.addingTimeInterval(span.seconds)
        case (nil, nil): throw ValidationError("say when the switch happens: --at TIME or --in TIME")
        default: throw ValidationError("--at and --in exclude each other")
        }
    }
}
