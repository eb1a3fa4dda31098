import ArgumentParser
import Foundation
import Registry
import SCEPClient
import Server

/// `ucm request`.
struct RequestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "request",
        abstract: "Show, approve and reject requests for certificates.",
        discussion: """
            Requests wait where their profile says --approval manual. An approved one is issued at that moment, and its \
            device gets the certificate with its next poll; a rejected one is told the reason.
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
                    ["ID", "DATE", "STATUS", "PROFILE", "FROM", "SUBJECT"],
                    requests.map { record in
                        [
                            "\(record.id)", record.createdAt.formatted(.iso8601), record.stateName,
                            record.request.identity.transaction.profile, record.request.clientAddress,
                            record.request.subject,
                        ]
                    }
                )
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a request.")

        @OptionGroup var installation: InstallationOptions
        @Argument(help: "The request's number.") var id: Int64

        func run() async throws {
            try await self.installation.administer { administration in
                let record = try await administration.request(self.id)
                var lines = [
                    ("Request", "\(record.id)"), ("Status", record.stateName), ("Subject", record.request.subject),
                    ("Profile", record.request.identity.transaction.profile),
                    ("Transaction", record.request.identity.transaction.transactionID),
                    ("Key (SHA-256)", record.keyFingerprint ?? "unreadable"),
                    ("From", record.request.clientAddress), ("Received", record.createdAt.formatted(.iso8601)),
                ]
                if let decidedAt = record.decidedAt { lines.append(("Decided", decidedAt.formatted(.iso8601))) }
                if let decidedBy = record.decidedBy { lines.append(("Decided by", decidedBy)) }
                if case .rejected(let reason)? = record.state { lines.append(("Reason", reason)) }
                for (name, value) in lines {
                    print(name.padding(toLength: 15, withPad: " ", startingAt: 0) + value)
                }
                print(PEM("CERTIFICATE REQUEST", record.request.encoded).text, terminator: "")
                if case .issued(let certificate)? = record.state {
                    print(PEM("CERTIFICATE", certificate).text, terminator: "")
                }
            }
        }
    }

    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Issue what requests ask for, now.")

        @OptionGroup var installation: InstallationOptions
        @Argument(help: "The requests' numbers.") var ids: [Int64]

        func run() async throws {
            try await self.installation.administer { administration in
                for id in self.ids {
                    let serial = try await administration.approve(id, by: commandUser, at: Date())
                    print("Request \(id) is approved; the certificate has the serial number \(serial).")
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
                for id in self.ids {
                    try await administration.reject(id, reason: self.reason, by: commandUser, at: Date())
                    print("Request \(id) is rejected.")
                }
            }
        }
    }
}

extension RequestRecord {
    fileprivate var stateName: String {
        switch self.state {
        case .pending: "pending"
        case .issued: "issued"
        case .rejected: "rejected"
        case nil: "replaced"
        }
    }
}
