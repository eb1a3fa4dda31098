import AdministrationAPI
import ArgumentParser
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
        subcommands: [List.self, Show.self, Timeline.self, Approve.self, Reject.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the requests that wait.")

        @Flag(help: "Also those that were decided on.") var all = false
        @OptionGroup var limit: ListLimit
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let requests = try await api.list(
                    "requests", query: [("status", self.all ? nil : "pending")], limit: self.limit.limit)
                api.show(requests) {
                    guard !requests.isEmpty else {
                        return print(self.all ? "There are no requests." : "No request waits for approval.")
                    }
                    printTable(
                        [
                            "ID", "DATE", "STATUS", "PROFILE", "FROM", "KEY (SHA-256)", "CSR (SHA-256)",
                            "SUBJECT AND SANS",
                        ],
                        requests.map { request in
                            [
                                request.text("id"), request.text("createdAt"), request.text("status"),
                                request.text("profile"), request.text("address"),
                                Self.short(request.text("keyFingerprint")), Self.short(request.text("csrFingerprint")),
                                ([request.text("subject", otherwise: "")] + request.texts("sans")).joined(
                                    separator: "; "),
                            ]
                        }
                    )
                    self.limit.mention(requests.count)
                }
            }
        }

        /// Enough to find one among those that wait; `show` has all of it.
        private static func short(_ fingerprint: String) -> String { String(fingerprint.prefix(16)) }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a request: all that it asks for, what the rules said, and what was decided.")

        @Argument(help: "The request's number.") var id: Int64
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let request = try await api.get("requests", "\(self.id)")
                api.show(request) { RequestText.write(request) }
            }
        }
    }
}
