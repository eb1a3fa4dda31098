import ArgumentParser
import CryptographicMessageSyntax
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

        @Flag(help: "Also those that were decided on.") var all = false
        @OptionGroup var limit: ListLimit
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                let requests = try await administration.requests(
                    RequestFilter(statuses: self.all ? [] : [.pending]), limit: self.limit.limit)
                guard !requests.isEmpty else {
                    return print(self.all ? "There are no requests." : "No request waits for approval.")
                }
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
                self.limit.mention(requests.count)
            }
        }

        /// Enough to find one among those that wait; `show` has all of it.
        private static func short(_ fingerprint: String) -> String { String(fingerprint.prefix(16)) }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a request: all that it asks for, what the rules said, and what was decided.")

        @Argument(help: "The request's number.") var id: Int64
        @OptionGroup var installation: InstallationOptions

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
                    printTable(["RULE", "VERDICT", "WHY"], explanation.rows)
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
                    printTable(
                        ["ID", "DATE", "EVENT", "WHO", "FROM", "WHAT"],
                        detail.events.map { event in
                            [
                                "\(event.id)", event.date.formatted(.iso8601), event.kindName, event.actor,
                                event.clientAddress ?? "-", event.detail,
                            ]
                        }
                    )
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
            usage: """
                ucm request approve 17 18 19
                ucm request approve 17 --template 'Network Equipment' --days 90 --subject CN=router-7,O=Example
                """,
            discussion: """
                Where a profile asks for several approvals, the last one issues; those count together that approve the \
                same template, validity and subject.
                """
        )

        @Argument(help: "The requests' numbers.") var ids: [Int64]
        @Option(
            help: ArgumentHelp("Another template: Default, Mobile Devices or Network Equipment.", valueName: "name"))
        var template: String?
        @Option(
            help: ArgumentHelp("How long the certificate is valid, at most as the template says.", valueName: "days"))
        var days: Int?
        @Option(
            help: ArgumentHelp("Another subject, as in CN=pump-4,O=Example.", valueName: "name"),
            transform: { text in
                guard !text.isEmpty else { throw ValidationError("the subject is empty") }
                return try SubjectName.encoded(text)
            }
        )
        var subject: [UInt8]?
        @OptionGroup var installation: InstallationOptions

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
        static let configuration = CommandConfiguration(
            abstract: "Reject requests.",
            usage: "ucm request reject 20 --reason 'this device was sold'"
        )

        @Argument(help: "The requests' numbers.") var ids: [Int64]
        @Option(help: ArgumentHelp("What the device is told.", valueName: "text")) var reason: String
        @OptionGroup var installation: InstallationOptions

        func validate() throws {
            guard self.reason.contains(where: { !$0.isWhitespace }) else {
                throw ValidationError("the reason is empty; the device is told it")
            }
        }

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
        switch record.state {
        case .rejected(let reason)?: lines.append(("Reason", reason))
        case .issued(let encoded)?:
            if let certificate = try? CertificateDetails(encoded: encoded) {
                lines += [
                    ("Serial number", certificate.certificate.identifier.serialNumber.hexadecimal),
                    ("Issued to", NameText.text(certificate.certificate.subject)),
                    ("Valid until", certificate.notAfter.formatted(.iso8601)),
                ]
            }
        case .pending?, .expired?, nil: break
        }
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
