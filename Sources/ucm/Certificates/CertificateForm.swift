import ArgumentParser
import CertificateAuthority

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

    @Option(help: ArgumentHelp("Where it goes; - is standard output.", valueName: "file")) var out = "-"

    func validate() throws {
        guard self.format != .der || !self.chain else {
            throw ValidationError("a DER file holds one certificate: use --format p7c or pem for the chain")
        }
    }

    /// Writes the first certificate of a chain, or all of it.
    func write(chain: [[UInt8]]) throws {
        switch self.format {
        case .pem: try Files.write(CertificateBundle(self.chain ? chain : Array(chain.prefix(1))).pem, to: self.out)
        case .der: try Files.write(chain.first ?? [], to: self.out)
        case .p7c: try Files.write(try CertificateBundle(chain).pkcs7(), to: self.out)
        }
    }
}
