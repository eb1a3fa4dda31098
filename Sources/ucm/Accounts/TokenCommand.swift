import AdministrationAPI
import ArgumentParser
import Foundation
import Server

/// `ucm token`.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make, show and revoke API tokens.",
        discussion: """
            A token lets a program do what its scopes say, as long as its user may do that too. It is shown once and cannot \
            be shown again. Tokens are not made by tokens: ucm login signs in with a password for that.
            """,
        subcommands: [List.self, Create.self, Revoke.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the tokens, the newest first.")

        @Option(help: ArgumentHelp("Only those of this user.", valueName: "name")) var user: String?
        @OptionGroup var limit: ListLimit
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let tokens = try await api.list("tokens", query: [("user", self.user)], limit: self.limit.limit)
                api.show(tokens) {
                    guard !tokens.isEmpty else { return print("There are no tokens.") }
                    printTokens(tokens)
                    self.limit.mention(tokens.count)
                }
            }
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token.",
            usage: "ucm token create --user deploy --name 'CI pipeline' --scope challenges:write --valid 30d"
        )

        @Option(help: ArgumentHelp("Whose it is. (default: one's own)", valueName: "name")) var user: String?
        @Option(help: ArgumentHelp("What it is for.", valueName: "text")) var name: String
        @Option(help: ArgumentHelp("What it permits: ucm role show. Can be repeated.", valueName: "permission"))
        var scope: [Permission]
        @Option(help: ArgumentHelp("How long it is good: 12h, 30d. (default: 90d)", valueName: "time"))
        var valid: TimeSpan?
        @Flag(help: "It never ends.") var noEnd = false
        @OptionGroup var options: AdministrationOptions

        func validate() throws {
            if self.noEnd, self.valid != nil { throw ValidationError("--valid and --no-end exclude each other") }
        }

        func run() async throws {
            var body = JSONObject([("name", .string(self.name)), ("scopes", .texts(self.scope.map(\.rawValue)))])
            body["user"] = self.user.map(JSONValue.string)
            if let valid {
                body["expiresAt"] = .string(Date().addingTimeInterval(valid.seconds).formatted(.iso8601))
            }
            if self.noEnd { body["expiresAt"] = .null }
            try await self.options.administer { [body] api in
                let token = try await api.post("tokens", body: body)
                api.show(token) {
                    let end =
                        token["expiresAt"]?.text.map { _ in " until \(token.text("expiresAt"))" } ?? " without an end"
                    printLine("Token \(token.text("id")) of the user \(token.text("user")) is good\(end).")
                    print("It is shown only now: \(token.text("token"))")
                }
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make tokens worthless.")

        @Argument(help: "The tokens' numbers.") var ids: [Int64]
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                try await api.each(
                    of: self.ids,
                    { id in
                        try await api.delete("tokens", "\(id)")
                        return ["revoked": .integer(id)]
                    },
                    write: { id, _ in printLine("The token \(id) is revoked.") }
                )
            }
        }
    }
}

/// Tokens, a line each.
func printTokens(_ tokens: [JSONValue]) {
    let now = Date().formatted(.iso8601)
    printTable(
        ["ID", "USER", "STATE", "CREATED", "ENDS", "LAST USED", "FROM", "SCOPES", "NAME"],
        tokens.map { token in
            // Texts of one form are in the order of their times.
            let isOver = token["expiresAt"]?.text.map { $0 <= now } ?? false
            return [
                token.text("id"), token.text("user"),
                token["revokedAt"]?.text != nil ? "revoked" : isOver ? "over" : "good", token.text("createdAt"),
                token.text("expiresAt", otherwise: "never"), token.text("lastUsedAt"), token.text("lastUsedFrom"),
                token.joined("scopes", separator: ","), token.text("name"),
            ]
        }
    )
}
