import AdminUI
import Foundation
import Logging
import SCEP
import Synchronization

/// A listener that listens.
struct Listener: Sendable {
    enum Scheme: String, Sendable {
        case https
        case http
    }

    var scheme: Scheme
    var host: String
    var port: Int

    /// The SCEP URL of the default profile.
    var url: String {
        let host = self.host.contains(":") ? "[\(self.host)]" : self.host
        return "\(self.scheme.rawValue)://\(host):\(self.port)/scep"
    }
}

/// Waits until every listener listens, then says so: in the log, and, on a first run, on the screen.
final class ListeningState: Sendable {
    private let expected: Int
    private let announcement: Announcement
    private let logger: Logger
    private let state = Mutex<(listeners: [Listener], isShown: Bool)>(([], false))

    init(expected: Int, announcement: Announcement, logger: Logger) {
        self.expected = expected
        self.announcement = announcement
        self.logger = logger
    }

    func add(_ listener: Listener) {
        self.logger.notice("listening", metadata: ["url": "\(listener.url)"])
        let all = self.state.withLock { state in
            state.listeners.append(listener)
            return state.listeners
        }
        if all.count == self.expected { self.show(all, isReady: true) }
    }

    /// Says it even though a listener could not listen: what a first run made is recorded, and would be known to nobody.
    func showInAnyCase(_ listeners: [Listener]) {
        self.show(listeners, isReady: false)
    }

    private func show(_ listeners: [Listener], isReady: Bool) {
        let isFirst = self.state.withLock { state in
            defer { state.isShown = true }
            return !state.isShown
        }
        if isFirst {
            self.announcement.show(listeners.sorted { $0.scheme.rawValue > $1.scheme.rawValue }, isReady: isReady)
        }
    }
}

/// What a first run tells the administrator: once, on standard output, never in the log.
struct Announcement: Sendable {
    let configuration: ServerConfiguration
    let fingerprint: [UInt8]
    /// nil on every run but the first.
    let secrets: FirstRun.Secrets?

    /// - Parameters:
    ///   - listeners: Those that listen, or should.
    ///   - isReady: Whether they do.
    func show(_ listeners: [Listener], isReady: Bool) {
        guard let secrets = self.secrets else { return }
        FileHandle.standardOutput.write(Data(self.text(listeners, secrets, isReady: isReady).utf8))
    }

    private func text(_ listeners: [Listener], _ secrets: FirstRun.Secrets, isReady: Bool) -> String {
        let settings = self.configuration.firstRun
        let challenge =
            secrets.challenge ?? settings.challengeFile.map { "as in \($0)" }
            ?? "none: the profile is open, anybody who reaches the URL gets a certificate"
        let publication =
            HostNames.distributionURL(self.configuration).map { "\($0), which certificates name" }
            ?? "named in no certificate: ucm publication set --url, with a plain listener (--http)"
        let password = secrets.adminPassword ?? "as in \(settings.adminPasswordFile ?? "")"
        let urls = listeners.map(\.url).joined(separator: "\n                       ")
        let pages =
            listeners.first { $0.scheme == .https }.map { $0.url.dropLast("/scep".count) + "\(AdminPages.root)/" }
            ?? "on the https listener, which does not listen"
        let fingerprint = stride(from: 0, to: self.fingerprint.count, by: 1)
            .map { self.fingerprint[$0...$0].hexadecimal.uppercased() }.joined(separator: ":")
        return """

            \(isReady ? "UCM is ready." : "UCM does not listen yet, see the error.") Keep what follows: it is shown only now.

              SCEP URL             \(urls)
              Challenge            \(challenge)
              CRL and OCSP         \(publication)
              CA fingerprint       \(fingerprint) (SHA-256)
              Admin pages          \(pages)
              Admin user           admin
              Admin password       \(password)

            \(self.firstDevice(listeners, secrets))

            """
    }

    /// Lines that enrol a first device, with this very program as the client.
    private func firstDevice(_ listeners: [Listener], _ secrets: FirstRun.Secrets) -> String {
        guard var listener = listeners.first(where: { $0.scheme == .http }) ?? listeners.first else { return "" }
        // The line is for this machine, whose own name need not resolve.
        let address = listener.scheme == .http ? self.configuration.http : self.configuration.https
        if self.configuration.hostNames.isEmpty, address?.isEverywhere == true { listener.host = "localhost" }
        // Nobody trusts this CA yet; SCEP protects itself, and the fingerprint says who answers.
        let trust = listener.scheme == .https ? " --tls-insecure" : ""
        let challenge =
            secrets.challenge.map { " --challenge '\($0)'" }
            ?? self.configuration.firstRun.challengeFile.map { " --challenge-file '\($0)'" } ?? ""
        let program = CommandLine.arguments.first.flatMap { $0.contains("/") ? $0 : nil } ?? "ucm"
        return """
            Enrol a first device, here or wherever this program is:

              \(program) scep enroll \(listener.url)\(trust) \\
                  --fingerprint \(self.fingerprint.hexadecimal) \\
                  --subject CN=first-device\(challenge) \\
                  --key-out device.key --out device.pem && openssl x509 -in device.pem -noout -subject -issuer

            Phones, routers, strongSwan, certmonger: docs/first-device.md.
            """
    }
}
