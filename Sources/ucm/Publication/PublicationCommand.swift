import AdministrationAPI
import ArgumentParser
import Server

/// `ucm publication`.
struct PublicationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publication",
        abstract: "Show and change where devices find CRLs, CA certificates and OCSP.",
        subcommands: [Show.self, Set.self]
    )

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show the settings.")
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let settings = try await api.get("settings", "publication")
                api.show(settings) {
                    printLines(
                        [
                            ("url", settings.text("url", otherwise: "off")), ("crl-hours", settings.text("crlHours")),
                            ("ocsp-hours", settings.text("ocspHours")),
                        ]
                    )
                }
            }
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change the settings, for what is issued from now on; what is not given stays.")

        @Option(
            help: ArgumentHelp(
                "How the addresses begin that certificates name: http://ca.example.com:8080, or off for none. It leads to a "
                    + "plain listener (ucm serve --http), for what is signed needs no TLS.",
                valueName: "url"
            )
        )
        var url: String?
        @Option(help: ArgumentHelp("How long a CRL is valid; there is a new one at half of it.", valueName: "hours"))
        var crlHours: Int?
        @Option(help: ArgumentHelp("How long an OCSP response is valid.", valueName: "hours")) var ocspHours: Int?
        @OptionGroup var options: AdministrationOptions

        func validate() throws {
            guard self.url != nil || self.crlHours != nil || self.ocspHours != nil else {
                throw ValidationError("say what is to be changed: --url, --crl-hours or --ocsp-hours")
            }
        }

        func run() async throws {
            var body = JSONObject()
            body["url"] = self.url.map { $0 == "off" ? .null : .string($0) }
            body["crlHours"] = .number(self.crlHours)
            body["ocspHours"] = .number(self.ocspHours)
            try await self.options.administer { [body] api in
                let settings = try await api.patch("settings", "publication", body: body)
                api.show(settings) {
                    print("The settings are changed.")
                    warn(settings["warning"]?.text)
                }
            }
        }
    }
}
