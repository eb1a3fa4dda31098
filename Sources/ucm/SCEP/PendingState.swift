import ArgumentParser
import CryptographicMessageSyntax
import Foundation
import SCEP
import SCEPClient

/// The notes about a pending request that `ucm scep poll` goes by; no secret is in them.
struct PendingState: Codable {
    /// The server.
    var url: String
    /// The SHA-256 of the CA certificate.
    var fingerprint: String
    var caIdentifier: String?
    var allowWeak: Bool
    var tlsCA: String?
    var tlsInsecure: Bool
    /// The file with the key that signed the request.
    var key: String
    /// The file with the challenge in the request, where it was read from one.
    var challengeFile: String?
    /// Where the certificate is to go.
    var out: String
    /// The request.
    var pending: PendingEnrollment

    /// Writes the notes.
    func write(to path: String) throws(SCEPClientError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else {
            throw SCEPClientError(.input, "The notes about the pending request cannot be written.")
        }
        try Files.writePrivate(String(decoding: data, as: UTF8.self) + "\n", to: path, replacing: true)
    }

    /// The challenge, where the key needs it to open the answer.
    func challenge(for key: ClientKey) throws(SCEPClientError) -> String? {
        guard key.keyTransportKey == nil, let challengeFile else { return nil }
        return try Files.secret(challengeFile)
    }

    /// Reads the notes.
    static func read(_ path: String) throws(SCEPClientError) -> PendingState {
        let bytes = try Files.read(path)
        guard let state = try? JSONDecoder().decode(Self.self, from: Data(bytes)) else {
            throw SCEPClientError(.input, "The file \(path) does not hold the notes of `ucm scep enroll` or `renew`.")
        }
        return state
    }
}

/// Tells of an outcome, and leaves behind what is needed.
enum Outcome {
    /// Sends a request, and does with its outcome what the options say.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - client: Who sends it.
    ///   - notes: What it takes to poll for it.
    ///   - state: Where the notes go.
    ///   - options: Where the certificate goes, and how long to wait.
    ///   - newKey: The file of a key that was made for this, and the option that uses it again; nil for none.
    /// - Throws: The exit status for pending, or ``SCEPClientError``.
    static func send(
        _ request: EnrollmentRequest,
        by client: SCEPClient,
        notes: PendingState,
        state: String,
        options: OutcomeOptions,
        newKey: (file: String, option: String)?
    ) async throws {
        do {
            let outcome = try await client.enroll(request, polling: options.waiting.polling) {
                _ throws(SCEPClientError) in
                // Before any waiting, which somebody may interrupt.
                try notes.write(to: state)
            }
            try self.finish(outcome, out: options.out, state: state)
        } catch let error as SCEPClientError {
            guard let newKey else { throw error }
            throw SCEPClientError(
                error.code,
                "\(error.reason) The new key is in \(newKey.file): to try again with it, use \(newKey.option).",
                failInfo: error.failInfo
            )
        }
    }

    /// Writes the certificate, and removes notes that are not needed any more.
    ///
    /// - Parameters:
    ///   - outcome: What came of the request.
    ///   - out: Where the certificate goes.
    ///   - state: Where the notes are, if the request was pending.
    /// - Throws: The exit status for pending, or ``SCEPClientError``.
    static func finish(_ outcome: EnrollmentOutcome, out: String, state: String) throws {
        guard case .issued(let certificate, _) = outcome else {
            Terminal.complain(
                "The request is pending: somebody has to approve it. Ask again with: ucm scep poll --state \(state)"
            )
            throw ExitCode(SCEPExitStatus.pending)
        }
        let identifier = certificate.certificate.identifier
        Terminal.complain(
            "Issued to \(NameText.text(certificate.certificate.subject)), serial number "
                + "\(identifier.serialNumber.hexadecimal), valid until \(certificate.notAfter.formatted(.iso8601))."
        )
        try Files.write(PEM("CERTIFICATE", certificate.certificate.encoded).text, to: out)
        Files.remove(state)
    }
}
