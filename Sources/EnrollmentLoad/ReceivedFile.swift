import CryptographicMessageSyntax
import Foundation
import SCEP
public import SCEPClient
import Synchronization

/// A file with a line of JSON for each certificate, written as it is received.
///
/// A line is there as a whole before the certificate counts as received, so that what is in the file can be compared with
/// what a server has, whatever became of the server, or of this program.
public final class ReceivedFile: Sendable {
    private let path: String
    private let descriptor: Int32
    private let lock = Mutex(())

    /// Opens a file for lines behind those that are there; a new one is for its owner only.
    ///
    /// - Parameter path: The file.
    /// - Throws: ``SCEPClientError`` with code `input`.
    public init(_ path: String) throws(SCEPClientError) {
        self.path = path
        self.descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard self.descriptor >= 0 else { throw Self.failure(path) }
    }

    deinit { close(self.descriptor) }

    private struct Line: Encodable {
        var transactionID: String
        var serialNumber: String
        var sha256: String
        var challengeLine: Int?
        var time: String
    }

    func write(
        _ certificate: CertificateDetails,
        transactionID: TransactionID,
        challengeLine: Int?,
        at time: Date
    ) throws(SCEPClientError) {
        let line = Line(
            transactionID: transactionID.description,
            serialNumber: certificate.certificate.identifier.serialNumber.hexadecimal,
            sha256: certificate.fingerprint.bytes.hexadecimal,
            challengeLine: challengeLine,
            time: time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            let bytes = try encoder.encode(line) + [0x0a]
            let isWritten = self.lock.withLock { _ in
                bytes.withUnsafeBytes { Foundation.write(self.descriptor, $0.baseAddress, $0.count) == $0.count }
            }
            guard isWritten else { throw Self.failure(self.path) }
        } catch let error as SCEPClientError {
            throw error
        } catch {
            throw SCEPClientError(.input, "What was received cannot be written down: \(error).")
        }
    }

    private static func failure(_ path: String) -> SCEPClientError {
        SCEPClientError(.input, "The file \(path) cannot be written: \(String(cString: strerror(errno))).")
    }
}
