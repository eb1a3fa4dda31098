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
        @OptionGroup var way: PublicationWay

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
            try await self.way.options.administer { [body] api in
                let settings = try await api.patch("settings", "publication", body: body)
                api.show(settings) {
                    print("The settings are changed.")
                    warn(settings["warning"]?.text)
                }
            }
        }
    }
}

/// Where the change of the settings goes: as for every command, but `--url` is one of the settings here, so that a server is
/// named by the variable UCM_URL or ucm login.
struct PublicationWay: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A file with the API token for the server of the variable UCM_URL; or the variable UCM_TOKEN with the token "
                + "itself. (default: the one of ucm login)",
            valueName: "file"))
    var tokenFile: String?

    @Option(help: ArgumentHelp("Also trust these CAs for the server's TLS certificate, as PEM.", valueName: "file"))
    var tlsCa: String?

    @Option(help: ArgumentHelp("How the answer is written.", valueName: "form"))
    var output = OutputForm.table

    @OptionGroup var installation: InstallationOptions

    /// The same without a server's address.
    var options: AdministrationOptions {
        var options = AdministrationOptions()
        options.url = nil
        options.tokenFile = self.tokenFile
        options.tlsCa = self.tlsCa
        options.output = self.output
        options.installation = self.installation
        return options
    }
}
