import ArgumentParser
import Enrollment
import Foundation
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
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                let limits = try await administration.limits()
                printLines(
                    [
                        ("failures-per-minute", "\(limits.failuresPerMinute)"),
                        ("requests-per-minute", limits.requestsPerMinute.map(String.init) ?? "off"),
                        ("crls-per-minute", "\(limits.revocationListsPerMinute)"),
                        ("guesses-until-slowed", "\(limits.guessesUntilSlowed)"),
                        ("guesses-until-locked", "\(limits.guessesUntilLocked)"),
                        ("lock-minutes", "\(limits.lockMinutes)"),
                        ("guesses-until-alarm", "\(limits.guessesUntilAlarm)"),
                    ]
                )
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
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                try await administration.changeLimits(by: commandUser, at: Date()) { limits in
                    set(&limits.failuresPerMinute, self.failuresPerMinute)
                    set(&limits.requestsPerMinute, self.requestsPerMinute.map(\.number))
                    set(&limits.revocationListsPerMinute, self.crlsPerMinute)
                    set(&limits.guessesUntilSlowed, self.guessesUntilSlowed)
                    set(&limits.guessesUntilLocked, self.guessesUntilLocked)
                    set(&limits.lockMinutes, self.lockMinutes)
                    set(&limits.guessesUntilAlarm, self.guessesUntilAlarm)
                }
                print("The limits are changed.")
            }
        }
    }

    struct Addresses: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the addresses that have sent wrong challenges.")
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                let addresses = try await administration.guessingAddresses(at: Date())
                guard !addresses.isEmpty else { return print("No address has sent wrong challenges lately.") }
                printTable(
                    ["ADDRESS", "WRONG CHALLENGES", "LATEST", "WAITS UNTIL", "PROFILES"],
                    addresses.map { address in
                        [
                            address.address, "\(address.guesses)", address.latest.formatted(.iso8601),
                            address.waitsUntil?.formatted(.iso8601) ?? "-", address.profiles.joined(separator: ","),
                        ]
                    }
                )
            }
        }
    }

    struct Clear: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Forget the wrong challenges of addresses, so that they need not wait any more.")

        @Argument(help: "The addresses, as ucm limits addresses shows them.") var addresses: [String]
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                try await eachOf(self.addresses) { address in
                    try await administration.clearGuesses(from: address, by: commandUser, at: Date())
                    print("The wrong challenges of \(address) are forgotten.")
                }
            }
        }
    }
}
