import AdministrationAPI
import ArgumentParser
import Foundation
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
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let profiles = try await api.list("profiles")
                api.show(profiles) {
                    printTable(
                        ["NAME", "CA", "MODE", "LEVEL", "TEMPLATE", "APPROVAL", "STATIC CHALLENGES", "WARNING"],
                        profiles.map { profile in
                            [
                                "name", "ca", "mode", "algorithmLevel", "template", "approval", "staticChallenges",
                                "warning",
                            ]
                            .map { profile.text($0) }
                        }
                    )
                }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a profile's settings.")

        @Argument(help: "The profile.") var name: String
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let profile = try await api.get("profiles", self.name)
                api.show(profile) {
                    printLines(ProfileLines.of(profile))
                    warn(profile["warning"]?.text, about: self.name)
                }
            }
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a profile.",
            discussion: "Its challenge is generated and shown once, unless a file or --open yes is given."
        )

        @Argument(help: "The name, which will be in the URL: a to z, 0 to 9 and -.") var name: String
        @OptionGroup var settings: ProfileOptions
        @Option(
            help: ArgumentHelp("A file with the challenge that devices send.", valueName: "file"), completion: .file())
        var challengeFile: String?
        @Flag(help: "No static challenge: devices get one each from ucm challenge create.")
        var noChallenge = false
        @OptionGroup var options: AdministrationOptions

        func validate() throws {
            guard self.challengeFile == nil || !self.noChallenge else {
                throw ValidationError("--challenge-file and --no-challenge exclude each other")
            }
        }

        func run() async throws {
            var body = self.settings.body
            body["name"] = .string(self.name)
            body["challenge"] = try self.challengeFile.map { .string(try Files.secret($0)) }
            if self.noChallenge { body["withoutChallenge"] = true }
            try await self.options.administer { [body] api in
                let made = try await api.post("profiles", body: body)
                api.show(made) {
                    print("The profile \(self.name) is served at /scep/\(self.name).")
                    if let challenge = made["challenge"]?.text { print("Its challenge, shown only now: \(challenge)") }
                    warn(made["warning"]?.text, about: self.name)
                }
            }
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Change a profile; what is not given stays.")

        @Argument(help: "The profile.") var name: String
        @OptionGroup var settings: ProfileOptions
        @Option(
            help: ArgumentHelp(
                "A file with the static challenge that takes the place of all others.", valueName: "file"),
            completion: .file())
        var challengeFile: String?
        @Flag(help: "Generate a static challenge that takes the place of all others, and show it once.")
        var newChallenge = false
        @Flag(help: "Revoke all static challenges: devices get one each from ucm challenge create.")
        var noChallenge = false
        @OptionGroup var options: AdministrationOptions

        func validate() throws {
            guard [self.challengeFile != nil, self.newChallenge, self.noChallenge].filter({ $0 }).count < 2 else {
                throw ValidationError("--challenge-file, --new-challenge and --no-challenge exclude each other")
            }
        }

        func run() async throws {
            let secret = try self.challengeFile.map { try Files.secret($0) }
            try await self.options.administer { api in
                var profile = try await api.patch("profiles", self.name, body: self.settings.body)
                if self.newChallenge {
                    profile.merge(try await api.put("profiles", self.name, "challenge"))
                } else if let secret {
                    try await api.put(
                        "profiles", self.name, "challenge", body: JSONObject([("challenge", .string(secret))]))
                } else if self.noChallenge {
                    try await api.delete("profiles", self.name, "challenge")
                }
                api.show(profile) {
                    print("The profile \(self.name) is changed.")
                    if let challenge = profile["challenge"]?.text {
                        print("Its challenge, shown only now: \(challenge)")
                    }
                    warn(profile["warning"]?.text, about: self.name)
                }
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete a profile.",
            discussion: "Its requests and certificates stay recorded; the certificates cannot be renewed any more."
        )

        @Argument(help: "The profile.") var name: String
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                try await api.delete("profiles", self.name)
                api.show(JSONValue.null) { print("The profile \(self.name) is deleted.") }
            }
        }
    }
}

/// A profile's settings by the names of the options that change them.
private enum ProfileLines {
    static func of(_ profile: JSONValue) -> [(String, String)] {
        let rules = profile["rules"] ?? .null
        let queue = profile["queue"] ?? .null
        let renewal = profile["renewal"] ?? .null
        let hasPatterns = !rules.texts("subjects").isEmpty
        return [
            ("profile", profile.text("name")), ("ca", profile.text("ca")), ("mode", profile.text("mode")),
            ("algorithm-level", profile.text("algorithmLevel")), ("template", profile.text("template")),
            ("enabled", profile.text("enabled")), ("static-challenges", profile.text("staticChallenges")),
            ("open", profile.text("open")),
            ("approval", profile.text("approval")), ("credentials", rules.text("credentials")),
            ("address", rules.joined("addresses", separator: "  ", otherwise: "none")),
            ("subject", rules.joined("subjects", separator: "  ", otherwise: "any")),
            (
                "san",
                rules.joined(
                    "sans", separator: "  ", otherwise: hasPatterns ? "what the subject's patterns vouch for" : "any")
            ),
            ("key", rules.joined("keys", separator: "  ", otherwise: "any")), ("otherwise", rules.text("otherwise")),
            ("approvals", queue.text("approvals")), ("queue-days", queue.text("days")),
            ("queue-limit", queue.text("limit")), ("queue-limit-per-address", queue.text("limitPerAddress")),
            ("published-certificates", profile.text("publishedCertificates")),
            ("reply-chain", profile.text("replyChain")),
            ("capabilities", profile.joined("capabilities", separator: ",", otherwise: "default")),
            ("mirror-sha1", profile.text("mirrorSHA1")), ("mirror-des", profile.text("mirrorDES")),
            ("signing-time-tolerance", profile.text("signingTimeTolerance", otherwise: "off")),
            ("renewal", renewal.text("allowed")), ("renewal-window", renewal.text("windowPercent", otherwise: "off")),
            ("renewal-grace", renewal.text("graceDays")), ("renewal-challenge", renewal.text("requiresChallenge")),
            ("renewal-revokes-old", renewal.text("revokesOld")),
        ]
    }
}
