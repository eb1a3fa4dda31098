import ArgumentParser
import Foundation
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
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                let settings = try await administration.publication()
                printLines(
                    [
                        ("url", settings.baseURL ?? "off"), ("crl-hours", "\(settings.revocationListHours)"),
                        ("ocsp-hours", "\(settings.statusHours)"),
                    ]
                )
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
        @OptionGroup var installation: InstallationOptions

        func validate() throws {
            guard self.url != nil || self.crlHours != nil || self.ocspHours != nil else {
                throw ValidationError("say what is to be changed: --url, --crl-hours or --ocsp-hours")
            }
        }

        func run() async throws {
            try await self.installation.administer { administration in
                let warning = try await administration.changePublication(by: commandUser, at: Date()) { settings in
                    if let url { settings.baseURL = url == "off" ? nil : url }
                    set(&settings.revocationListHours, self.crlHours)
                    set(&settings.statusHours, self.ocspHours)
                }
                print("The settings are changed.")
                warn(warning)
            }
        }
    }
}
