import AdministrationAPI
import ArgumentParser
import SCEPClient
import Server

/// In which form certificates are written, and where.
struct CertificateForm: ParsableArguments {
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case pem
        case der
        case p7c
    }

    @Option(
        help: ArgumentHelp(
            "pem (text), der (one certificate) or p7c (PKCS#7, the chain; also called p7b).", valueName: "form"))
    var format = Format.pem

    @Flag(help: "Also the certificates above it; p7c has them always.") var chain = false

    @Option(help: ArgumentHelp("Where it goes; - is standard output.", valueName: "file"), completion: .file())
    var out = "-"

    func validate() throws {
        guard self.format != .der || !self.chain else {
            throw ValidationError("a DER file holds one certificate: use --format p7c or pem for the chain")
        }
    }

    /// What the API calls the form.
    var name: String { self.format == .pem && self.chain ? "chain" : self.format.rawValue }

    /// The file of a certificate that was answered as PEM, with those above it.
    func file(of answer: JSONValue) throws -> [UInt8] {
        let certificate = answer["certificate"]?.text ?? ""
        switch self.format {
        case .pem:
            return Array(([certificate] + (self.chain ? answer.texts("chain") : [])).joined().utf8)
        case .der: return try PEM.blocks(in: certificate).first?.bytes ?? []
        case .p7c: return answer.bytes("pkcs7") ?? []
        }
    }
}
