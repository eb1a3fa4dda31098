public import ArgumentParser
import Foundation
import SCEP
public import SCEPClient

/// The password that a server wants.
struct ChallengeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("A file with the challenge in its first line; - is standard input.", valueName: "file"),
        completion: .file())
    var challengeFile: String?

    @Option(help: "The challenge itself; others on this machine can see it in the list of processes.")
    var challenge: String?

    func validate() throws {
        guard self.challenge == nil || self.challengeFile == nil else {
            throw ValidationError("--challenge and --challenge-file exclude each other.")
        }
    }

    /// The challenge; nil where none is given.
    func value() throws(SCEPClientError) -> String? {
        if let challenge { return challenge }
        guard let challengeFile else { return nil }
        return try Files.secret(challengeFile)
    }
}

/// Where a certificate goes, and how long to wait for it.
struct OutcomeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Where the certificate goes; - is standard output.", valueName: "file"), completion: .file())
    var out = "-"

    @OptionGroup var waiting: WaitingOptions

    @Option(
        help: ArgumentHelp(
            "Where notes go for `ucm scep poll`, if the request is pending. (default: the key file's name and .pending)",
            valueName: "file"
        ), completion: .file())
    var state: String?

    @Option(help: ArgumentHelp("The transactionID. (default: a hash of the key)", valueName: "text"))
    var transactionId: String?

    /// The transactionID; nil where none is given.
    func transactionID() throws(SCEPClientError) -> TransactionID? {
        guard let transactionId else { return nil }
        guard let value = TransactionID(bytes: Array(transactionId.utf8)) else {
            throw SCEPClientError(.input, "--transaction-id has to be 1 to 255 ASCII characters.")
        }
        return value
    }
}

/// How long to wait for a certificate.
struct WaitingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How long to wait while the request is pending.", valueName: "seconds"))
    var wait = 0

    @Option(help: ArgumentHelp("The time between two polls.", valueName: "seconds"))
    var interval = 60

    func validate() throws {
        guard self.wait >= 0, self.interval > 0 else {
            throw ValidationError("--wait and --interval are numbers of seconds.")
        }
    }

    /// The schedule; nil where nothing is waited for.
    var polling: Polling? {
        self.wait == 0 ? nil : Polling(interval: .seconds(self.interval), maximum: .seconds(self.wait))
    }
}

/// A private key from a file, or a new one in a file.
enum ClientKeyFile {
    /// Reads a key.
    static func read(_ path: String) throws(SCEPClientError) -> ClientKey {
        do throws(SCEPClientError) {
            return try ClientKey(file: try Files.read(path))
        } catch {
            throw SCEPClientError(error.code, "\(path): \(error.reason)")
        }
    }

    /// Makes a key and writes it before anything is sent: a certificate without its key would be lost.
    static func make(_ kind: ClientKey.Kind, path: String) throws(SCEPClientError) -> ClientKey {
        let key = try ClientKey(generating: kind)
        try Files.writePrivate(key.pem, to: path)
        return key
    }
}

extension ClientKey.Kind: ExpressibleByArgument {}
