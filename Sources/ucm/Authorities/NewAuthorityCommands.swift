import ArgumentParser
import CertificateAuthority
import Foundation
import SCEPClient
import Server

extension AuthorityCommand {
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a CA: a root, or one below another CA.",
            usage: """
                ucm ca create 'Example Root' --key p384 --subject 'CN=Example Root, O=Example'
                ucm ca create 'Example Devices' --parent 'Example Root' --permit DNS:example.com
                """
        )

        @Argument(help: "What it is called, and its common name where no subject is given.") var name: String
        @Option(help: ArgumentHelp("The CA above. (default: none, it is a root)", valueName: "name")) var parent:
            String?
        @Option(help: ArgumentHelp("Its key: rsa2048, rsa3072, rsa4096, p256 or p384.", valueName: "kind"))
        var key = KeyAlgorithm.rsa3072
        @OptionGroup var options: AuthorityOptions
        @Flag(help: "It can answer SCEP requests itself, for profiles with --mode ca.") var answersScep = false
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            var order = self.options.order(named: self.name)
            order.parent = self.parent
            order.key = self.key
            order.answersSCEP = self.answersScep
            try await self.installation.administer { [order] administration in
                try await administration.createAuthority(order, by: commandUser, at: Date())
                let address = try await administration.authorityDescription(self.name).slug
                print("The CA \(self.name) is made; its address is \(address). ucm ca show '\(self.name)' shows it.")
            }
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take over a CA that was made elsewhere, with its key.",
            usage: """
                ucm ca import --file ca.p12 --password-file password
                ucm ca import --file ca.key --file ca.pem --file root.pem
                """,
            discussion: """
                The files hold its private key, its certificate and those above it, in any order, as PEM, DER or PKCS#12. \
                What it issued elsewhere is not known here: revoke and answer OCSP for that where it was issued.
                """
        )

        @Option(help: ArgumentHelp("A file; can be repeated.", valueName: "file")) var file: [String]
        @Option(help: ArgumentHelp("A file with the password of the key.", valueName: "file")) var passwordFile: String?
        @Option(help: ArgumentHelp("What it is called here. (default: its common name)", valueName: "name"))
        var name: String?
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                let name = try await administration.importAuthority(
                    self.name,
                    files: try KeyFiles.read(self.file, passwordFile: self.passwordFile),
                    by: commandUser,
                    at: Date()
                )
                print("The CA \(name) is imported. ucm ca show '\(name)' shows it.")
            }
        }
    }

    struct Request: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key, and a request for a CA whose certificate is issued elsewhere.",
            discussion: "Give the request to the other CA, and its answer to ucm ca install."
        )

        @Argument(help: "What it is called, and its common name where no subject is given.") var name: String
        @Option(help: ArgumentHelp("Its key: rsa2048, rsa3072, rsa4096, p256 or p384.", valueName: "kind"))
        var key = KeyAlgorithm.rsa3072
        @Option(help: ArgumentHelp("Its subject: 'CN=Example Devices, O=Example'.", valueName: "subject"))
        var subject: String?
        @Option(help: ArgumentHelp("Where the request goes; - is standard output.", valueName: "file")) var out = "-"
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            var order = AuthorityOrder(name: self.name)
            order.key = self.key
            order.subject = self.subject
            try await self.installation.administer { [order] administration in
                try Files.checkWritable(self.out)
                let request = try await administration.requestAuthority(order, by: commandUser, at: Date())
                try Files.write(PEM("CERTIFICATE REQUEST", request).text, to: self.out)
                Terminal.complain("When its certificate has come: ucm ca install '\(self.name)' --file FILE")
            }
        }
    }

    struct Install: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take the certificate that another CA has issued for a request of ucm ca request.")

        @Argument(help: "The name of the request.") var name: String
        @Option(
            help: ArgumentHelp(
                "A file with the certificate, or those above it; can be repeated.", valueName: "file"))
        var file: [String]
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                try await administration.installAuthority(
                    self.name,
                    files: try KeyFiles.read(self.file, passwordFile: nil),
                    by: commandUser,
                    at: Date()
                )
                print("The CA \(self.name) is ready. ucm ca show '\(self.name)' shows it.")
            }
        }
    }

    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give up a request of ucm ca request; its key is deleted.")

        @Argument(help: "The name of the request.") var name: String
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            try await self.installation.administer { administration in
                try await administration.cancelAuthorityRequest(self.name, by: commandUser, at: Date())
                print("The request \(self.name) is given up.")
            }
        }
    }

    struct Sign: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sign a CA that is elsewhere.",
            usage: "ucm ca sign --request other.csr --ca 'Example Root' --out other.pem"
        )

        @Option(help: ArgumentHelp("Its PKCS#10 request, PEM or DER; - is standard input.", valueName: "file"))
        var request: String
        @Option(help: ArgumentHelp("The CA that signs. (default: the default one)", valueName: "name")) var ca: String?
        @OptionGroup var options: AuthorityOptions
        @OptionGroup var form: CertificateForm
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            var order = self.options.order(named: "")
            order.parent = self.ca
            try await self.installation.administer { [order] administration in
                try Files.checkWritable(self.form.out)
                let chain = try await administration.signAuthority(
                    try KeyFiles.request(self.request),
                    order,
                    by: commandUser,
                    at: Date()
                )
                try self.form.write(chain: chain)
            }
        }
    }
}

/// What the certificate of a CA says.
struct AuthorityOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Its subject: 'CN=Example Devices, O=Example'. (default: its name, or the request's)", valueName: "subject")
    )
    var subject: String?

    @Option(
        help: ArgumentHelp(
            "For how many days it is valid. (default: 3650, below another CA 1825, or as long as that one lasts)",
            valueName: "days"
        )
    )
    var validityDays: Int?

    @Option(
        help: ArgumentHelp(
            "How many CAs may be below one another underneath it, or off for any number. (default: off for a root, otherwise 0)",
            valueName: "number"
        )
    )
    var pathLength: NumberOrOff?

    @Option(
        help: ArgumentHelp(
            "A name that it may issue for: DNS:example.com and below, email:example.com, URI:.example.com, IP:10.0.0.0/8, "
                + "dir:O=Example. Can be repeated. (default: any)",
            valueName: "name"
        ),
        transform: NameSubtree.init(parsing:)
    )
    var permit: [NameSubtree] = []

    @Option(
        help: ArgumentHelp("A name that it may not issue for; can be repeated.", valueName: "name"),
        transform: NameSubtree.init(parsing:)
    )
    var exclude: [NameSubtree] = []

    @Option(
        help: ArgumentHelp(
            "A purpose that it may issue for: clientAuth, serverAuth, …, or an OID. Can be repeated. (default: any)",
            valueName: "purpose"
        ),
        transform: Purpose.init(parsing:)
    )
    var purpose: [Purpose] = []

    @Option(
        help: ArgumentHelp(
            "A certificate policy: an OID, or OID=URL with its practice statement. Can be repeated. (default: any policy)",
            valueName: "policy"
        ),
        transform: PolicyItem.item
    )
    var policy: [PolicyItem] = []

    func order(named name: String) -> AuthorityOrder {
        var order = AuthorityOrder(name: name)
        order.subject = self.subject
        order.validityDays = self.validityDays
        if let pathLength { order.pathLength = pathLength.number.map { .limited($0) } ?? .unlimited }
        order.permittedNames = self.permit
        order.excludedNames = self.exclude
        order.extendedKeyUsage = self.purpose.map(\.identifier)
        order.policies = self.policy.compactMap(\.policy)
        return order
    }
}
