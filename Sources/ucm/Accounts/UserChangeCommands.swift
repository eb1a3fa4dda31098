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
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                let made = try await administration.createAccount(
                    AccountOrder(
                        name: self.name,
                        fullName: self.fullName,
                        role: self.role,
                        password: try self.password.read()
                    ),
                    by: commandPrincipal,
                    at: Date()
                )
                printLine("The user \(made.account.name) is made, with the role \(made.account.role).")
                made.show()
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
        @OptionGroup var installation: InstallationOptions

        func validate() throws {
            if self.disable, self.enable { throw ValidationError("--disable and --enable exclude each other") }
        }

        func run() async throws {
            let isDisabled = self.disable || self.enable ? self.disable : nil
            try await self.installation.administer { administration in
                let user = try await administration.changeAccount(
                    self.name,
                    AccountChange(fullName: self.fullName, role: self.role, isDisabled: isDisabled),
                    by: commandPrincipal,
                    at: Date()
                )
                printLine(
                    "The user \(user.name) has the role \(user.role)\(user.isDisabled ? " and is disabled" : "").")
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete users with their tokens; what they did stays recorded.")

        @Argument(help: "The users.") var names: [String]
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                try await eachOf(self.names) { name in
                    try await administration.deleteAccount(name, by: commandPrincipal, at: Date())
                    printLine("The user \(name) is deleted.")
                }
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
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                let reset = try await administration.resetPassword(
                    of: self.name, to: try self.password.read(), by: commandPrincipal, at: Date())
                printLine("The user \(reset.account.name) has another password.")
                reset.show()
                if reset.account.isDisabled {
                    warn("the user is disabled: ucm user set \(reset.account.name) --enable")
                }
            }
        }
    }

    struct DisableTOTP: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "disable-totp",
            abstract: "Let a user sign in without a code who has lost the authenticator and the recovery codes.")

        @Argument(help: "The user.") var name: String
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                try await administration.disableTOTP(of: self.name, by: commandPrincipal, at: Date())
                printLine("The user \(self.name) can sign in without a code.")
            }
        }
    }
}

/// Where a password comes from.
struct PasswordOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A file with the password; - for standard input. (default: generated)", valueName: "file"))
    var passwordFile: String?

    func read() throws -> String? { try self.passwordFile.map(Files.secret) }
}

extension AccountWithPassword {
    /// Shows the password, where it was generated.
    fileprivate func show() {
        if let password { print("It is shown only now: \(password)") }
    }
}
