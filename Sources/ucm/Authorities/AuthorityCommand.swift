import AdministrationAPI
import ArgumentParser
import Server

/// `ucm ca`.
struct AuthorityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ca",
        abstract: "Make, import, show and retire CAs, and pass from one to the next.",
        discussion: """
            A running server takes changes over within a second or so. Its CRLs are at /crl/<address>.crl, its CAs' \
            certificates at /ca/<address>.cer, .pem and .p7c; ucm ca list shows the addresses.
            """,
        subcommands: [
            List.self, Show.self, Create.self, Import.self, Request.self, Install.self, Cancel.self, Sign.self,
            Export.self, RevocationList.self, Default.self, Retire.self, Reinstate.self, Rollover.self, Switch.self,
        ]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the CAs, the oldest first.")

        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let authorities = try await api.list("cas").inOrder
                let requests = try await api.list("ca-requests")
                api.show(authorities) {
                    printTable(
                        ["NAME", "ADDRESS", "STATE", "BELOW", "KEY", "ENDS", "RA ENDS", "PROFILES", "NEXT", "SHA-256"],
                        authorities.map(\.authorityRow))
                    for request in requests {
                        Terminal.complain(
                            "The certificate of the CA \(request.text("name")), requested on "
                                + "\(request.text("createdAt")), has not come yet: ucm ca install."
                        )
                    }
                    for warning in authorities.flatMap({ $0.texts("warnings") }) { warn(warning) }
                }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a CA.")

        @Argument(help: "The CA, by its name or address. (default: the default one)") var name: String?
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let authority = try await api.get("cas", try await AuthorityChoice.standard(self.name, api))
                api.show(authority) {
                    printLines(authority.authorityLines)
                    for warning in authority.texts("warnings") { warn(warning) }
                }
            }
        }
    }

    struct Default: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a CA the one that is meant where none is named.",
            discussion: "It then also issues the server's own TLS certificate, at its next renewal."
        )

        @Argument(help: "The CA.") var name: String
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let changed = try await api.post("cas", self.name, "default")
                api.show(changed) { print("The CA \(self.name) is the default one.") }
            }
        }
    }

    struct Retire: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a CA issue nothing more.",
            discussion: "Its certificates stay valid, and its CRL and OCSP go on saying which of them are revoked."
        )

        @Argument(help: "The CA.") var name: String
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let changed = try await api.post("cas", self.name, "retire")
                api.show(changed) { print("The CA \(self.name) issues nothing more.") }
            }
        }
    }

    struct Reinstate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let a retired CA issue again.")

        @Argument(help: "The CA.") var name: String
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let changed = try await api.post("cas", self.name, "reinstate")
                api.show(changed) { print("The CA \(self.name) issues again.") }
            }
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a CA's certificate.",
            discussion: "Private keys are never written: a backup is a copy of the database and of the master key."
        )

        @Argument(help: "The CA, by its name or address. (default: the default one)") var name: String?
        @OptionGroup var form: CertificateForm
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let name = try await AuthorityChoice.standard(self.name, api)
                let file = try await api.file("cas", name, "certificate", query: [("form", self.form.name)])
                try await api.handOver(file, to: self.form.out) { try await api.get("cas", name) }
            }
        }
    }

    struct RevocationList: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "crl",
            abstract: "Write a CA's latest CRL.",
            discussion: "The server makes it, within a second of a revocation and long before the last one ends."
        )

        @Argument(help: "The CA, by its name or address. (default: the default one)") var name: String?
        @Option(help: ArgumentHelp("Where it goes; - is standard output.", valueName: "file"), completion: .file())
        var out = "-"
        @Flag(help: "As DER instead of PEM.") var der = false
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let name = try await AuthorityChoice.standard(self.name, api)
                let list = try await api.file("crls", name, "download", query: [("form", self.der ? "der" : "pem")])
                try await api.handOver(list, to: self.out) { try await api.get("crls", name) }
            }
        }
    }
}
