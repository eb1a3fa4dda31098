import ArgumentParser
import SCEPClient

/// `ucm scep decode`.
struct DecodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode",
        abstract: "Show what is in a captured message.",
        discussion: """
            A pkiMessage, an answer to GetCACert or GetNextCACert, a certification request, a certificate or a CRL; as \
            DER, PEM or base64, or the URL of a GET as a log has it. With the key of a recipient, the envelope is opened: \
            the CA's or RA's for a request, the client's for an answer. An answer to a key on an elliptic curve is opened \
            with the challenge.
            """
    )

    @Argument(help: "The message; - is standard input.", completion: .file())
    var file: String

    @Option(
        help: ArgumentHelp("The private key of a recipient, as PEM without a password.", valueName: "file"),
        completion: .file())
    var key: String?

    @Option(
        help: ArgumentHelp(
            "The certificate of that key, as PEM. (default: the key is tried on every recipient)",
            valueName: "file"
        ), completion: .file())
    var certificate: String?

    @OptionGroup var challenge: ChallengeOptions

    @Flag(help: "Show the challenge too.")
    var showSecrets = false

    func validate() throws {
        guard self.certificate == nil || self.key != nil else {
            throw ValidationError("--certificate needs its --key.")
        }
    }

    func run() async throws {
        try await reportingErrors {
            let message = try CapturedMessage.bytes(in: try Files.read(self.file))
            let certificates = try self.certificate.map {
                try PEM.contents(of: try Files.read($0), labelled: ["CERTIFICATE"])
            }
            let report = MessageReport(
                key: try self.key.map(ClientKeyFile.read),
                certificate: certificates?.first,
                challenge: try self.challenge.value(),
                showSecrets: self.showSecrets
            )
            Terminal.write(try report.text(of: message))
        }
    }
}
