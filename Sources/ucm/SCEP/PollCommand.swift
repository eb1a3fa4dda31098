import ArgumentParser
import SCEP
import SCEPClient

/// `ucm scep poll`.
struct PollCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "poll",
        abstract: "Ask again for the certificate of a pending request (CertPoll).",
        discussion: """
            The notes that `ucm scep enroll` or `renew` has left say which server, key and request it is. When the \
            certificate is there, they are removed.

            A key on an elliptic curve needs the challenge again, because the answer is encrypted with it; where it came \
            from a file, it is read from there.
            """
    )

    @Option(help: ArgumentHelp("The notes about the request.", valueName: "file"), completion: .file())
    var state: String

    @Option(
        help: ArgumentHelp("Where the certificate goes. (default: as was said at first)", valueName: "file"),
        completion: .file())
    var out: String?

    @Option(
        help: ArgumentHelp("The key that signed the request. (default: as in the notes)", valueName: "file"),
        completion: .file())
    var key: String?

    @OptionGroup var challenge: ChallengeOptions
    @OptionGroup var waiting: WaitingOptions

    @Option(help: ArgumentHelp("How long one HTTP exchange may take.", valueName: "seconds"))
    var timeout = 30

    @Flag(name: .shortAndLong, help: "Show every request and answer on standard error, without secrets.")
    var verbose = false

    func run() async throws {
        try await reportingErrors {
            let state = try PendingState.read(self.state)
            let connection = Connection(
                tlsCA: state.tlsCA,
                tlsInsecure: state.tlsInsecure,
                timeout: self.timeout,
                caIdentifier: state.caIdentifier,
                allowWeak: state.allowWeak,
                verbose: self.verbose
            )
            let client = try connection.client(url: state.url, trust: .fingerprint(try Fingerprint(state.fingerprint)))
            let key = try ClientKeyFile.read(self.key ?? state.key)
            let challenge = try self.challenge.value() ?? state.challenge(for: key)
            let outcome = try await client.poll(
                state.pending,
                key: key,
                challenge: challenge,
                polling: self.waiting.polling
            )
            try Outcome.finish(outcome, out: self.out ?? state.out, state: self.state)
        }
    }
}
