import AdministrationAPI
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
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let roles = try await api.list("roles")
                api.show(roles) {
                    printTable(
                        ["NAME", "BUILT IN", "PERMISSIONS", "USERS", "WHAT FOR"],
                        roles.map { role in
                            [
                                role.text("name"), role.text("builtIn"), "\(role.texts("permissions").count)",
                                "\(role.texts("users").count)", role.text("description"),
                            ]
                        }
                    )
                }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a role: what it permits, and who has it.")

        @Argument(help: "The role.") var name: String
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let role = try await api.get("roles", self.name)
                let permissions = try await api.list("permissions")
                api.show(role) {
                    printLines([
                        ("Role", role.text("name")), ("What for", role.text("description")),
                        ("Users", role.joined("users", otherwise: "none")),
                    ])
                    print("")
                    let held = role.texts("permissions")
                    printTable(
                        ["PERMISSION", "HAS IT", "WHAT FOR"],
                        permissions.map { permission in
                            let name = permission.text("name")
                            return [name, held.contains(name) ? "yes" : "no", permission.text("description")]
                        }
                    )
                }
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
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                var permissions = self.permission.map(\.rawValue)
                if let from {
                    for name in try await api.get("roles", from).texts("permissions") where !permissions.contains(name)
                    {
                        permissions.append(name)
                    }
                }
                let role = try await api.post(
                    "roles",
                    body: JSONObject([
                        ("name", .string(self.name)), ("description", .string(self.description)),
                        ("permissions", .texts(permissions)),
                    ]))
                api.show(role) { printLine("The role \(self.name) is made.") }
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
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            var body = JSONObject()
            body["description"] = self.description.map(JSONValue.string)
            if !self.permission.isEmpty { body["permissions"] = .texts(self.permission.map(\.rawValue)) }
            try await self.options.administer { [body] api in
                let role = try await api.patch("roles", self.name, body: body)
                api.show(role) { printLine("The role \(self.name) is changed.") }
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete roles that nobody has.")

        @Argument(help: "The roles.") var names: [String]
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                try await api.each(
                    of: self.names,
                    { name in
                        try await api.delete("roles", name)
                        return ["deleted": .string(name)]
                    },
                    write: { name, _ in printLine("The role \(name) is deleted.") }
                )
            }
        }
    }
}
