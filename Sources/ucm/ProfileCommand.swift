import ArgumentParser
import Enrollment
import Foundation
import SCEP
import Server

/// `ucm profile`.
struct ProfileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "Show and change SCEP endpoints.",
        discussion: """
            The profile "default" is served at /scep, every other one at /scep/<name>. A running server takes changes over \
            within a second.
            """,
        subcommands: [List.self, Show.self, Create.self, Set.self, Delete.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the profiles.")

        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                printTable(
                    ["NAME", "CA", "MODE", "LEVEL", "TEMPLATE", "APPROVAL", "CHALLENGES"],
                    try await administration.profileDescriptions().map { profile in
                        [
                            profile.name, profile.authority, profile.settings.mode.rawValue,
                            profile.settings.algorithmLevel.rawValue, profile.settings.template,
                            profile.settings.approval.rawValue,
                            profile.settings.isOpen ? "none, it is open to everybody" : "\(profile.challenges)",
                        ]
                    }
                )
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a profile's settings.")

        @OptionGroup var installation: InstallationOptions
        @Argument(help: "The profile.") var name: String

        func run() async throws {
            try await self.installation.administer { administration in
                guard
                    let profile = try await administration.profileDescriptions().first(where: { $0.name == self.name })
                else {
                    throw ValidationError("there is no profile \(self.name): ucm profile list shows all of them")
                }
                for (name, value) in profile.lines {
                    print(name.padding(toLength: 26, withPad: " ", startingAt: 0) + value)
                }
            }
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a profile.",
            discussion: "Its challenge is generated and shown once, unless a file or --open yes is given."
        )

        @OptionGroup var installation: InstallationOptions
        @Argument(help: "The name, which will be in the URL: a to z, 0 to 9 and -.") var name: String
        @OptionGroup var options: ProfileOptions
        @Option(help: ArgumentHelp("A file with the challenge that devices send.", valueName: "file"))
        var challengeFile: String?

        func run() async throws {
            try await self.installation.administer { administration in
                var settings = ProfileSettings()
                self.options.apply(to: &settings)
                let challenge = try await administration.createProfile(
                    self.name,
                    authority: self.options.ca,
                    settings: settings,
                    challenge: try ChallengeChange(file: self.challengeFile)
                        ?? (settings.isOpen ? .keep : .generate),
                    at: Date()
                )
                print("The profile \(self.name) is served at /scep/\(self.name).")
                if let challenge { print("Its challenge, shown only now: \(challenge)") }
            }
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Change a profile; what is not given stays.")

        @OptionGroup var installation: InstallationOptions
        @Argument(help: "The profile.") var name: String
        @OptionGroup var options: ProfileOptions
        @Option(help: ArgumentHelp("A file with the challenge that takes the place of all others.", valueName: "file"))
        var challengeFile: String?
        @Flag(help: "Generate a challenge that takes the place of all others, and show it once.")
        var newChallenge = false

        func run() async throws {
            try await self.installation.administer { administration in
                let challenge = try await administration.changeProfile(
                    self.name,
                    authority: self.options.ca,
                    challenge: try ChallengeChange(file: self.challengeFile)
                        ?? (self.newChallenge ? .generate : .keep),
                    at: Date(),
                    self.options.apply(to:)
                )
                print("The profile \(self.name) is changed.")
                if let challenge { print("Its challenge, shown only now: \(challenge)") }
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete a profile.",
            discussion: "Its requests and certificates stay recorded; the certificates cannot be renewed any more."
        )

        @OptionGroup var installation: InstallationOptions
        @Argument(help: "The profile.") var name: String

        func run() async throws {
            try await self.installation.administer { administration in
                try await administration.deleteProfile(self.name)
                print("The profile \(self.name) is deleted.")
            }
        }
    }
}

extension ChallengeChange {
    /// The challenge in a file; nil where none is given.
    fileprivate init?(file: String?) throws {
        guard let file else { return nil }
        self = .replace(try Files.secret(file))
    }
}

extension ProfileDescription {
    /// The settings by the names of the options that change them.
    fileprivate var lines: [(String, String)] {
        func word(_ truth: Bool) -> String { truth ? "yes" : "no" }
        let renewal = self.settings.renewal
        return [
            ("profile", self.name), ("ca", self.authority), ("mode", self.settings.mode.rawValue),
            ("algorithm-level", self.settings.algorithmLevel.rawValue), ("template", self.settings.template),
            ("challenges", "\(self.challenges)"), ("open", word(self.settings.isOpen)),
            ("approval", self.settings.approval.rawValue),
            ("published-certificates", self.settings.publishedCertificates.rawValue),
            ("reply-chain", self.settings.replyChain.rawValue),
            (
                "capabilities",
                self.settings.capabilities?.map(\.rawValue).joined(separator: ",") ?? "default"
            ),
            ("mirror-sha1", word(self.settings.mirrorsSHA1)), ("mirror-des", word(self.settings.mirrorsDES)),
            ("signing-time-tolerance", self.settings.signingTimeTolerance.map(String.init) ?? "off"),
            ("renewal", word(renewal.isAllowed)),
            ("renewal-window", renewal.windowPercent.map(String.init) ?? "off"),
            ("renewal-grace", "\(renewal.graceDays)"), ("renewal-challenge", word(renewal.requiresChallenge)),
            ("renewal-revokes-old", word(renewal.revokesOld)),
        ]
    }
}
