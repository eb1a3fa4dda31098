import ArgumentParser
import Foundation
import Server

/// `ucm role`.
struct RoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role",
        abstract: "Show and change what users may do.",
        discussion: "The built-in roles stay as they are; others are made of permissions, which ucm role show lists.",
        subcommands: [List.self, Show.self, Create.self, Set.self, Delete.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the roles.")
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                printTable(
                    ["NAME", "BUILT IN", "PERMISSIONS", "USERS", "WHAT FOR"],
                    try await administration.roles(by: commandPrincipal, at: Date()).map { description in
                        [
                            description.role.name, description.isBuiltIn ? "yes" : "no",
                            "\(description.role.permissions.count)", "\(description.users.count)",
                            description.role.summary.isEmpty ? "-" : description.role.summary,
                        ]
                    }
                )
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a role: what it permits, and who has it.")

        @Argument(help: "The role.") var name: String
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                let description = try await administration.role(self.name, by: commandPrincipal, at: Date())
                printLines(
                    [
                        ("Role", description.role.name), ("What for", description.role.summary),
                        ("Users", description.users.isEmpty ? "none" : description.users.joined(separator: ", ")),
                    ]
                )
                print("")
                printTable(
                    ["PERMISSION", "HAS IT", "WHAT FOR"],
                    Permission.allCases.map { permission in
                        let has = description.role.permissions.contains(permission)
                        return [permission.rawValue, has ? "yes" : "no", permission.summary]
                    }
                )
            }
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a role.",
            usage: "ucm role create help-desk --from viewer --permission challenges:write"
        )

        @Argument(help: "The name: small letters, digits and hyphens.") var name: String
        @Option(help: ArgumentHelp("What it is for.", valueName: "text")) var description = ""
        @Option(help: ArgumentHelp("A role whose permissions it has too.", valueName: "role")) var from: String?
        @Option(help: ArgumentHelp("What it permits. Can be repeated.", valueName: "permission"))
        var permission: [Permission] = []
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            let now = Date()
            try await self.installation.administer { administration in
                var permissions = Swift.Set(self.permission)
                if let from {
                    permissions.formUnion(
                        try await administration.role(from, by: commandPrincipal, at: now).role.permissions)
                }
                let role = Role(name: self.name, summary: self.description, permissions: permissions)
                try await administration.createRole(role, by: commandPrincipal, at: now)
                printLine("The role \(self.name) is made.")
            }
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change a role for all who have it; what is not given stays.",
            usage: "ucm role set help-desk --permission challenges:read --permission challenges:write"
        )

        @Argument(help: "The role.") var name: String
        @Option(help: ArgumentHelp("What it is for.", valueName: "text")) var description: String?
        @Option(help: ArgumentHelp("What it permits, instead of all before. Can be repeated.", valueName: "permission"))
        var permission: [Permission] = []
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                let change = RoleChange(
                    summary: self.description,
                    permissions: self.permission.isEmpty ? nil : Swift.Set(self.permission)
                )
                try await administration.changeRole(self.name, change, by: commandPrincipal, at: Date())
                printLine("The role \(self.name) is changed.")
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete roles that nobody has.")

        @Argument(help: "The roles.") var names: [String]
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                try await eachOf(self.names) { name in
                    try await administration.deleteRole(name, by: commandPrincipal, at: Date())
                    printLine("The role \(name) is deleted.")
                }
            }
        }
    }
}
