import AdministrationAPI
import ArgumentParser
import Server

/// `ucm crl`.
struct RevocationListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crl",
        abstract: "Show and write the CAs' CRLs.",
        discussion: "The server makes them, within a second of a revocation and long before the last one ends.",
        subcommands: [List.self, Show.self, Export.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the CRLs, one for each CA.")
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let lists = try await api.list("crls")
                api.show(lists) {
                    printTable(
                        ["CA", "NUMBER", "MADE", "NEXT UPDATE", "LATEST", "PATH"],
                        lists.map { list in
                            [
                                list.text("ca"), list.text("number"), list.text("thisUpdate"), list.text("nextUpdate"),
                                list.text("latest"), list.text("path"),
                            ]
                        }
                    )
                }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show what there is of a CA's CRL.")

        @Argument(help: "The CA, by its name or address.") var name: String
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let list = try await api.get("crls", self.name)
                api.show(list) {
                    let isLatest = list["latest"]?.bool == true
                    printLines([
                        ("CA", list.text("ca")), ("Number", list.text("number", otherwise: "none yet")),
                        ("Made", list.text("thisUpdate")), ("Next update", list.text("nextUpdate")),
                        ("Latest", isLatest ? "yes" : "no: what was revoked since is on the next one"),
                        ("Path", list.text("path")),
                    ])
                }
            }
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Write a CA's latest CRL.")

        enum Format: String, CaseIterable, ExpressibleByArgument {
            case pem
            case der
        }

        @Argument(help: "The CA, by its name or address.") var name: String
        @Option(help: ArgumentHelp("pem (text) or der.", valueName: "form")) var format = Format.pem
        @Option(help: ArgumentHelp("Where it goes; - is standard output.", valueName: "file"), completion: .file())
        var out = "-"
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let list = try await api.file(
                    "crls", self.name, "download", query: [("form", self.format.rawValue)])
                try Files.write(list, to: self.out)
            }
        }
    }
}
