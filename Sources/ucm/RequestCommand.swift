import ArgumentParser
import Enrollment
import Foundation
import Registry
import SCEP
import SCEPClient
import Server

/// `ucm request`.
struct RequestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "request",
        abstract: "Show, approve and reject requests for certificates.",
        discussion: """
            Requests wait where their profile says --approval manual or --otherwise queue. An approved one is issued at \
            that moment, and its device gets the certificate with its next poll; a rejected one is told the reason.
            """,
        subcommands: [List.self, Show.self, Approve.self, Reject.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the requests that wait.")

        @OptionGroup var installation: InstallationOptions
        @Flag(help: "Also those that were decided on.") var all = false
        @Option(help: "How many at most, the newest first.") var limit = 100

        func run() async throws {
            try await self.installation.administer { administration in
                let requests = try await administration.requests(onlyPending: !self.all, limit: self.limit)
                guard !requests.isEmpty else { return print("No request waits for approval.") }
                printTable(
                    ["ID", "DATE", "STATUS", "PROFILE", "FROM", "KEY (SHA-256)", "CSR (SHA-256)", "SUBJECT AND SANS"],
                    requests.map { request in
                        let record = request.record
                        return [
                            "\(record.id)", record.createdAt.formatted(.iso8601), record.stateName,
                            record.request.identity.transaction.profile, record.request.clientAddress,
                            request.report.map { Self.short($0.key.fingerprint) } ?? "-",
                            request.report.map { Self.short($0.fingerprint) } ?? "-",
                            ([record.request.subject] + (request.report?.alternativeNames ?? [])).joined(
                                separator: "; "),
                        ]
                    }
                )
            }
        }

        /// Enough to find one among those that wait; `show` has all of it.
        private static func short(_ fingerprint: String) -> String { String(fingerprint.prefix(16)) }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a request: all that it asks for, what the rules said, and what was decided.")

        @OptionGroup var installation: InstallationOptions
        @Argument(help: "The request's number.") var id: Int64

        func run() async throws {
            try await self.installation.administer { administration in
                let detail = try await administration.request(self.id)
                printLines(detail.lines)
                if let report = detail.description.report {
                    Self.section("Subject", report.subject.map { ($0.type, $0.value) })
                    Self.section(
                        "Requested extensions",
                        report.extensions.map {
                            ($0.name + ($0.isCritical ? " (critical)" : ""), $0.values.joined(separator: "; "))
                        } + (report.extensionsFault.map { [("unreadable", $0)] } ?? [])
                    )
                    Self.section("Attributes", report.attributes.map { ($0.name, $0.values.joined(separator: "; ")) })
                }
                if let explanation = detail.explanation {
                    print("\nRules")
                    printRules(explanation)
                }
                if !detail.earlierCertificates.isEmpty {
                    print("\nEarlier certificates of this name or key")
                    printTable(
                        ["SERIAL", "ENDS", "STATE", "KEY", "SUBJECT"],
                        detail.earlierCertificates.map { certificate in
                            [
                                certificate.serial, certificate.notAfter.formatted(.iso8601), certificate.state,
                                certificate.hasSameKey ? "the same" : "another", certificate.subject,
                            ]
                        }
                    )
                }
                if !detail.events.isEmpty {
                    print("\nEvents")
                    printEvents(detail.events)
                }
                if case .issued(let certificate)? = detail.description.record.state {
                    print("")
                    print(PEM("CERTIFICATE", certificate).text, terminator: "")
                }
            }
        }

        private static func section(_ title: String, _ lines: [(String, String)]) {
            print("\n\(title)")
            printLines(lines.isEmpty ? [("  none", "")] : lines.map { ("  " + $0, $1) })
        }
    }

    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Issue what requests ask for, now.",
            discussion: """
                Where a profile asks for several approvals, the last one issues; those count together that approve the \
                same template, validity and subject.
                """
        )

        @OptionGroup var installation: InstallationOptions
        @Argument(help: "The requests' numbers.") var ids: [Int64]
        @Option(help: ArgumentHelp("Another template.", valueName: "name")) var template: String?
        @Option(
            help: ArgumentHelp("How long the certificate is valid, at most as the template says.", valueName: "days"))
        var days: Int?
        @Option(
            help: ArgumentHelp("Another subject, as in CN=pump-4,O=Example.", valueName: "name"),
            transform: SubjectName.encoded
        )
        var subject: [UInt8]?

        func run() async throws {
            let terms = ApprovalTerms(
                template: self.template,
                validityDays: self.days,
                subject: self.subject
            )
            try await self.installation.administer { administration in
                try await eachOf(self.ids) { id in
                    switch try await administration.approve(id, on: terms, by: commandUser, at: Date()) {
                    case .issued(let serial):
                        print("Request \(id) is approved; the certificate has the serial number \(serial).")
                    case .recorded(let have, let needed):
                        print("Request \(id) has \(have) of \(needed) approvals; somebody else has to approve it too.")
                    }
                }
            }
        }
    }

    struct Reject: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Reject requests.")

        @OptionGroup var installation: InstallationOptions
        @Argument(help: "The requests' numbers.") var ids: [Int64]
        @Option(help: "What the device is told.") var reason: String

        func run() async throws {
            try await self.installation.administer { administration in
                try await eachOf(self.ids) { id in
                    try await administration.reject(id, reason: self.reason, by: commandUser, at: Date())
                    print("Request \(id) is rejected.")
                }
            }
        }
    }
}

extension RequestDetail {
    fileprivate var lines: [(String, String)] {
        let record = self.description.record
        let request = record.request
        var lines = [
            ("Request", "\(record.id)"), ("Status", record.stateName), ("Subject", request.subject),
            ("Profile", request.identity.transaction.profile),
            ("Transaction", request.identity.transaction.transactionID),
            ("From", request.clientAddress), ("Received", record.createdAt.formatted(.iso8601)),
        ]
        if let report = self.description.report {
            lines += [
                ("Key", report.key.description), ("Key (SHA-256)", report.key.fingerprint),
                ("CSR (SHA-256)", report.fingerprint), ("Signed with", report.signatureAlgorithm),
            ]
        } else {
            lines.append(("Key", "not kept"))
        }
        lines.append(("Challenge", self.challenge ?? "none"))
        if record.state == .pending, let end = request.expiresAt {
            lines.append(("Waits until", end.formatted(.iso8601)))
        }
        for approval in self.approvals where record.state == .pending {
            lines.append(("Approved", "\(approval.date.formatted(.iso8601)) by \(approval.decider), \(approval.terms)"))
        }
        if let decidedAt = record.decidedAt { lines.append(("Decided", decidedAt.formatted(.iso8601))) }
        if let decidedBy = record.decidedBy { lines.append(("Decided by", decidedBy)) }
        if case .rejected(let reason)? = record.state { lines.append(("Reason", reason)) }
        return lines
    }
}

extension RequestReport {
    /// The SANs that are asked for.
    fileprivate var alternativeNames: [String] {
        self.extensions.first { $0.identifier == "2.5.29.17" }?.values ?? []
    }
}

extension RequestRecord {
    /// The state in a word.
    var stateName: String {
        switch self.state {
        case .pending: "pending"
        case .issued: "issued"
        case .rejected: "rejected"
        case .expired: "expired"
        case nil: "replaced"
        }
    }
}
