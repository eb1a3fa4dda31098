import ArgumentParser
import CertificateAuthority
import Foundation
import SCEPClient
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

        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                let authorities = try await administration.authorityDescriptions()
                printTable(
                    ["NAME", "ADDRESS", "STATE", "BELOW", "KEY", "ENDS", "RA ENDS", "PROFILES", "NEXT", "SHA-256"],
                    authorities.map { authority in
                        [
                            authority.name, authority.slug, authority.state, authority.issuer ?? "-",
                            authority.key?.rawValue ?? "-", authority.notAfter.formatted(.iso8601),
                            authority.registrationNotAfter?.formatted(.iso8601) ?? "-",
                            authority.profiles.isEmpty ? "-" : authority.profiles.joined(separator: ","),
                            authority.next.map { "\($0.name) from \($0.switchAt.formatted(.iso8601))" } ?? "-",
                            authority.fingerprint,
                        ]
                    }
                )
                for request in try await administration.authorityRequests() {
                    Terminal.complain(
                        "The certificate of the CA \(request.name), requested on \(request.createdAt.formatted(.iso8601)), has not "
                            + "come yet: ucm ca install."
                    )
                }
                for warning in authorities.flatMap(\.warnings) { warn(warning) }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a CA.")

        @Argument(help: "The CA, by its name or address. (default: the default one)") var name: String?
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                let authority = try await administration.authorityDescription(self.name)
                printLines(authority.lines)
                for warning in authority.warnings { warn(warning) }
            }
        }
    }

    struct Default: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a CA the one that is meant where none is named.",
            discussion: "It then also issues the server's own TLS certificate, at its next renewal."
        )

        @Argument(help: "The CA.") var name: String
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                try await administration.setDefaultAuthority(self.name, by: commandUser, at: Date())
                print("The CA \(self.name) is the default one.")
            }
        }
    }

    struct Retire: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a CA issue nothing more.",
            discussion: "Its certificates stay valid, and its CRL and OCSP go on saying which of them are revoked."
        )

        @Argument(help: "The CA.") var name: String
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                try await administration.retireAuthority(self.name, by: commandUser, at: Date())
                print("The CA \(self.name) issues nothing more.")
            }
        }
    }

    struct Reinstate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let a retired CA issue again.")

        @Argument(help: "The CA.") var name: String
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                try await administration.reinstateAuthority(self.name, by: commandUser, at: Date())
                print("The CA \(self.name) issues again.")
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
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                try self.form.write(chain: try await administration.authorityDescription(self.name).chain)
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
        @Option(help: ArgumentHelp("Where it goes; - is standard output.", valueName: "file")) var out = "-"
        @Flag(help: "As DER instead of PEM.") var der = false
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                let list = try await administration.revocationList(of: self.name)
                try self.der ? Files.write(list, to: self.out) : Files.write(PEM("X509 CRL", list).text, to: self.out)
            }
        }
    }
}

extension AuthorityDescription {
    /// What it does, in a word or two.
    fileprivate var state: String {
        if self.retiredAt != nil { return "retired" }
        if self.notAfter <= Date() { return "ended" }
        return self.isDefault ? "default" : "active"
    }

    fileprivate var lines: [(String, String)] {
        var lines = [
            ("Name", self.name), ("Address", self.slug), ("State", self.state), ("Subject", self.subject),
            ("Issued by", self.issuer ?? "itself"), ("Key", self.key?.rawValue ?? "-"),
            ("Serial number", self.serialNumber), ("Not before", self.notBefore.formatted(.iso8601)),
            ("Not after", self.notAfter.formatted(.iso8601)), ("SHA-256", self.fingerprint),
            ("RA until", self.registrationNotAfter?.formatted(.iso8601) ?? "-"),
            ("OCSP signer until", self.statusSignerNotAfter?.formatted(.iso8601) ?? "-"),
        ]
        if let retiredAt { lines.append(("Retired", retiredAt.formatted(.iso8601))) }
        if let list = self.revocationList {
            lines += [
                (
                    "CRL",
                    "\(list.number) of \(list.thisUpdate.formatted(.iso8601))\(list.isLatest ? "" : ", out of date")"
                ),
                ("CRL until", list.nextUpdate.formatted(.iso8601)),
            ]
        } else {
            lines.append(("CRL", "none yet: a running server makes it"))
        }
        lines.append(("Profiles", self.profiles.isEmpty ? "-" : self.profiles.joined(separator: ", ")))
        if let next { lines.append(("Next", "\(next.name) from \(next.switchAt.formatted(.iso8601))")) }
        return lines
    }
}
