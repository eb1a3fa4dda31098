import Foundation
import Logging
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
        if all.count == self.expected { self.show(all) }
    }

    /// Says it even though a listener could not listen: what a first run made is recorded, and would be known to nobody.
    func showInAnyCase(_ listeners: [Listener]) {
        self.show(listeners)
    }

    private func show(_ listeners: [Listener]) {
        let isFirst = self.state.withLock { state in
            defer { state.isShown = true }
            return !state.isShown
        }
        if isFirst { self.announcement.show(listeners.sorted { $0.scheme.rawValue > $1.scheme.rawValue }) }
    }
}

/// What a first run tells the administrator: once, on standard output, never in the log.
struct Announcement: Sendable {
    let configuration: ServerConfiguration
    let fingerprint: [UInt8]
    /// nil on every run but the first.
    let secrets: FirstRun.Secrets?

    func show(_ listeners: [Listener]) {
        guard let secrets = self.secrets else { return }
        FileHandle.standardOutput.write(Data(self.text(listeners, secrets).utf8))
    }

    private func text(_ listeners: [Listener], _ secrets: FirstRun.Secrets) -> String {
        let settings = self.configuration.firstRun
        let challenge =
            secrets.challenge ?? settings.challengeFile.map { "as in \($0)" }
            ?? "none: the profile is open, anybody who reaches the URL gets a certificate"
        let password = secrets.adminPassword ?? "as in \(settings.adminPasswordFile ?? "")"
        let urls = listeners.map(\.url).joined(separator: "\n                       ")
        let fingerprint = stride(from: 0, to: self.fingerprint.count, by: 1)
            .map { Array(self.fingerprint[$0...$0]).hex.uppercased() }.joined(separator: ":")
        return """

            UCM is ready. Keep what follows: it is shown only now.

              SCEP URL             \(urls)
              Challenge            \(challenge)
              CA fingerprint       \(fingerprint) (SHA-256)
              Admin user           admin
              Admin password       \(password)

            \(self.firstDevice(listeners, challenge: secrets.challenge ?? "CHALLENGE"))

            """
    }

    /// A line that enrols a first device.
    private func firstDevice(_ listeners: [Listener], challenge: String) -> String {
        let password = self.configuration.firstRun.isOpen ? "" : "--password '\(challenge)' "
        guard var listener = listeners.first(where: { $0.scheme == .http }) else {
            return
                "To enrol a first device without TLS trust, start with --http 8080 as well; see docs/first-device.md."
        }
        // The line is for this machine, whose own name need not resolve.
        if self.configuration.hostNames.isEmpty, self.configuration.http?.isEverywhere == true {
            listener.host = "localhost"
        }
        return """
            Enrol a first device (Debian: apt install strongswan-pki libstrongswan-extra-plugins):

              pki --scepca --url \(listener.url) --caout ca.pem --raout ra.pem --outform pem --force && \\
              pki --gen --type rsa --size 2048 --outform pem > device.key && \\
              pki --scep --url \(listener.url) --in device.key --dn "CN=first-device" \\
                  \(password)--cacert-enc ra.pem --cacert-sig ra.pem --cacert ca.pem \\
                  --outform pem > device.pem && openssl x509 -in device.pem -noout -subject -issuer
            """
    }
}
