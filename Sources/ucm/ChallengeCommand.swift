import ArgumentParser
import CertificateAuthority
import Enrollment
import Foundation
import Registry
import Server

/// `ucm challenge`.
struct ChallengeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "challenge",
        abstract: "Make, show and revoke challenges.",
        discussion: """
            A challenge is made for one device and ends in an hour, unless it is said otherwise; a static one is good for \
            all devices of its profile. Secrets are shown once and cannot be shown again.
            """,
        subcommands: [Create.self, Import.self, List.self, Show.self, Revoke.self]
    )

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a challenge.",
            usage: """
                ucm challenge create --device pump-4 --subject CN=pump-4.example.com
                ucm challenge create --static --label 'fleet 2027' --profile routers
                """
        )

        @Option(help: ArgumentHelp("The profile in which it is valid.", valueName: "name")) var profile = "default"
        @Flag(
            name: .customLong("static"),
            help: "Good for any number of certificates, and without an end unless --valid is given.")
        var isStatic = false
        @Option(help: ArgumentHelp("How many certificates it is good for. (default: 1)", valueName: "number"))
        var uses: Int?
        @Option(help: ArgumentHelp("How long it is good: 60m, 12h, 30d. (default: 60m)", valueName: "time"))
        var valid: TimeSpan?
        @Option(help: ArgumentHelp("What it is for.", valueName: "text")) var label = ""
        @Option(help: ArgumentHelp("The device that it is for.", valueName: "name")) var device: String?
        @Option(help: ArgumentHelp("The user that it is for.", valueName: "name")) var user: String?
        @OptionGroup(title: "What it is good for") var binding: BindingOptions
        @Option(
            help: ArgumentHelp("A file with the secret; - for standard input. (default: generated)", valueName: "file"))
        var secretFile: String?
        @OptionGroup var installation: InstallationOptions

        func validate() throws {
            if self.isStatic, self.uses != nil { throw ValidationError("--static is for any number of uses") }
        }

        func run() async throws {
            let now = Date()
            var order = ChallengeOrder(profile: self.profile, at: now)
            order.label = self.label
            order.device = self.device
            order.user = self.user
            order.binding = self.binding.binding
            if self.isStatic {
                order.uses = nil
                order.expiresAt = nil
            }
            set(&order.uses, self.uses.map(Optional.some))
            set(&order.expiresAt, self.valid.map { now.addingTimeInterval($0.seconds) })
            try await self.installation.administer { administration in
                order.secret = try self.secretFile.map(Files.secret)
                guard let made = try await administration.createChallenges([order], by: commandUser, at: now).first
                else { return }
                print("Challenge \(made.id) of the profile \(made.order.profile)\(made.order.end).")
                if self.secretFile == nil { print("It is shown only now: \(made.secret)") }
                if order.uses == nil, order.binding.isUnbound {
                    warn(
                        "a static challenge buys whoever knows it any name that the profile's rules allow: see ucm "
                            + "profile set --subject"
                    )
                }
            }
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make many challenges from a CSV file.",
            usage: "ucm challenge import pumps.csv --out pumps-with-challenges.csv",
            discussion: """
                The first line names the columns, of which any may be missing: device, user, label, uses, valid (60m, \
                12h, 30d), subject, san, template, address; several patterns in a cell are separated by semicolons. The \
                result has the same lines with the columns id and challenge before them. All are made or none; 10,000 \
                lines are the most.
                """
        )

        @Option(help: ArgumentHelp("The profile in which they are valid.", valueName: "name")) var profile = "default"
        @Option(
            help: ArgumentHelp(
                "Where the result goes, with the secrets in it; - for standard output.", valueName: "file")) var out:
            String
        @Argument(help: "The CSV file; - for standard input.") var file: String
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            let now = Date()
            try await self.installation.administer { administration in
                let table = try ChallengeTable(
                    csv: try Files.read(self.file),
                    profile: self.profile,
                    templates: try await administration.templates(),
                    at: now
                )
                guard self.out != "-" else {
                    return Terminal.write(
                        table.csv(
                            with: try await administration.createChallenges(table.orders, by: commandUser, at: now))
                    )
                }
                // Made before the challenges: where the result cannot be written, their secrets would be lost.
                try Files.writePrivate("", to: self.out)
                do {
                    let made = try await administration.createChallenges(table.orders, by: commandUser, at: now)
                    try Files.writePrivate(table.csv(with: made), to: self.out, replacing: true)
                    print("\(made.count) challenges of the profile \(self.profile) are in \(self.out).")
                } catch {
                    Files.remove(self.out)
                    throw error
                }
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the challenges that are good.")

        @Option(help: ArgumentHelp("Only those of this profile.", valueName: "name")) var profile: String?
        @Flag(help: "Also those that are held by requests that wait, used up, over or revoked.") var all = false
        @OptionGroup var limit: ListLimit
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            let now = Date()
            try await self.installation.administer { administration in
                let challenges = try await administration.challenges(
                    profile: self.profile,
                    usableAt: self.all ? nil : now,
                    limit: self.limit.limit
                )
                guard !challenges.isEmpty else {
                    return print(
                        "There are no such challenges\(self.all ? "" : "; --all shows those that are not good").")
                }
                printTable(
                    ["ID", "PROFILE", "STATE", "USES", "CREATED", "ENDS", "LAST USED", "DEVICE", "USER", "LABEL"],
                    challenges.map { record in
                        [
                            "\(record.id)", record.challenge.profile, record.state(at: now).rawValue,
                            record.usesText(reserved: "held"), record.createdAt.formatted(.iso8601),
                            record.challenge.expiresAt?.formatted(.iso8601) ?? "never",
                            record.lastUse?.date.formatted(.iso8601) ?? "never", record.challenge.device ?? "-",
                            record.challenge.user ?? "-", record.challenge.label.isEmpty ? "-" : record.challenge.label,
                        ]
                    }
                )
                self.limit.mention(challenges.count)
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a challenge, who made it, and who used it from where.")

        @Argument(help: "The challenge's number.") var id: Int64
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            let now = Date()
            try await self.installation.administer { administration in
                let (record, requests) = try await administration.challenge(self.id)
                let challenge = record.challenge
                let binding = try ChallengeBinding(json: challenge.binding)
                printLines([
                    ("Challenge", "\(record.id)"), ("Profile", challenge.profile),
                    ("State", record.state(at: now).rawValue),
                    ("Uses", record.usesText(reserved: "held by requests that wait")),
                    ("Label", challenge.label.isEmpty ? "none" : challenge.label),
                    ("Device", challenge.device ?? "any"), ("User", challenge.user ?? "any"),
                    ("Subject", text(binding.subjects)), ("SANs", text(binding.alternativeNames)),
                    ("Template", binding.template ?? "the profile's"), ("Address", text(binding.addressRanges)),
                    ("Created", "\(record.createdAt.formatted(.iso8601)) by \(record.createdBy)"),
                    ("Ends", challenge.expiresAt?.formatted(.iso8601) ?? "never"),
                    (
                        "Last used",
                        record.lastUse.map { "\($0.date.formatted(.iso8601)) from \($0.address)" } ?? "never"
                    ),
                    (
                        "Revoked",
                        record.revocation.map { "\($0.date.formatted(.iso8601)) by \($0.decider)" } ?? "no"
                    ),
                ])
                guard !requests.isEmpty else { return }
                print("")
                printTable(
                    ["REQUEST", "DATE", "STATUS", "FROM", "SUBJECT"],
                    requests.map { request in
                        [
                            "\(request.id)", request.createdAt.formatted(.iso8601), request.stateName,
                            request.request.clientAddress, request.request.subject,
                        ]
                    }
                )
            }
        }

        private func text(_ rules: [some CustomStringConvertible]) -> String {
            rules.isEmpty ? "any" : rules.map(\.description).joined(separator: "  ")
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make challenges worthless.",
            discussion: "What was issued with them stays; so do requests that wait with them."
        )

        @Argument(help: "The challenges' numbers.") var ids: [Int64]
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                try await eachOf(self.ids) { id in
                    try await administration.revokeChallenge(id, by: commandUser, at: Date())
                    print("Challenge \(id) is revoked.")
                }
            }
        }
    }
}

/// What a challenge is good for.
struct BindingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What the subject has to match: CN=pump-4.example.com. Can be repeated.", valueName: "pattern"),
        transform: SubjectPattern.init(parsing:)
    )
    var subject: [SubjectPattern] = []
    @Option(
        help: ArgumentHelp(
            "What each SAN has to match: DNS:pump-4.example.com. Can be repeated.", valueName: "pattern"),
        transform: AlternativeNamePattern.init(parsing:)
    )
    var san: [AlternativeNamePattern] = []
    @Option(
        help: ArgumentHelp("From where the request has to come: 10.0.0.0/8. Can be repeated.", valueName: "range"),
        transform: AddressRange.init(parsing:)
    )
    var address: [AddressRange] = []
    @Option(
        help: ArgumentHelp(
            "What the certificate looks like: Default, Mobile Devices or Network Equipment. (default: the profile's)",
            valueName: "name"))
    var template: String?

    var binding: ChallengeBinding {
        var binding = ChallengeBinding()
        binding.subjects = self.subject
        binding.alternativeNames = self.san
        binding.addressRanges = self.address
        binding.template = self.template
        return binding
    }
}

extension ChallengeOrder {
    fileprivate var end: String {
        let uses = self.uses.map { $0 == 1 ? ", for one certificate" : ", for \($0) certificates" } ?? ""
        return uses + (self.expiresAt.map { ", until \($0.formatted(.iso8601))" } ?? "")
    }
}

extension ChallengeRecord {
    fileprivate func usesText(reserved word: String) -> String {
        let reserved = self.reserved == 0 ? "" : ", \(self.reserved) \(word)"
        return (self.challenge.maximumUses.map { "\(self.uses) of \($0)" } ?? "\(self.uses)") + reserved
    }
}
