import AdministrationAPI
import ArgumentParser
import Server

/// `ucm limits`.
struct LimitsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limits",
        abstract: "Show and change what is borne from one address, and end a lock.",
        subcommands: [Show.self, Set.self, Addresses.self, Clear.self]
    )

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show the limits.")
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let limits = try await api.get("settings", "limits")
                api.show(limits) {
                    printLines(
                        [
                            ("failures-per-minute", limits.text("failuresPerMinute")),
                            ("requests-per-minute", limits.text("requestsPerMinute", otherwise: "off")),
                            ("crls-per-minute", limits.text("crlsPerMinute")),
                            ("guesses-until-slowed", limits.text("guessesUntilSlowed")),
                            ("guesses-until-locked", limits.text("guessesUntilLocked")),
                            ("lock-minutes", limits.text("lockMinutes")),
                            ("guesses-until-alarm", limits.text("guessesUntilAlarm")),
                        ]
                    )
                }
            }
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change the limits; what is not given stays.",
            usage: "ucm limits set [<options>]",
            discussion: """
                Different wrong challenges count as guesses, not attempts: a device that repeats the one that was mistyped \
                guesses nothing.
                """
        )

        @Option(
            help: ArgumentHelp("How many refused requests an address may send in a minute.", valueName: "number"))
        var failuresPerMinute: Int?
        @Option(
            help: ArgumentHelp(
                "How many requests of any kind an address may send in a minute, or off.", valueName: "number"))
        var requestsPerMinute: NumberOrOff?
        @Option(help: ArgumentHelp("How many CRLs an address may fetch through SCEP in a minute.", valueName: "number"))
        var crlsPerMinute: Int?
        @Option(help: ArgumentHelp("After how many guesses an address has to wait.", valueName: "number"))
        var guessesUntilSlowed: Int?
        @Option(help: ArgumentHelp("After how many guesses an address is locked.", valueName: "number"))
        var guessesUntilLocked: Int?
        @Option(help: ArgumentHelp("How long a guess counts, and so how long a lock can hold.", valueName: "minutes"))
        var lockMinutes: Int?
        @Option(
            help: ArgumentHelp(
                "After how many guesses in an hour, from wherever, a profile raises an alarm.", valueName: "number"))
        var guessesUntilAlarm: Int?
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let limits = try await api.patch("settings", "limits", body: self.body)
                api.show(limits) { print("The limits are changed.") }
            }
        }

        private var body: JSONObject {
            var body = JSONObject()
            body["failuresPerMinute"] = .number(self.failuresPerMinute)
            body["requestsPerMinute"] = self.requestsPerMinute?.json
            body["crlsPerMinute"] = .number(self.crlsPerMinute)
            body["guessesUntilSlowed"] = .number(self.guessesUntilSlowed)
            body["guessesUntilLocked"] = .number(self.guessesUntilLocked)
            body["lockMinutes"] = .number(self.lockMinutes)
            body["guessesUntilAlarm"] = .number(self.guessesUntilAlarm)
            return body
        }
    }

    struct Addresses: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the addresses that have sent wrong challenges.")
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let addresses = try await api.list("limits", "addresses")
                api.show(addresses) {
                    guard !addresses.isEmpty else { return print("No address has sent wrong challenges lately.") }
                    printTable(
                        ["ADDRESS", "WRONG CHALLENGES", "LATEST", "WAITS UNTIL", "PROFILES"],
                        addresses.map { address in
                            [
                                address.text("address"), address.text("guesses"), address.text("latest"),
                                address.text("waitsUntil"), address.joined("profiles", separator: ","),
                            ]
                        }
                    )
                }
            }
        }
    }

    struct Clear: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Forget the wrong challenges of addresses, so that they need not wait any more.")

        @Argument(help: "The addresses, as ucm limits addresses shows them.") var addresses: [String]
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                try await api.each(of: self.addresses) { address in
                    try await api.delete("limits", "addresses", address)
                    return .null
                } write: { address, _ in
                    print("The wrong challenges of \(address) are forgotten.")
                }
            }
        }
    }
}
