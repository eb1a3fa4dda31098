import AdministrationAPI
import ArgumentParser
import CertificateAuthority
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
        @OptionGroup var terms: AuthorityOptions
        @Flag(help: "It can answer SCEP requests itself, for profiles with --mode ca.") var answersScep = false
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            var body = self.terms.body
            body["name"] = .string(self.name)
            body["parent"] = self.parent.map(JSONValue.string)
            body["key"] = .word(self.key)
            body["answersSCEP"] = .bool(self.answersScep)
            try await self.options.administer { [body] api in
                let made = try await api.post("cas", body: body)
                api.show(made) {
                    print(
                        "The CA \(self.name) is made; its address is \(made.text("slug")). ucm ca show '\(self.name)' "
                            + "shows it.")
                }
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

        @Option(help: ArgumentHelp("A file; can be repeated.", valueName: "file"), completion: .file()) var file:
            [String]
        @Option(help: ArgumentHelp("A file with the password of the key.", valueName: "file"), completion: .file())
        var passwordFile: String?
        @Option(help: ArgumentHelp("What it is called here. (default: its common name)", valueName: "name"))
        var name: String?
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                var body = JSONObject()
                body["name"] = self.name.map(JSONValue.string)
                body["password"] = try self.passwordFile.map { .string(try Files.secret($0)) }
                body["files"] = .array(try self.file.map(KeyFiles.sent))
                let made = try await KeyFiles.naming(KeyFiles.fields(self.file)) { [body] in
                    try await api.post("cas", "import", body: body)
                }
                let name = made.text("name")
                api.show(made) { print("The CA \(name) is imported. ucm ca show '\(name)' shows it.") }
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
        @Option(
            help: ArgumentHelp("Where the request goes; - is standard output.", valueName: "file"), completion: .file())
        var out = "-"
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            var body = JSONObject([("name", .string(self.name))])
            body["key"] = .word(self.key)
            body["subject"] = self.subject.map(JSONValue.string)
            try await self.options.administer { [body] api in
                try Files.checkWritable(self.out)
                let request = try await api.post("ca-requests", body: body)
                try await api.handOver(Array(request.text("csr").utf8), to: self.out) { request }
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
                "A file with the certificate, or those above it; can be repeated.", valueName: "file"),
            completion: .file())
        var file: [String]
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                let body = JSONObject([("files", .array(try self.file.map(KeyFiles.sent)))])
                let made = try await KeyFiles.naming(KeyFiles.fields(self.file)) {
                    try await api.post("ca-requests", self.name, "install", body: body)
                }
                api.show(made) { print("The CA \(self.name) is ready. ucm ca show '\(self.name)' shows it.") }
            }
        }
    }

    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give up a request of ucm ca request; its key is deleted.")

        @Argument(help: "The name of the request.") var name: String
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                try await api.delete("ca-requests", self.name)
                api.show(JSONValue.null) { print("The request \(self.name) is given up.") }
            }
        }
    }

    struct Sign: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sign a CA that is elsewhere.",
            usage: "ucm ca sign --request other.csr --ca 'Example Root' --out other.pem"
        )

        @Option(
            help: ArgumentHelp("Its PKCS#10 request, PEM or DER; - is standard input.", valueName: "file"),
            completion: .file())
        var request: String
        @Option(help: ArgumentHelp("The CA that signs. (default: the default one)", valueName: "name")) var ca: String?
        @OptionGroup var terms: AuthorityOptions
        @OptionGroup var form: CertificateForm
        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await self.options.administer { api in
                try Files.checkWritable(self.form.out)
                var body = self.terms.body
                body["csr"] = try KeyFiles.sent(self.request)
                let name = try await AuthorityChoice.standard(self.ca, api)
                let signed = try await KeyFiles.naming([("csr", self.request)]) { [body] in
                    try await api.post("cas", name, "sign", body: body)
                }
                try await api.handOver(try self.form.file(of: signed), to: self.form.out) { signed }
            }
        }
    }
}
