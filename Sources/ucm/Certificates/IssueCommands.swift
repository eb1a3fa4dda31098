import AdministrationAPI
import ArgumentParser
import CertificateAuthority
import Server

extension CertificateCommand {
    struct Issue: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Issue a certificate, without SCEP.",
            usage: """
                ucm certificate issue --request host.csr --template 'Network Equipment' --out host.pem
                ucm certificate issue --key p256 --subject CN=host --san DNS:host.example.com --pkcs12 host.p12
                ucm certificate issue --key rsa3072 --subject CN=host --key-out host.key --out host.pem
                """,
            discussion: "The templates are those of SCEP. A key that is made here is handed over once and not kept."
        )

        @OptionGroup var key: KeyChoice
        @Option(help: ArgumentHelp("The CA. (default: the default one)", valueName: "name")) var ca: String?
        @Option(help: ArgumentHelp("What the certificate looks like.", valueName: "name")) var template = "Default"
        @Option(help: ArgumentHelp("The subject. (default: the request's)", valueName: "subject")) var subject: String?
        @Option(
            help: ArgumentHelp(
                "A SAN: DNS:host.example.com, email:…, URI:…, IP:…. Can be repeated. (default: the request's)",
                valueName: "name"))
        var san: [String] = []
        @Option(help: ArgumentHelp("For how many days. (default: the template's)", valueName: "days"))
        var validityDays: Int?
        @OptionGroup var handing: HandingOptions
        @OptionGroup var options: AdministrationOptions

        func validate() throws {
            guard self.key.request != nil || self.key.key != nil else {
                throw ValidationError("name a request with --request, or the kind of key to be made with --key")
            }
            try self.handing.check(makesKey: self.key.key != nil)
        }

        func run() async throws {
            try await self.options.administer { api in
                try self.handing.checkFiles()
                var body = JSONObject()
                try self.key.add(to: &body)
                try self.handing.add(to: &body)
                body["ca"] = self.ca.map(JSONValue.string)
                body["template"] = .string(self.template)
                body["subject"] = self.subject.map(JSONValue.string)
                if !self.san.isEmpty { body["sans"] = .texts(self.san) }
                body["validityDays"] = .number(self.validityDays)
                let made = try await KeyFiles.naming(self.key.files) { [body] in
                    try await api.post("certificates", body: body)
                }
                try self.handing.hand(made, api)
            }
        }
    }

    struct Renew: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Issue a certificate for the same names again, for the same key or another one.",
            usage: """
                ucm certificate renew 3fa0c1 --out host.pem
                ucm certificate renew 3fa0c1 --key p256 --pkcs12 host.p12
                """
        )

        @OptionGroup var certificate: OneCertificate
        @OptionGroup var key: KeyChoice
        @OptionGroup var handing: HandingOptions
        @OptionGroup var options: AdministrationOptions

        func validate() throws { try self.handing.check(makesKey: self.key.key != nil) }

        func run() async throws {
            try await self.options.administer { api in
                try self.handing.checkFiles()
                var body = JSONObject()
                try self.key.add(to: &body)
                try self.handing.add(to: &body)
                let made = try await KeyFiles.naming(self.key.files) { [body] in
                    try await api.post(
                        "certificates", self.certificate.serial, "renew", query: [("ca", self.certificate.ca)],
                        body: body)
                }
                try self.handing.hand(made, api)
            }
        }
    }
}

/// Whose key a certificate is for.
struct KeyChoice: ParsableArguments {
    @Option(
        help: ArgumentHelp("A PKCS#10 request, PEM or DER; - is standard input.", valueName: "file"),
        completion: .file())
    var request: String?
    @Option(help: ArgumentHelp("Make a key: rsa2048, rsa3072, rsa4096, p256 or p384.", valueName: "kind"))
    var key: KeyAlgorithm?

    func validate() throws {
        guard self.request == nil || self.key == nil else {
            throw ValidationError("--request brings its own key: leave --key out")
        }
    }

    /// Adds what is sent of it: nothing where none is said.
    func add(to body: inout JSONObject) throws {
        body["csr"] = try self.request.map { try KeyFiles.sent($0) }
        body["key"] = .word(self.key)
    }

    /// The files that are sent, by their fields.
    var files: [(field: String, path: String)] { self.request.map { [("csr", $0)] } ?? [] }
}
