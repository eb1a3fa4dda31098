import ArgumentParser
import CryptographicMessageSyntax
import SCEP
import SCEPClient

/// `ucm scep renew`.
struct RenewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "renew",
        abstract: "Get a new certificate in the place of one that is there (RenewalReq).",
        discussion: """
            The old certificate authorises it: no challenge is needed, and subject and alternative names stay. The key is \
            a new one, written to --new-key-out before anything is sent, unless --same-key keeps it. Old certificate and \
            old key stay where they are. An old key on an elliptic curve needs a challenge all the same: the server \
            encrypts its answer with it.

            A server that does not name the capability Renewal gets a PKCSReq that the old certificate signs.
            """
    )

    @OptionGroup var server: ServerOptions
    @OptionGroup var trust: TrustOptions

    @Option(help: ArgumentHelp("The certificate to renew, as PEM.", valueName: "file"), completion: .file())
    var certificate: String

    @Option(help: ArgumentHelp("Its private key, as PEM without a password.", valueName: "file"), completion: .file())
    var key: String

    @Option(
        name: [.customLong("new-key-out"), .customLong("key-out")],
        help: ArgumentHelp("Where the new private key goes; the file must not be there.", valueName: "file"),
        completion: .file())
    var newKeyOut: String?

    @Option(
        help: ArgumentHelp("A new private key that is there already, as PEM.", valueName: "file"), completion: .file())
    var newKey: String?

    @Flag(help: "Keep the key.")
    var sameKey = false

    @Option(help: "The kind of a new key.")
    var keyType = ClientKey.Kind.rsa2048

    @OptionGroup var challenge: ChallengeOptions
    @OptionGroup var outcome: OutcomeOptions

    func validate() throws {
        guard [self.newKeyOut != nil, self.newKey != nil, self.sameKey].count(where: { $0 }) == 1 else {
            throw ValidationError("One of --new-key-out, --new-key and --same-key is needed.")
        }
    }

    func run() async throws {
        try await reportingErrors {
            let trust = try self.trust.trust()
            let client = try self.server.client(trust: trust)
            let challenge = try self.challenge.value()
            let transactionID = try self.outcome.transactionID()
            let identity = try IdentityFiles.read(certificate: self.certificate, key: self.key)
            // Before a key is made, so that none is left behind where nothing could come of it.
            try await client.prepare()
            var newKey = identity.key
            if let path = self.newKeyOut { newKey = try ClientKeyFile.make(self.keyType, path: path) }
            if let path = self.newKey { newKey = try ClientKeyFile.read(path) }
            let request = try EnrollmentRequest(
                renewing: identity,
                key: newKey,
                challenge: challenge,
                transactionID: transactionID
            )
            let state = self.outcome.state ?? (self.newKeyOut ?? self.newKey ?? self.key) + ".pending"
            let notes = PendingState(
                url: self.server.url,
                connection: self.server.connection,
                trust: trust,
                key: self.key,
                challengeFile: self.challenge.challengeFile,
                out: self.outcome.out,
                pending: PendingEnrollment(request)
            )
            try await Outcome.send(
                request,
                by: client,
                notes: notes,
                state: state,
                options: self.outcome,
                newKey: self.newKeyOut.map { ($0, "--new-key") }
            )
        }
    }
}

/// A certificate and its key in files.
enum IdentityFiles {
    /// Reads both; the first certificate of a chain is meant.
    static func read(certificate: String, key: String) throws(SCEPClientError) -> ClientIdentity {
        let certificates = try PEM.contents(of: try Files.read(certificate), labelled: ["CERTIFICATE"])
        return try ClientIdentity(certificate: certificates.first ?? [], key: try ClientKeyFile.read(key))
    }
}
