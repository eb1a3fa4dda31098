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

    /// Decides on all of several requests, also where one of them cannot be decided on.
    private static func each(_ ids: [Int64], _ decide: (Int64) async throws -> Void) async throws {
        var hasFailed = false
        for id in ids {
            do {
                try await decide(id)
            } catch {
                FileHandle.standardError.write(Data("ucm: \(error)\n".utf8))
                hasFailed = true
            }
        }
        if hasFailed { throw ExitCode.failure }
    }

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
                    ["ID", "DATE", "STATUS", "PROFILE", "FROM", "SUBJECT AND SANS"],
                    requests.map { request in
                        let record = request.record
                        return [
                            "\(record.id)", record.createdAt.formatted(.iso8601), record.stateName,
                            record.request.identity.transaction.profile, record.request.clientAddress,
                            ([record.request.subject] + request.alternativeNames).joined(separator: "; "),
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
                let request = try await administration.request(self.id)
                let record = request.record
                var lines = [
                    ("Request", "\(record.id)"), ("Status", record.stateName), ("Subject", record.request.subject),
                    (
                        "SANs",
                        request.alternativeNames.isEmpty ? "none" : request.alternativeNames.joined(separator: "; ")
                    ),
                    ("Key", request.key ?? "not kept"), ("Key (SHA-256)", request.keyFingerprint ?? "not kept"),
                    ("Profile", record.request.identity.transaction.profile),
                    ("Transaction", record.request.identity.transaction.transactionID),
                    ("From", record.request.clientAddress), ("Received", record.createdAt.formatted(.iso8601)),
                ]
                if let decidedAt = record.decidedAt { lines.append(("Decided", decidedAt.formatted(.iso8601))) }
                if let decidedBy = record.decidedBy { lines.append(("Decided by", decidedBy)) }
                if case .rejected(let reason)? = record.state { lines.append(("Reason", reason)) }
                for (name, value) in lines {
                    print(name.padding(toLength: 15, withPad: " ", startingAt: 0) + value)
                }
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
                try await RequestCommand.each(self.ids) { id in
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
                try await RequestCommand.each(self.ids) { id in
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
        case .expired: "expired"
        case nil: "replaced"
        }
    }
}
