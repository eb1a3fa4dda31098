import ArgumentParser
import CryptographicMessageSyntax
import SCEP
import SCEPClient

/// `ucm scep enroll`.
struct EnrollCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enroll",
        abstract: "Get a first certificate for a key (PKCSReq).",
        discussion: """
            A new key is made and written to --key-out, before anything is sent; an existing one is read from --key. If \
            the answer is lost, the same command with --key gets the same certificate, without a second one being \
            issued; a key on an elliptic curve signs differently each time, so there the server may issue another. Such a \
            key also needs a challenge, with which the server encrypts its answer.

            The attributes of --subject are written in the order given, as OpenSSL does: "C=DE,O=Example,CN=router-1". \
            Known names: CN, C, L, ST, STREET, O, OU, DC, UID, serialNumber, emailAddress, SN, GN, title, and others by \
            object identifier. A comma in a value is written \\,.
            """
    )

    @OptionGroup var server: ServerOptions
    @OptionGroup var trust: TrustOptions

    @Option(help: ArgumentHelp("The subject, such as \"CN=router-1,O=Example\".", valueName: "name"))
    var subject: String?

    @Option(
        help: ArgumentHelp(
            "A further name: DNS:NAME, email:ADDRESS, IP:ADDRESS or URI:URI; repeatable.",
            valueName: "kind:name"
        )
    )
    var san: [String] = []

    @Option(help: ArgumentHelp("The private key, as PEM without a password.", valueName: "file"), completion: .file())
    var key: String?

    @Option(
        help: ArgumentHelp("Where a new private key goes; the file must not be there.", valueName: "file"),
        completion: .file())
    var keyOut: String?

    @Option(help: "The kind of a new key.")
    var keyType = ClientKey.Kind.rsa2048

    @Option(
        help: ArgumentHelp(
            "A certification request made elsewhere, as PEM, with its --key. A challenge is put into it.",
            valueName: "file"
        ), completion: .file())
    var csr: String?

    @OptionGroup var challenge: ChallengeOptions
    @OptionGroup var outcome: OutcomeOptions

    func validate() throws {
        guard (self.key == nil) != (self.keyOut == nil) else {
            throw ValidationError("One of --key (an existing key) and --key-out (a new one) is needed.")
        }
        if self.csr != nil {
            guard self.key != nil else { throw ValidationError("--csr needs its --key, which signs the message.") }
            guard self.subject == nil, self.san.isEmpty else {
                throw ValidationError("--csr has its own subject and names: leave out --subject and --san.")
            }
        } else if self.subject == nil, self.san.isEmpty {
            throw ValidationError("--subject, --san or --csr is needed: what the certificate is for.")
        }
    }

    func run() async throws {
        try await reportingErrors {
            let trust = try self.trust.trust()
            let client = try self.server.client(trust: trust)
            let challenge = try self.challenge.value()
            let subject = try SubjectName.encoded(self.subject ?? "")
            var names: [AlternativeName] = []
            for name in self.san { names.append(try AlternativeName(name)) }
            let transactionID = try self.outcome.transactionID()
            let csr = try self.csr.map(Self.certificationRequest)

            guard self.keyOut == nil || challenge != nil || !self.keyType.onlySigns else {
                throw SCEPClientError(
                    .input,
                    "A key on an elliptic curve needs a challenge, with which the server encrypts its answer."
                )
            }
            // Before a key is made, so that none is left behind where nothing could come of it.
            try await client.prepare()
            let (key, keyFile) = try self.clientKey()
            let request =
                if let csr {
                    try EnrollmentRequest(csr, key: key, challenge: challenge, transactionID: transactionID)
                } else {
                    try EnrollmentRequest(
                        subject: subject,
                        alternativeNames: names,
                        key: key,
                        challenge: challenge,
                        transactionID: transactionID
                    )
                }
            let state = self.outcome.state ?? keyFile + ".pending"
            let notes = PendingState(
                url: self.server.url,
                connection: self.server.connection,
                trust: trust,
                key: keyFile,
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
                newKey: self.keyOut.map { ($0, "--key") }
            )
        }
    }

    private func clientKey() throws(SCEPClientError) -> (key: ClientKey, file: String) {
        if let keyOut { return (try ClientKeyFile.make(self.keyType, path: keyOut), keyOut) }
        return (try ClientKeyFile.read(self.key ?? ""), self.key ?? "")
    }

    private static func certificationRequest(_ path: String) throws(SCEPClientError) -> CertificationRequest {
        let labels = ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"]
        let requests = try PEM.contents(of: try Files.read(path), labelled: labels)
        do throws(CMSError) {
            return try CertificationRequest(encoded: requests.first ?? [])
        } catch {
            throw SCEPClientError(.input, "The certification request in \(path) is not readable: \(error.reason).")
        }
    }
}

extension PendingState {
    /// Notes down a request with how the server is reached.
    init(
        url: String,
        connection: Connection,
        trust: Trust,
        key: String,
        challengeFile: String?,
        out: String,
        pending: PendingEnrollment
    ) {
        self.init(
            url: url,
            fingerprint: trust.fingerprint.description,
            caIdentifier: connection.caIdentifier,
            allowWeak: connection.allowWeak,
            tlsCA: connection.tlsCA.map(Files.absolute),
            tlsInsecure: connection.tlsInsecure,
            key: Files.absolute(key),
            challengeFile: challengeFile.flatMap { $0 == "-" ? nil : Files.absolute($0) },
            out: Files.absolute(out),
            pending: pending
        )
    }
}
