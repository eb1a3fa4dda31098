import AdministrationAPI
import ArgumentParser
import Foundation
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
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let users = try await api.list("users", query: [("q", self.search), ("role", self.role)])
                api.show(users) {
                    guard !users.isEmpty else { return print("There are no such users.") }
                    printTable(
                        ["NAME", "ROLE", "STATE", "CODES", "LAST SIGN-IN", "FULL NAME"],
                        users.map { user in
                            [
                                user.text("name"), user.text("role"), UserLines.state(user), user.text("totp"),
                                user.text("lastSignInAt"), user.text("fullName"),
                            ]
                        }
                    )
                }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a user, with sessions and tokens.")

        @Argument(help: "The user.") var name: String
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                var user = try await api.get("users", self.name)
                let sessions = try await api.list("sessions", query: [("user", self.name)])
                let tokens = try await api.list("tokens", query: [("user", self.name)])
                user.merge(["sessions": .array(sessions), "tokens": .array(tokens)])
                api.show(user) {
                    printLines(UserLines.of(user))
                    if !sessions.isEmpty {
                        print("\nSessions")
                        printTable(
                            ["ID", "SINCE", "LAST USED", "ENDS", "FROM", "PROGRAM"],
                            sessions.map { session in
                                [
                                    session.text("id"), session.text("createdAt"), session.text("lastUsedAt"),
                                    session.text("expiresAt"), session.text("address"),
                                    shortened(session.text("userAgent"), upTo: 60),
                                ]
                            }
                        )
                    }
                    guard !tokens.isEmpty else { return }
                    print("\nTokens")
                    printTokens(tokens)
                }
            }
        }
    }

    struct Unlock: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let users sign in again who were locked after wrong passwords.")

        @Argument(help: "The users.") var names: [String]
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                try await api.each(
                    of: self.names,
                    { name in
                        try await api.post("users", name, "unlock")
                    },
                    write: { name, _ in printLine("The user \(name) can sign in again.") }
                )
            }
        }
    }
}

/// A user as people read it.
private enum UserLines {
    /// Whether somebody can sign in, in a word.
    static func state(_ user: JSONValue) -> String {
        if user["disabled"]?.bool == true { return "disabled" }
        if user["locks"]?.array?.isEmpty == false { return "locked" }
        return user["mustChangePassword"]?.bool == true ? "initial password" : "active"
    }

    static func of(_ user: JSONValue) -> [(String, String)] {
        var lines = [
            ("User", user.text("name")), ("Full name", user.text("fullName")), ("Role", user.text("role")),
            ("State", Self.state(user)), ("Password since", user.text("passwordChangedAt")),
            (
                "Codes",
                user["totp"]?.bool == true
                    ? "needed, \(user.text("recoveryCodesLeft")) recovery codes left" : "not needed"
            ),
            ("Last sign-in", user.text("lastSignInAt", otherwise: "never")),
            ("Made", "\(user.text("createdAt")) by \(user.text("createdBy"))"),
        ]
        for lock in user["locks"]?.array ?? [] {
            let place = lock["address"]?.text.map { "from \($0)" } ?? "from everywhere"
            lines.append(("Locked", "\(place) until \(lock.text("until")): ucm user unlock \(user.text("name"))"))
        }
        return lines
    }
}
