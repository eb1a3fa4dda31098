import ArgumentParser
import CertificateAuthority
import Foundation
import Registry
import SCEP
import Server

/// `ucm certificate`.
struct CertificateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificate",
        abstract: "Find, issue, renew and revoke certificates.",
        subcommands: [
            List.self, Show.self, Export.self, Issue.self, Renew.self, Revoke.self, Hold.self, Release.self,
        ]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List certificates, the newest first.",
            usage: "ucm certificate list --search router --state valid --ending-in 30d"
        )

        @OptionGroup var filter: CertificateSelection
        @Option(
            help: ArgumentHelp("In which state: valid, expired, revoked or held; can be repeated.", valueName: "state"))
        var state: [CertificateState] = []
        @Flag(help: "Only how many there are.") var count = false
        @OptionGroup var limit: ListLimit
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            let now = Date()
            var filter = try self.filter.filter(at: now)
            filter.states = self.state
            // The installation's own renew themselves, and are in the way here.
            if filter.origins.isEmpty { filter.origins = [.scep, .manual, .authority] }
            try await self.installation.administer { [filter] administration in
                if self.count {
                    return print(try await administration.certificateCount(filter, authority: self.filter.ca, at: now))
                }
                let found = try await administration.certificates(
                    filter,
                    authority: self.filter.ca,
                    at: now,
                    limit: self.limit.limit
                )
                guard !found.isEmpty else { return print("There are no such certificates.") }
                printTable(
                    ["SERIAL NUMBER", "STATE", "ENDS", "CA", "FROM", "TEMPLATE", "SUBJECT"],
                    found.map { certificate in
                        let summary = certificate.summary
                        return [
                            certificate.serialNumber, summary.state(at: now), summary.notAfter.formatted(.iso8601),
                            certificate.authority, summary.profile ?? summary.origin.rawValue, summary.template ?? "-",
                            summary.subject,
                        ]
                    }
                )
                self.limit.mention(found.count)
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a certificate, and what was decided on it.")

        @OptionGroup var certificate: OneCertificate
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                let detail = try await administration.certificate(
                    self.certificate.serial, authority: self.certificate.ca)
                printLines(try detail.lines(at: Date()))
            }
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Write a certificate.")

        @OptionGroup var certificate: OneCertificate
        @OptionGroup var form: CertificateForm
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                let detail = try await administration.certificate(
                    self.certificate.serial, authority: self.certificate.ca)
                try self.form.write(chain: [detail.encoded] + detail.chain)
            }
        }
    }
}

/// One certificate.
struct OneCertificate: ParsableArguments {
    @Argument(help: "Its serial number in hexadecimal, as ucm certificate list or OpenSSL write it.") var serial: String
    @Option(help: ArgumentHelp("Its CA, where two have issued the same serial number.", valueName: "name"))
    var ca: String?
}

/// What certificates have in common.
struct CertificateSelection: ParsableArguments {
    @Option(help: ArgumentHelp("The CA that issued them.", valueName: "name")) var ca: String?
    @Option(help: ArgumentHelp("The profile through which they came.", valueName: "name")) var profile: String?
    @Option(help: ArgumentHelp("The template by which they were made.", valueName: "name")) var template: String?
    @Option(
        help: ArgumentHelp(
            "How they came to be issued: scep, manual, authority (CAs) or service (the installation's own). (default: the first "
                + "three)",
            valueName: "origin"))
    var origin: CertificateOrigin?
    @Option(help: ArgumentHelp("One of their names, whole: the common name or a SAN, in any case.", valueName: "name"))
    var name: String?
    @Option(help: ArgumentHelp("A part of their subject or names, in any case.", valueName: "text")) var search: String?
    @Option(help: ArgumentHelp("The device that their challenge was made for.", valueName: "name")) var device: String?
    @Option(help: ArgumentHelp("Those that end within this time: 30d.", valueName: "time")) var endingIn: TimeSpan?
    @Option(help: ArgumentHelp("Those issued at this time or later: 2027-01-31T12:00:00Z.", valueName: "time"))
    var issuedSince: PointInTime?
    @Option(help: ArgumentHelp("Those issued before this time.", valueName: "time")) var issuedBefore: PointInTime?

    /// Whether nothing is said.
    var isEmpty: Bool {
        [self.ca, self.profile, self.template, self.name, self.search, self.device].allSatisfy { $0 == nil }
            && self.origin == nil && self.endingIn == nil && self.issuedSince == nil && self.issuedBefore == nil
    }

    func filter(at now: Date) throws -> CertificateFilter {
        var filter = CertificateFilter()
        filter.profile = self.profile
        filter.template = self.template
        filter.origins = self.origin.map { [$0] } ?? []
        filter.name = self.name
        filter.search = self.search
        filter.device = self.device
        if let endingIn {
            filter.endingAfter = now
            filter.endingBefore = now.addingTimeInterval(endingIn.seconds)
        }
        filter.issuedAfter = self.issuedSince?.date
        filter.issuedBefore = self.issuedBefore?.date
        return filter
    }
}

extension CertificateSummary {
    /// The state in a word or two.
    func state(at now: Date) -> String {
        if let revocation { return revocation.reason == RevocationReason.certificateHold.code ? "on hold" : "revoked" }
        return self.notAfter < now ? "expired" : "valid"
    }
}

extension RevocationReason {
    /// The number as the registry has it.
    var code: Int { Int(self.rawValue) }
}

extension CertificateDetail {
    fileprivate func lines(at now: Date) throws -> [(String, String)] {
        let summary = self.description.summary
        let details = try CertificateDetails(encoded: self.encoded)
        var lines = [
            ("Serial number", self.description.serialNumber), ("State", summary.state(at: now)),
            ("Subject", summary.subject), ("CA", self.description.authority),
            ("Not before", summary.notBefore.formatted(.iso8601)), ("Not after", summary.notAfter.formatted(.iso8601)),
            ("Template", summary.template ?? "not recorded"), ("Origin", summary.origin.rawValue),
        ]
        if let profile = summary.profile { lines.append(("Profile", profile)) }
        if let issuedBy = summary.issuedBy { lines.append(("Issued for", issuedBy)) }
        if let revocation = summary.revocation {
            let reason =
                UInt8(exactly: revocation.reason).flatMap(RevocationReason.init)?.name ?? "\(revocation.reason)"
            lines += [("Revoked", revocation.date.formatted(.iso8601)), ("Reason", reason)]
            if let date = revocation.invalidityDate { lines.append(("Invalid since", date.formatted(.iso8601))) }
        }
        for found in details.extensions {
            let readable = ReadableExtension(found)
            lines.append((readable.name, readable.values.joined(separator: ", ")))
        }
        for event in self.events {
            lines.append(("\(event.kindName)", "\(event.date.formatted(.iso8601)) by \(event.actor) \(event.detail)"))
        }
        return lines
    }
}
