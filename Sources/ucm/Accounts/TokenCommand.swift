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
            be shown again.
            """,
        subcommands: [List.self, Create.self, Revoke.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the tokens, the newest first.")

        @Option(help: ArgumentHelp("Only those of this user.", valueName: "name")) var user: String?
        @OptionGroup var limit: ListLimit
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            let now = Date()
            try await self.installation.administer { administration in
                let tokens = try await administration.tokens(
                    of: self.user, limit: self.limit.limit, by: commandPrincipal, at: now)
                guard !tokens.isEmpty else { return print("There are no tokens.") }
                printTokens(tokens, at: now)
                self.limit.mention(tokens.count)
            }
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token.",
            usage: "ucm token create --user deploy --name 'CI pipeline' --scope challenges:write --valid 30d"
        )

        @Option(help: ArgumentHelp("Whose it is.", valueName: "name")) var user: String
        @Option(help: ArgumentHelp("What it is for.", valueName: "text")) var name: String
        @Option(help: ArgumentHelp("What it permits: ucm role show. Can be repeated.", valueName: "permission"))
        var scope: [Permission]
        @Option(help: ArgumentHelp("How long it is good: 12h, 30d. (default: 90d)", valueName: "time"))
        var valid: TimeSpan?
        @Flag(help: "It never ends.") var noEnd = false
        @OptionGroup var installation: InstallationOptions

        func validate() throws {
            if self.noEnd, self.valid != nil { throw ValidationError("--valid and --no-end exclude each other") }
        }

        func run() async throws {
            let now = Date()
            var order = TokenOrder(name: self.name, scopes: Swift.Set(self.scope), at: now)
            if let valid { order.expiresAt = now.addingTimeInterval(valid.seconds) }
            if self.noEnd { order.expiresAt = nil }
            try await self.installation.administer { administration in
                let made = try await administration.createToken(order, for: self.user, by: commandPrincipal, at: now)
                let end = made.token.expiresAt.map { " until \($0.formatted(.iso8601))" } ?? " without an end"
                printLine("Token \(made.token.id) of the user \(made.token.account) is good\(end).")
                print("It is shown only now: \(made.secret)")
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make tokens worthless.")

        @Argument(help: "The tokens' numbers.") var ids: [Int64]
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                try await eachOf(self.ids) { id in
                    try await administration.revokeToken(id, by: commandPrincipal, at: Date())
                    print("The token \(id) is revoked.")
                }
            }
        }
    }
}

/// Tokens, a line each.
func printTokens(_ tokens: [TokenDescription], at now: Date) {
    printTable(
        ["ID", "USER", "STATE", "CREATED", "ENDS", "LAST USED", "FROM", "SCOPES", "NAME"],
        tokens.map { token in
            [
                "\(token.id)", token.account,
                token.isUsable(at: now) ? "good" : token.revokedAt == nil ? "over" : "revoked",
                token.createdAt.formatted(.iso8601), token.expiresAt?.formatted(.iso8601) ?? "never",
                token.lastUsedAt?.formatted(.iso8601) ?? "-", token.lastAddress ?? "-",
                token.scopes.listed.map(\.rawValue).joined(separator: ","), token.name,
            ]
        }
    )
}
