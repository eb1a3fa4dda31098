import AdministrationAPI
import ArgumentParser
import Foundation
import Registry
import Server

/// `ucm certificate`.
struct CertificateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificate",
        abstract: "Find, issue, renew and revoke certificates.",
        subcommands: [
            List.self, Show.self, Export.self, Issue.self, Renew.self, Revoke.self, Hold.self, Release.self,
        ]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List certificates, the newest first.",
            usage: "ucm certificate list --search router --state valid --ending-in 30d"
        )

        @OptionGroup var filter: CertificateSelection
        @Option(
            help: ArgumentHelp("In which state: valid, expired, revoked or held; can be repeated.", valueName: "state"))
        var state: [CertificateState] = []
        @Flag(help: "Only how many there are.") var count = false
        @OptionGroup var limit: ListLimit
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            let states = self.state.isEmpty ? nil : self.state.map(\.rawValue).joined(separator: ",")
            let query = self.filter.query(at: Date()) + [("state", states)]
            try await self.options.administer { api in
                if self.count {
                    let answer = try await api.get("certificates", "count", query: query)
                    return api.show(answer) { print(answer.text("count")) }
                }
                let found = try await api.list("certificates", query: query, limit: self.limit.limit)
                api.show(found) {
                    guard !found.isEmpty else { return print("There are no such certificates.") }
                    printTable(
                        ["SERIAL NUMBER", "STATE", "ENDS", "CA", "FROM", "TEMPLATE", "SUBJECT"],
                        found.map { certificate in
                            [
                                certificate.text("serialNumber"), certificate.certificateState,
                                certificate.text("notAfter"), certificate.text("ca"),
                                certificate.text("profile", otherwise: certificate.text("origin")),
                                certificate.text("template"), certificate.text("subject", otherwise: ""),
                            ]
                        }
                    )
                    self.limit.mention(found.count)
                }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a certificate, and what was decided on it.")

        @OptionGroup var certificate: OneCertificate
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let detail = try await self.certificate.detail(api)
                api.show(detail) { printLines(detail.certificateLines) }
            }
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Write a certificate.")

        @OptionGroup var certificate: OneCertificate
        @OptionGroup var form: CertificateForm
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let file = try await api.file(
                    "certificates", self.certificate.serial, "download",
                    query: [("ca", self.certificate.ca), ("form", self.form.name)])
                try await api.handOver(file, to: self.form.out) { try await self.certificate.detail(api) }
            }
        }
    }
}

/// One certificate.
struct OneCertificate: ParsableArguments {
    @Argument(help: "Its serial number in hexadecimal, as ucm certificate list or OpenSSL write it.") var serial: String
    @Option(help: ArgumentHelp("Its CA, where two have issued the same serial number.", valueName: "name"))
    var ca: String?

    /// All that is known of it.
    func detail(_ api: AdministrationClient) async throws -> JSONValue {
        try await api.get("certificates", self.serial, query: [("ca", self.ca)])
    }
}
