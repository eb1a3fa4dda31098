import ArgumentParser
import CertificateAuthority
import Foundation
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
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                printTable(
                    ["NAME", "DAYS", "BUILT IN", "PURPOSES", "PROFILES"],
                    try await administration.templateDescriptions().map { description in
                        let purposes = description.template.extendedKeyUsage.map { Purpose($0).description }
                        return [
                            description.template.name, "\(description.template.validityDays)",
                            description.isBuiltIn ? "yes" : "no",
                            purposes.isEmpty ? "-" : purposes.joined(separator: ","),
                            description.profiles.isEmpty ? "-" : description.profiles.joined(separator: ","),
                        ]
                    }
                )
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a template.")

        @Argument(help: "The template.") var name: String
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                printLines(try await administration.template(self.name).template.lines)
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
        @OptionGroup var options: TemplateOptions
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                try await administration.createTemplate(
                    self.name,
                    from: self.from,
                    by: commandUser,
                    at: Date(),
                    self.options.apply(to:)
                )
                print("The template \(self.name) is made.")
            }
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change a template, for what is issued from now on; what is not given stays.")

        @Argument(help: "The template.") var name: String
        @OptionGroup var options: TemplateOptions
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                try await administration.changeTemplate(
                    self.name,
                    by: commandUser,
                    at: Date(),
                    self.options.apply(to:)
                )
                print("The template \(self.name) is changed.")
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete a template that nothing uses any more.")

        @Argument(help: "The template.") var name: String
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                try await administration.deleteTemplate(self.name, by: commandUser, at: Date())
                print("The template \(self.name) is deleted.")
            }
        }
    }
}

extension CertificateTemplate {
    /// The settings by the names of the options that change them.
    fileprivate var lines: [(String, String)] {
        func list(_ values: [some CustomStringConvertible], otherwise: String = "none") -> String {
            values.isEmpty ? otherwise : values.map(\.description).joined(separator: "  ")
        }
        return [
            ("template", self.name), ("validity-days", "\(self.validityDays)"),
            ("backdating", "\(self.backdatingSeconds)s"),
            (
                "key-usage",
                self.keyUsage.sorted { $0.rawValue < $1.rawValue }.map(\.name).joined(separator: ",")
            ),
            ("purpose", list(self.extendedKeyUsage.map(Purpose.init))), ("subject", self.subject.description),
            (
                "san",
                self.alternativeNames.allowed.map { list($0) } ?? "any"
            ),
            ("other-sans", self.alternativeNames.others.rawValue), ("key", list(self.keys, otherwise: "any")),
            ("pass-extension", list(self.passedExtensions)),
            ("authority-requests", self.authorityRequests.rawValue),
            ("critical-extensions", self.criticalExtensions.rawValue), ("crl-url", list(self.crlURLs)),
            ("issuer-url", list(self.issuerURLs)), ("ocsp-url", list(self.ocspURLs)),
            ("policy", list(self.policies.map(\.text))),
        ]
    }
}
