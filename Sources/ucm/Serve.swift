import ArgumentParser
import CertificateAuthority
import Configuration
import Foundation
import SCEP
import Server

/// `ucm serve`.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve SCEP. The first start in an empty directory makes everything that is needed.",
        discussion: """
            Every option can also be set as an environment variable (--host-name is UCM_HOST_NAME, several values \
            separated by commas) and in ucm.yaml in the data directory (host-name: [a, b]). Options win over the \
            environment, the environment over the file.

            Events go to standard error, one line each; what a first start makes is shown once on standard output.
            """
    )

    @OptionGroup var installation: InstallationOptions

    @Option(help: ArgumentHelp("The HTTPS listener, or off. (default: 8443)", valueName: "[host:]port"))
    var https: String?

    @Option(
        help: ArgumentHelp(
            "A plain listener, which serves SCEP, CRLs, CA certificates and OCSP. (default: off)",
            valueName: "[host:]port"))
    var http: String?

    @Option(help: ArgumentHelp("A name by which clients reach the server; repeatable.", valueName: "name"))
    var hostName: [String] = []

    @Option(
        help: ArgumentHelp(
            "A reverse proxy, by its address or range (10.0.0.7, 10.0.0.0/24), that is believed when it says in Forwarded "
                + "or X-Forwarded-For for whom it asks; repeatable. (default: none)",
            valueName: "range"
        )
    )
    var trustedProxy: [String] = []

    @Option(help: ArgumentHelp("Your own TLS certificate chain, as PEM.", valueName: "file"), completion: .file())
    var tlsCert: String?

    @Option(help: ArgumentHelp("The key of --tls-cert, as PEM.", valueName: "file"), completion: .file())
    var tlsKey: String?

    @Option(
        help: ArgumentHelp(
            "A plain listener for /metrics and /health alone, on this machine's own address unless a host is given. "
                + "(default: off)",
            valueName: "[host:]port"))
    var metrics: String?

    @Option(
        help: ArgumentHelp(
            "A file with a token that reads /metrics over HTTPS; or the variable UCM_METRICS_TOKEN with the token itself. "
                + "(default: none, nobody reads it)",
            valueName: "file"), completion: .file())
    var metricsTokenFile: String?

    @Option(
        help: ArgumentHelp("How events are written: text or json. (default: text)", valueName: "format"),
        completion: .list(["text", "json"]))
    var logFormat: String?

    @Option(
        help: ArgumentHelp(
            "First start only: the CA's key, rsa2048, rsa3072, rsa4096, p256 or p384. (default: rsa3072)",
            valueName: "kind"
        ),
        completion: .list(KeyAlgorithm.allCases.map(\.rawValue))
    )
    var caKey: String?

    @Option(help: ArgumentHelp("First start only: the CA's common name. (default: UCM CA)", valueName: "name"))
    var caName: String?

    @Option(
        help: ArgumentHelp(
            "First start only: how old algorithms may be: modern, compatible (also 3DES, SHA-1) or legacy (also DES, "
                + "MD5, RSA 1024). (default: compatible)",
            valueName: "level"
        ),
        completion: .list(AlgorithmLevel.allCases.map(\.rawValue))
    )
    var algorithmLevel: String?

    @Option(
        help: ArgumentHelp(
            "First start only: who answers SCEP requests: ra, a registration authority with its own key, or ca, the CA "
                + "itself. (default: ra)",
            valueName: "mode"
        ),
        completion: .list(["ra", "ca"])
    )
    var scepMode: String?

    @Option(
        help: ArgumentHelp(
            "First start only: a file with the challenge that devices send. (default: one is generated and shown)",
            valueName: "file"
        ), completion: .file())
    var challengeFile: String?

    @Option(
        help: ArgumentHelp(
            "First start only: a file with the administrator's initial password. (default: one is generated and shown)",
            valueName: "file"
        ), completion: .file())
    var adminPasswordFile: String?

    @Flag(help: "First start only: no challenge; whoever reaches the SCEP URL gets a certificate.")
    var open = false

    func run() async throws {
        var flags = self.installation.flags
        let texts: [(String, String?)] = [
            ("https", self.https), ("http", self.http), ("tls-cert", self.tlsCert), ("tls-key", self.tlsKey),
            ("metrics", self.metrics), ("metrics-token-file", self.metricsTokenFile), ("log-format", self.logFormat),
            ("ca-key", self.caKey), ("ca-name", self.caName),
            ("algorithm-level", self.algorithmLevel), ("scep-mode", self.scepMode),
            ("challenge-file", self.challengeFile), ("admin-password-file", self.adminPasswordFile),
            ("open", self.open ? "yes" : nil),
        ]
        for (name, text) in texts { flags[name] = text.map { ConfigValue(.string($0), isSecret: false) } }
        for (name, texts) in [("host-name", self.hostName), ("trusted-proxy", self.trustedProxy)] where !texts.isEmpty {
            flags[name] = ConfigValue(.stringArray(texts), isSecret: false)
        }
        try await reportingFailures { [flags] in
            let configuration = try await ServerConfiguration.read(
                flags: flags,
                environment: ProcessInfo.processInfo.environment
            )
            try await UCMServer(configuration: configuration).run()
        }
    }
}
