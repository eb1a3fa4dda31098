import AdministrationAPI
import ArgumentParser
import Foundation
import Server

/// What `ucm user` changes.
extension UserCommand {
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a user, whose password has to be changed at the first sign-in.",
            usage: "ucm user create alice --role operator --full-name 'Alice Example'"
        )

        @Argument(help: "The name: letters, digits and . - _ @ +") var name: String
        @Option(help: ArgumentHelp("What the user may do: ucm role list.", valueName: "role")) var role: String
        @Option(help: ArgumentHelp("What the person is called.", valueName: "text")) var fullName = ""
        @OptionGroup var password: PasswordOptions
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            var body = JSONObject([
                ("name", .string(self.name)), ("role", .string(self.role)), ("fullName", .string(self.fullName)),
            ])
            body["password"] = try self.password.read().map(JSONValue.string)
            try await self.options.administer { [body] api in
                let made = try await api.post("users", body: body)
                api.show(made) {
                    printLine("The user \(made.text("name")) is made, with the role \(made.text("role")).")
                    showPassword(made)
                }
            }
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change a user; what is not given stays.",
            usage: "ucm user set alice --role administrator"
        )

        @Argument(help: "The user.") var name: String
        @Option(help: ArgumentHelp("What the user may do: ucm role list.", valueName: "role")) var role: String?
        @Option(help: ArgumentHelp("What the person is called.", valueName: "text")) var fullName: String?
        @Flag(help: "Nobody can sign in as this user any more, and tokens are worthless.") var disable = false
        @Flag(help: "The user can sign in again.") var enable = false
        @OptionGroup var options: AdministrationOptions

        func validate() throws {
            if self.disable, self.enable { throw ValidationError("--disable and --enable exclude each other") }
        }

        func run() async throws {
            var body = JSONObject()
            body["role"] = self.role.map(JSONValue.string)
            body["fullName"] = self.fullName.map(JSONValue.string)
            if self.disable || self.enable { body["disabled"] = .bool(self.disable) }
            try await self.options.administer { [body] api in
                let user = try await api.patch("users", self.name, body: body)
                api.show(user) {
                    let end = user["disabled"]?.bool == true ? " and is disabled" : ""
                    printLine("The user \(user.text("name")) has the role \(user.text("role"))\(end).")
                }
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete users with their tokens; what they did stays recorded.")

        @Argument(help: "The users.") var names: [String]
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                try await api.each(
                    of: self.names,
                    { name in
                        try await api.delete("users", name)
                        return ["deleted": .string(name)]
                    },
                    write: { name, _ in printLine("The user \(name) is deleted.") }
                )
            }
        }
    }

    struct ResetPassword: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reset-password",
            abstract: "Give a user another password, which has to be changed at the next sign-in.",
            discussion:
                "Locks and sessions of the user end. A code that is needed beside it still is: ucm user disable-totp."
        )

        @Argument(help: "The user.") var name: String
        @OptionGroup var password: PasswordOptions
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            var body = JSONObject()
            body["password"] = try self.password.read().map(JSONValue.string)
            try await self.options.administer { [body] api in
                let reset = try await api.post("users", self.name, "reset-password", body: body)
                api.show(reset) {
                    printLine("The user \(reset.text("name")) has another password.")
                    showPassword(reset)
                    if reset["disabled"]?.bool == true {
                        warn("the user is disabled: ucm user set \(reset.text("name")) --enable")
                    }
                }
            }
        }
    }

    struct DisableTOTP: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "disable-totp",
            abstract: "Let a user sign in without a code who has lost the authenticator and the recovery codes.")

        @Argument(help: "The user.") var name: String
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let user = try await api.post("users", self.name, "disable-totp")
                api.show(user) { printLine("The user \(self.name) can sign in without a code.") }
            }
        }
    }
}

/// Where a password comes from.
struct PasswordOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A file with the password; - for standard input. (default: generated)", valueName: "file"),
        completion: .file())
    var passwordFile: String?

    func read() throws -> String? { try self.passwordFile.map(Files.secret) }
}

/// Shows the password of a user, where it was generated.
private func showPassword(_ user: JSONValue) {
    if let password = user["password"]?.text { print("It is shown only now: \(password)") }
}
