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
                    ["NAME", "CA", "MODE", "LEVEL", "TEMPLATE", "APPROVAL", "STATIC CHALLENGES", "WARNING"],
                    try await administration.profileDescriptions().map { profile in
                        [
                            profile.name, profile.authority, profile.settings.mode.rawValue,
                            profile.settings.algorithmLevel.rawValue, profile.settings.template,
                            profile.settings.approval.rawValue,
                            "\(profile.challenges)", profile.warning ?? "-",
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
                printLines(profile.lines)
                warn(profile.warning)
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
        @Flag(help: "No static challenge: devices get one each from ucm challenge create.")
        var noChallenge = false

        func run() async throws {
            try await self.installation.administer { administration in
                var settings = ProfileSettings()
                self.options.apply(to: &settings)
                let change = try await administration.createProfile(
                    self.name,
                    authority: self.options.ca,
                    settings: settings,
                    challenge: try ChallengeChange(file: self.challengeFile)
                        ?? (settings.isOpen || self.noChallenge ? .keep : .generate),
                    by: commandUser,
                    at: Date()
                )
                print("The profile \(self.name) is served at /scep/\(self.name).")
                change.show()
            }
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Change a profile; what is not given stays.")

        @OptionGroup var installation: InstallationOptions
        @Argument(help: "The profile.") var name: String
        @OptionGroup var options: ProfileOptions
        @Option(
            help: ArgumentHelp(
                "A file with the static challenge that takes the place of all others.", valueName: "file"))
        var challengeFile: String?
        @Flag(help: "Generate a static challenge that takes the place of all others, and show it once.")
        var newChallenge = false
        @Flag(help: "Revoke all static challenges: devices get one each from ucm challenge create.")
        var noChallenge = false

        func run() async throws {
            try await self.installation.administer { administration in
                let change = try await administration.changeProfile(
                    self.name,
                    authority: self.options.ca,
                    challenge: try ChallengeChange(file: self.challengeFile)
                        ?? (self.newChallenge ? .generate : self.noChallenge ? .remove : .keep),
                    by: commandUser,
                    at: Date(),
                    self.options.apply(to:)
                )
                print("The profile \(self.name) is changed.")
                change.show()
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
                try await administration.deleteProfile(self.name, by: commandUser, at: Date())
                print("The profile \(self.name) is deleted.")
            }
        }
    }
}

extension ProfileChange {
    fileprivate func show() {
        if let challenge { print("Its challenge, shown only now: \(challenge)") }
        warn(self.warning)
    }
}

/// Says what should not be overlooked.
func warn(_ warning: String?) {
    guard let warning else { return }
    FileHandle.standardError.write(Data("Warning: \(warning).\n".utf8))
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
        func list(_ values: [some CustomStringConvertible]) -> String {
            values.isEmpty ? "any" : values.map(\.description).joined(separator: "  ")
        }
        let renewal = self.settings.renewal
        return [
            ("profile", self.name), ("ca", self.authority), ("mode", self.settings.mode.rawValue),
            ("algorithm-level", self.settings.algorithmLevel.rawValue), ("template", self.settings.template),
            ("static-challenges", "\(self.challenges)"), ("open", word(self.settings.isOpen)),
            ("approval", self.settings.approval.rawValue), ("credentials", self.settings.rules.combination.rawValue),
            ("address", list(self.settings.rules.addressRanges)), ("subject", list(self.settings.rules.subjects)),
            ("san", list(self.settings.rules.alternativeNames)), ("key", list(self.settings.rules.keys)),
            ("otherwise", self.settings.rules.otherwise.rawValue),
            ("approvals", "\(self.settings.queue.approvalsNeeded)"), ("queue-days", "\(self.settings.queue.days)"),
            ("queue-limit", "\(self.settings.queue.limit)"),
            ("queue-limit-per-address", "\(self.settings.queue.limitPerAddress)"),
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
