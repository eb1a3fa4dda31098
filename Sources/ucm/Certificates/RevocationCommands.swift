import ArgumentParser
import CertificateAuthority
import Foundation
import Registry
import Server

extension CertificateCommand {
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Revoke certificates.",
            usage: """
                ucm certificate revoke 3fa0c1 --reason keyCompromise --note 'laptop stolen'
                ucm certificate revoke --device phone-17 --reason cessationOfOperation
                ucm certificate revoke --file serials.txt --reason superseded
                """,
            discussion: """
                They are on the CRL within a second while a server runs, and OCSP says so. A revocation cannot be taken back: \
                ucm certificate hold can. What has something in common is listed and counted first; --yes revokes it.
                """
        )

        @OptionGroup var which: RevocationSelection
        @Option(
            help: ArgumentHelp(
                "Why: unspecified, keyCompromise, affiliationChanged, superseded, cessationOfOperation or "
                    + "privilegeWithdrawn; for CAs also cACompromise.",
                valueName: "reason"
            )
        )
        var reason: RevocationReason = .unspecified
        @Option(
            help: ArgumentHelp(
                "Since when they should not have been relied on: 2027-01-31T12:00:00Z.", valueName: "time"))
        var invalidSince: PointInTime?
        @Option(help: ArgumentHelp("Why, in words, for the record.", valueName: "text")) var note = ""
        @OptionGroup var installation: InstallationOptions

        func validate() throws {
            guard self.reason != .certificateHold else {
                throw ValidationError("ucm certificate hold puts certificates on hold")
            }
        }

        func run() async throws {
            let request = RevocationRequest(
                reason: self.reason,
                invalidityDate: self.invalidSince?.date,
                note: self.note
            )
            try await self.installation.administer { administration in
                try await self.which.revoke(request, "is revoked", administration)
            }
        }
    }

    struct Hold: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put certificates on hold: they count as revoked until they are released.")

        @OptionGroup var which: RevocationSelection
        @Option(help: ArgumentHelp("Why, in words, for the record.", valueName: "text")) var note = ""
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                try await self.which.revoke(
                    RevocationRequest(reason: .certificateHold, note: self.note),
                    "is on hold",
                    administration
                )
            }
        }
    }

    struct Release: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make certificates valid again that are on hold.")

        @Argument(help: "Their serial numbers.") var serials: [String]
        @Option(help: ArgumentHelp("Their CA, where two have issued the same serial number.", valueName: "name"))
        var ca: String?
        @Option(help: ArgumentHelp("Why, in words, for the record.", valueName: "text")) var note = ""
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                try await administration.release(
                    self.serials,
                    authority: self.ca,
                    note: self.note,
                    by: commandUser,
                    at: Date()
                ).show("is valid again")
            }
        }
    }
}

/// The certificates that are to be revoked: by their serial numbers, or by what they have in common.
struct RevocationSelection: ParsableArguments {
    @Argument(help: "Their serial numbers, in hexadecimal.") var serials: [String] = []
    @Option(help: ArgumentHelp("A file with serial numbers, one a line; - is standard input.", valueName: "file"))
    var file: String?
    @OptionGroup(title: "What they have in common") var filter: CertificateSelection
    @Flag(help: "Do it to all that have it in common, without listing them first.") var yes = false

    func validate() throws {
        let isByNumber = !self.serials.isEmpty || self.file != nil
        var common = self.filter
        if isByNumber { common.ca = nil }
        guard isByNumber != !common.isEmpty else {
            throw ValidationError(
                "name serial numbers, a file with them, or what the certificates have in common: one of these")
        }
    }

    /// Revokes them and says what came of each.
    func revoke(_ request: RevocationRequest, _ outcome: String, _ administration: Administration) async throws {
        let now = Date()
        guard self.serials.isEmpty, self.file == nil else {
            let lines = try self.file.map { String(decoding: try Files.read($0), as: UTF8.self) } ?? ""
            let listed = lines.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
                .filter { !$0.isEmpty && !$0.hasPrefix("#") }
            guard !(self.serials + listed).isEmpty else {
                throw FileProblem(path: self.file ?? "-", reason: "there is no serial number in it")
            }
            return try await administration.revoke(
                self.serials + listed,
                authority: self.filter.ca,
                for: request,
                by: commandUser,
                at: now
            ).show(outcome)
        }
        let filter = try self.filter.filter(at: now)
        guard self.yes else {
            let found = try await administration.revocable(filter, authority: self.filter.ca, for: request, at: now)
            printTable(
                ["SERIAL NUMBER", "ENDS", "SUBJECT"],
                found.prefix(100).map { certificate in
                    [
                        ReadableText.serialNumber(certificate.serialNumber), certificate.notAfter.formatted(.iso8601),
                        certificate.subject,
                    ]
                }
            )
            Terminal.complain("Nothing has happened yet. The same command with --yes is for these \(found.count).")
            throw ExitCode.failure
        }
        try await administration.revokeAll(filter, authority: self.filter.ca, for: request, by: commandUser, at: now)
            .show(outcome)
    }
}

extension [RevocationResult] {
    /// Says what came of each, and fails where something did not change.
    fileprivate func show(_ outcome: String) throws {
        for result in self {
            if let obstacle = result.obstacle {
                Terminal.complain("ucm: the certificate \(result.serialNumber) (\(result.subject)): \(obstacle)")
            } else {
                printLine("The certificate \(result.serialNumber) (\(result.subject)) \(outcome).")
            }
        }
        if self.contains(where: { $0.obstacle != nil }) { throw ExitCode.failure }
    }
}
