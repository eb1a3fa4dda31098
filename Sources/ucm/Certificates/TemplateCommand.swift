import AdministrationAPI
import ArgumentParser
import Server

/// `ucm template`.
struct TemplateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "template",
        abstract: "Show and change what certificates look like.",
        discussion: """
            A template says all that a certificate has; a request gets nothing more. The built-in ones stay as they are: \
            make a copy to change it. Profiles, challenges and ucm certificate issue name a template.
            """,
        subcommands: [List.self, Show.self, Create.self, Set.self, Delete.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the templates.")
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let templates = try await api.list("templates")
                api.show(templates) {
                    let isBuiltIn = { (template: JSONValue) in template["builtIn"]?.bool == true }
                    printTable(
                        ["NAME", "DAYS", "BUILT IN", "PURPOSES", "PROFILES"],
                        (templates.filter(isBuiltIn) + templates.filter { !isBuiltIn($0) }).map { template in
                            [
                                template.text("name"), template.text("validityDays"), template.text("builtIn"),
                                template.joined("extendedKeyUsage", separator: ","),
                                template.joined("profiles", separator: ","),
                            ]
                        }
                    )
                }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a template.")

        @Argument(help: "The template.") var name: String
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let template = try await api.get("templates", self.name)
                api.show(template) { printLines(TemplateLines.of(template)) }
            }
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a template, as a copy of another one.",
            usage:
                "ucm template create 'VPN gateways' --from 'Network Equipment' --validity-days 397 --san 'DNS:*.example.com'"
        )

        @Argument(help: "What it is called.") var name: String
        @Option(help: ArgumentHelp("The template that is copied.", valueName: "name")) var from = "Default"
        @OptionGroup var settings: TemplateOptions
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            var body = self.settings.body
            body["name"] = .string(self.name)
            body["from"] = .string(self.from)
            try await self.options.administer { [body] api in
                let made = try await api.post("templates", body: body)
                api.show(made) { print("The template \(self.name) is made.") }
            }
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change a template, for what is issued from now on; what is not given stays.")

        @Argument(help: "The template.") var name: String
        @OptionGroup var settings: TemplateOptions
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let changed = try await api.patch("templates", self.name, body: self.settings.body)
                api.show(changed) { print("The template \(self.name) is changed.") }
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete a template that nothing uses any more.")

        @Argument(help: "The template.") var name: String
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                try await api.delete("templates", self.name)
                api.show(JSONValue.null) { print("The template \(self.name) is deleted.") }
            }
        }
    }
}

/// A template's settings by the names of the options that change them.
private enum TemplateLines {
    static func of(_ template: JSONValue) -> [(String, String)] {
        let sans = template["sans"] ?? .null
        let isAnyAllowed = sans["allowed"]?.array == nil
        func list(_ name: String, otherwise: String = "none") -> String {
            template.joined(name, separator: "  ", otherwise: otherwise)
        }
        return [
            ("template", template.text("name")), ("validity-days", template.text("validityDays")),
            ("backdating", template.text("backdatingSeconds") + "s"),
            ("key-usage", template.joined("keyUsage", separator: ",", otherwise: "")),
            ("purpose", list("extendedKeyUsage")), ("subject", template.text("subject")),
            ("san", sans.joined("allowed", separator: "  ", otherwise: isAnyAllowed ? "any" : "none")),
            ("other-sans", sans.text("others")), ("key", list("keys", otherwise: "any")),
            ("pass-extension", list("passedExtensions")), ("authority-requests", template.text("authorityRequests")),
            ("critical-extensions", template.text("criticalExtensions")), ("crl-url", list("crlURLs")),
            ("issuer-url", list("issuerURLs")), ("ocsp-url", list("ocspURLs")), ("policy", list("policies")),
        ]
    }
}
