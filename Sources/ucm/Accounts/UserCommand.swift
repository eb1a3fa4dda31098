import ArgumentParser
import Foundation
import Registry
import Server

/// `ucm user`.
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Show and change who may sign in, and let people in again.",
        discussion: """
            Whoever can open the data directory needs no password for this: ucm user reset-password is the way back in. \
            Passwords are shown once, and have to be changed at the next sign-in.
            """,
        subcommands: [
            List.self, Show.self, Create.self, Set.self, Delete.self, ResetPassword.self, Unlock.self, DisableTOTP.self,
        ]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the users.")

        @Option(help: ArgumentHelp("Only those with this in their name or full name.", valueName: "text"))
        var search: String?
        @Option(help: ArgumentHelp("Only those with this role.", valueName: "role")) var role: String?
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                let filter = AccountFilter(search: self.search, role: self.role)
                var (users, last) = ([AccountDescription](), String?.none)
                repeat {
                    let page = try await administration.accounts(
                        filter, after: last, limit: 500, by: commandPrincipal, at: Date())
                    users += page
                    last = page.last?.name
                } while last != nil
                guard !users.isEmpty else { return print("There are no such users.") }
                printTable(
                    ["NAME", "ROLE", "STATE", "CODES", "LAST SIGN-IN", "FULL NAME"],
                    users.map { user in
                        [
                            user.name, user.role, user.state, user.needsCode ? "yes" : "no",
                            user.lastSignInAt?.formatted(.iso8601) ?? "-", user.fullName.isEmpty ? "-" : user.fullName,
                        ]
                    }
                )
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a user, with sessions and tokens.")

        @Argument(help: "The user.") var name: String
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            let now = Date()
            try await self.installation.administer { administration in
                let user = try await administration.account(self.name, by: commandPrincipal, at: now)
                printLines(user.lines)
                let sessions = try await administration.sessions(of: user.name, by: commandPrincipal, at: now)
                if !sessions.isEmpty {
                    print("\nSessions")
                    printTable(
                        ["ID", "SINCE", "LAST USED", "ENDS", "FROM", "PROGRAM"],
                        sessions.map { session in
                            [
                                "\(session.id)", session.createdAt.formatted(.iso8601),
                                session.lastUsedAt.formatted(.iso8601), session.expiresAt.formatted(.iso8601),
                                session.address ?? "-", shortened(session.userAgent ?? "-", upTo: 60),
                            ]
                        }
                    )
                }
                let tokens = try await administration.tokens(of: user.name, by: commandPrincipal, at: now)
                guard !tokens.isEmpty else { return }
                print("\nTokens")
                printTokens(tokens, at: now)
            }
        }
    }

    struct Unlock: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let users sign in again who were locked after wrong passwords.")

        @Argument(help: "The users.") var names: [String]
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                try await eachOf(self.names) { name in
                    let isChanged = try await administration.unlockAccount(name, by: commandPrincipal, at: Date())
                    printLine(isChanged ? "The user \(name) can sign in again." : "The user \(name) was not locked.")
                }
            }
        }
    }
}

extension AccountDescription {
    /// Whether somebody can sign in, in a word.
    fileprivate var state: String {
        if self.isDisabled { return "disabled" }
        if !self.locks.isEmpty { return "locked" }
        return self.mustChangePassword ? "initial password" : "active"
    }

    fileprivate var lines: [(String, String)] {
        var lines = [
            ("User", self.name), ("Full name", self.fullName.isEmpty ? "-" : self.fullName), ("Role", self.role),
            ("State", self.state), ("Password since", self.passwordChangedAt.formatted(.iso8601)),
            ("Codes", self.needsCode ? "needed, \(self.recoveryCodesLeft) recovery codes left" : "not needed"),
            ("Last sign-in", self.lastSignInAt?.formatted(.iso8601) ?? "never"),
            ("Made", "\(self.createdAt.formatted(.iso8601)) by \(self.createdBy)"),
        ]
        for lock in self.locks {
            let place = lock.network.map { "from \($0)" } ?? "from everywhere"
            lines.append(("Locked", "\(place) until \(lock.until.formatted(.iso8601)): ucm user unlock \(self.name)"))
        }
        return lines
    }
}
