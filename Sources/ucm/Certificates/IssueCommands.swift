import ArgumentParser
import CertificateAuthority
import Foundation
import SCEPClient
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
        @OptionGroup var installation: InstallationOptions

        func validate() throws {
            guard self.key.request != nil || self.key.key != nil else {
                throw ValidationError("name a request with --request, or the kind of key to be made with --key")
            }
            try self.handing.check(makesKey: self.key.key != nil)
        }

        func run() async throws {
            try await self.installation.administer { administration in
                try self.handing.checkFiles()
                guard let key = try self.key.choice() else { return }
                var order = CertificateOrder(key: key)
                order.authority = self.ca
                order.template = self.template
                order.subject = self.subject
                order.alternativeNames = self.san.isEmpty ? nil : self.san
                order.validityDays = self.validityDays
                try self.handing.hand(try await administration.issue(order, by: commandUser, at: Date()))
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
        @OptionGroup var installation: InstallationOptions

        func validate() throws { try self.handing.check(makesKey: self.key.key != nil) }

        func run() async throws {
            try await self.installation.administer { administration in
                try self.handing.checkFiles()
                try self.handing.hand(
                    try await administration.renew(
                        self.certificate.serial,
                        authority: self.certificate.ca,
                        newKey: try self.key.choice(),
                        by: commandUser,
                        at: Date()
                    )
                )
            }
        }
    }
}

/// Whose key a certificate is for.
struct KeyChoice: ParsableArguments {
    @Option(help: ArgumentHelp("A PKCS#10 request, PEM or DER; - is standard input.", valueName: "file"))
    var request: String?
    @Option(help: ArgumentHelp("Make a key: rsa2048, rsa3072, rsa4096, p256 or p384.", valueName: "kind"))
    var key: KeyAlgorithm?

    func validate() throws {
        guard self.request == nil || self.key == nil else {
            throw ValidationError("--request brings its own key: leave --key out")
        }
    }

    /// The key; nil where none is said.
    func choice() throws -> CertificateOrder.Key? {
        if let request { return .request(try KeyFiles.request(request)) }
        return self.key.map { .generated($0) }
    }
}

/// How a certificate, and a key that was made for it, are handed over.
struct HandingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Where the certificate goes, as PEM; - is standard output.", valueName: "file"))
    var out: String?
    @Flag(help: "Also the CA's certificate and those above it.") var chain = false
    @Option(help: ArgumentHelp("Where the key goes, as PEM, readable for its owner only.", valueName: "file"))
    var keyOut: String?
    @Option(help: ArgumentHelp("Where key, certificate and chain go, as PKCS#12.", valueName: "file")) var pkcs12:
        String?
    @Option(
        help: ArgumentHelp(
            "A file with the password of the PKCS#12 file. (default: one is made and shown)", valueName: "file"))
    var passwordFile: String?
    @Flag(help: "Encrypt the PKCS#12 file as macOS and Windows of before 2022 can read it (3DES, SHA-1).")
    var compatible = false

    func check(makesKey: Bool) throws {
        guard makesKey == (self.keyOut != nil || self.pkcs12 != nil) else {
            throw ValidationError(
                makesKey
                    ? "say where the key goes: --pkcs12 FILE, or --key-out FILE"
                    : "--key-out and --pkcs12 are for keys that --key makes"
            )
        }
        guard self.pkcs12 != nil || self.passwordFile == nil && !self.compatible else {
            throw ValidationError("--password-file and --compatible are for --pkcs12")
        }
    }

    /// Before anything is issued: a key that cannot be written is lost.
    func checkFiles() throws {
        for path in [self.keyOut, self.pkcs12].compactMap({ $0 }) where FileManager.default.fileExists(atPath: path) {
            throw FileProblem(path: path, reason: "it is there already, and a key never replaces another one")
        }
        for path in [self.out, self.keyOut, self.pkcs12].compactMap({ $0 }) { try Files.checkWritable(path) }
    }

    /// Writes everything.
    func hand(_ made: HandedCertificate) throws {
        if let key = made.key {
            if let keyOut { try Files.writePrivate(PEM("PRIVATE KEY", key.pkcs8).text, to: keyOut) }
            if let pkcs12 {
                let given = try self.passwordFile.map { try Files.secret($0) }
                let password = given ?? Administration.generatedPassword()
                let file = try PKCS12.make(
                    key: key,
                    certificate: made.certificate,
                    chain: made.chain,
                    friendlyName: made.serialNumber,
                    password: password,
                    encryption: self.compatible ? .compatible : .modern
                )
                try Files.writePrivate(file, to: pkcs12)
                if given == nil { Terminal.complain("The password of \(pkcs12), shown only now: \(password)") }
            }
        }
        if self.out != nil || self.pkcs12 == nil {
            let certificates = [made.certificate] + (self.chain ? made.chain : [])
            try Files.write(CertificateBundle(certificates).pem, to: self.out ?? "-")
        }
        Terminal.complain("The certificate \(made.serialNumber) is issued.")
    }
}
