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
            within a second or so.
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

        @Argument(help: "The profile.") var name: String
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                guard
                    let profile = try await administration.profileDescriptions().first(where: { $0.name == self.name })
                else {
                    throw ValidationError("there is no profile \(self.name): ucm profile list shows all of them")
                }
                printLines(profile.lines)
                warn(profile.warning, about: profile.name)
            }
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a profile.",
            discussion: "Its challenge is generated and shown once, unless a file or --open yes is given."
        )

        @Argument(help: "The name, which will be in the URL: a to z, 0 to 9 and -.") var name: String
        @OptionGroup var options: ProfileOptions
        @Option(help: ArgumentHelp("A file with the challenge that devices send.", valueName: "file"))
        var challengeFile: String?
        @Flag(help: "No static challenge: devices get one each from ucm challenge create.")
        var noChallenge = false
        @OptionGroup var installation: InstallationOptions

        func validate() throws {
            guard self.challengeFile == nil || !self.noChallenge else {
                throw ValidationError("--challenge-file and --no-challenge exclude each other")
            }
        }

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
                change.show(of: self.name)
            }
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Change a profile; what is not given stays.")

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
        @OptionGroup var installation: InstallationOptions

        func validate() throws {
            guard [self.challengeFile != nil, self.newChallenge, self.noChallenge].filter({ $0 }).count < 2 else {
                throw ValidationError("--challenge-file, --new-challenge and --no-challenge exclude each other")
            }
        }

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
                change.show(of: self.name)
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete a profile.",
            discussion: "Its requests and certificates stay recorded; the certificates cannot be renewed any more."
        )

        @Argument(help: "The profile.") var name: String
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                try await administration.deleteProfile(self.name, by: commandUser, at: Date())
                print("The profile \(self.name) is deleted.")
            }
        }
    }
}

extension ProfileChange {
    fileprivate func show(of profile: String) {
        if let challenge { print("Its challenge, shown only now: \(challenge)") }
        warn(self.warning, about: profile)
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
        func list(_ values: [some CustomStringConvertible], otherwise: String = "any") -> String {
            values.isEmpty ? otherwise : values.map(\.description).joined(separator: "  ")
        }
        let rules = self.settings.rules
        let renewal = self.settings.renewal
        return [
            ("profile", self.name), ("ca", self.authority), ("mode", self.settings.mode.rawValue),
            ("algorithm-level", self.settings.algorithmLevel.rawValue), ("template", self.settings.template),
            ("static-challenges", "\(self.challenges)"), ("open", word(self.settings.isOpen)),
            ("approval", self.settings.approval.rawValue), ("credentials", rules.combination.rawValue),
            ("address", list(rules.addressRanges, otherwise: "none")), ("subject", list(rules.subjects)),
            (
                "san",
                list(
                    rules.alternativeNames,
                    otherwise: rules.subjects.isEmpty ? "any" : "what the subject's patterns vouch for"
                )
            ),
            ("key", list(rules.keys)), ("otherwise", rules.otherwise.rawValue),
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
