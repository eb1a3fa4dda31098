import AdministrationAPI
import ArgumentParser
import Foundation
import Server

/// How a certificate, and a key that was made for it, are handed over.
struct HandingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Where the certificate goes, as PEM; - is standard output.", valueName: "file"),
        completion: .file())
    var out: String?
    @Flag(help: "Also the CA's certificate and those above it.") var chain = false
    @Option(
        help: ArgumentHelp("Where the key goes, as PEM, readable for its owner only.", valueName: "file"),
        completion: .file())
    var keyOut: String?
    @Option(
        help: ArgumentHelp("Where key, certificate and chain go, as PKCS#12.", valueName: "file"), completion: .file())
    var pkcs12: String?
    @Option(
        help: ArgumentHelp(
            "A file with the password of the PKCS#12 file. (default: one is made and shown)", valueName: "file"),
        completion: .file())
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

    /// Adds how a key that is made has to be answered.
    func add(to body: inout JSONObject) throws {
        if self.pkcs12 != nil {
            body["keyForm"] = self.compatible ? "pkcs12-compatible" : "pkcs12"
            body["password"] = try self.passwordFile.map { .string(try Files.secret($0)) }
            if self.keyOut != nil { body["keyAlsoAsPEM"] = true }
        } else if self.keyOut != nil {
            body["keyForm"] = "pem"
        }
    }

    /// Writes everything; a key that is in a file is nowhere else.
    func hand(_ made: JSONValue, _ api: AdministrationClient) throws {
        var shown = made
        if let keyOut, let key = made["privateKey"]?.text, self.isFile(keyOut, api) {
            try Files.writePrivate(key, to: keyOut)
            shown.merge(["privateKey": .null])
        }
        if let pkcs12, let file = made.bytes("pkcs12"), self.isFile(pkcs12, api) {
            try Files.writePrivate(file, to: pkcs12)
            shown.merge(["pkcs12": .null])
        }
        let certificates = ([made.text("certificate")] + (self.chain ? made.texts("chain") : [])).joined()
        if let out, self.isFile(out, api) { try Files.write(certificates, to: out) }
        try api.show(shown) {
            if let pkcs12, let password = made["password"]?.text {
                Terminal.complain("The password of \(pkcs12), shown only now: \(password)")
            }
            if self.out == nil, self.pkcs12 == nil { try Files.write(certificates, to: "-") }
        }
        Terminal.complain("The certificate \(made.text("serialNumber")) is issued.")
    }

    /// Whether something goes there besides what is answered: for programs standard output has the answer alone.
    private func isFile(_ path: String, _ api: AdministrationClient) -> Bool { api.output == .table || path != "-" }
}
