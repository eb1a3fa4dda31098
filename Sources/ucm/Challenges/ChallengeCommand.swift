import AdministrationAPI
import ArgumentParser
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

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the challenges that are good.")

        @Option(help: ArgumentHelp("Only those of this profile.", valueName: "name")) var profile: String?
        @Flag(help: "Also those that are held by requests that wait, used up, over or revoked.") var all = false
        @OptionGroup var limit: ListLimit
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let challenges = try await api.list(
                    "challenges", query: [("profile", self.profile), ("usable", self.all ? nil : "true")],
                    limit: self.limit.limit)
                api.show(challenges) {
                    guard !challenges.isEmpty else {
                        return print(
                            "There are no such challenges\(self.all ? "" : "; --all shows those that are not good").")
                    }
                    printTable(
                        ["ID", "PROFILE", "STATE", "USES", "CREATED", "ENDS", "LAST USED", "DEVICE", "USER", "LABEL"],
                        challenges.map { challenge in
                            [
                                challenge.text("id"), challenge.text("profile"), challenge.text("state"),
                                ChallengeText.uses(challenge, reserved: "held"), challenge.text("createdAt"),
                                challenge.text("expiresAt", otherwise: "never"),
                                challenge.text("lastUsedAt", otherwise: "never"), challenge.text("device"),
                                challenge.text("user"), challenge.text("label"),
                            ]
                        }
                    )
                    self.limit.mention(challenges.count)
                }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a challenge, who made it, and who used it from where.")

        @Argument(help: "The challenge's number.") var id: Int64
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                var challenge = try await api.get("challenges", "\(self.id)")
                let requests = try await self.requests(api)
                if let requests { challenge.merge(["requests": .array(requests)]) }
                api.show(challenge) {
                    printLines(ChallengeText.lines(challenge))
                    guard let requests, !requests.isEmpty else { return }
                    print("")
                    printTable(
                        ["REQUEST", "DATE", "STATUS", "FROM", "SUBJECT"],
                        requests.map { request in
                            [
                                request.text("id"), request.text("createdAt"), request.text("status"),
                                request.text("address"), request.text("subject", otherwise: ""),
                            ]
                        }
                    )
                }
            }
        }

        /// The requests that had it; nil for whoever may not see any.
        private func requests(_ api: AdministrationClient) async throws -> [JSONValue]? {
            do {
                return try await api.list("requests", query: [("challenge", "\(self.id)")], limit: 100)
            } catch let failure as APIFailure where failure.status == 403 {
                return nil
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make challenges worthless.",
            discussion: "What was issued with them stays; so do requests that wait with them."
        )

        @Argument(help: "The challenges' numbers.") var ids: [Int64]
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                try await api.each(of: self.ids) { id in
                    try await api.post("challenges", "\(id)", "revoke")
                } write: { id, _ in
                    print("Challenge \(id) is revoked.")
                }
            }
        }
    }
}
