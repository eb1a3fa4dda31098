import CertificateAuthority
import CryptographicMessageSyntax
import Foundation
import SwiftASN1

/// OCSP requests that are ready to be sent: each for one certificate, by POST, without a nonce.
struct StatusRequests: LoadRequests {
    let unit = "answers"
    private let requests: [[UInt8]]
    private let serialNumbers: [[UInt8]]
    /// With what the CertStatus begins: `good` or `revoked`.
    private let status: UInt8
    /// How many requests are sent in all, one round after the other.
    let count: Int

    /// Makes requests.
    ///
    /// - Parameters:
    ///   - serialNumbers: The certificates.
    ///   - issuer: The CA's certificate.
    ///   - areRevoked: Whether they are revoked, by which an answer is judged.
    ///   - count: How many requests are sent in all; one for each where it is not said.
    /// - Throws: `CMSError` where the CA's certificate cannot be read.
    init(_ serialNumbers: [[UInt8]], issuer: [UInt8], areRevoked: Bool, count: Int? = nil) throws {
        let certificate = try SignerCertificate(encoded: issuer)
        let issuer = CertIDIssuer(subject: certificate.subject, publicKey: certificate.publicKey)
        self.serialNumbers = serialNumbers
        // revoked [1] IMPLICIT RevokedInfo, good [0] IMPLICIT NULL (RFC 6960 §4.2.1)
        self.status = areRevoked ? 0xa1 : 0x80
        self.count = count ?? serialNumbers.count
        self.requests = try serialNumbers.map { number in
            let body = try Self.encoded(CertID(serialNumber: number, issuer: issuer))
            return Connection.request("POST", "/ocsp", type: "application/ocsp-request", body: body)
        }
    }

    func request(_ index: Int) -> [UInt8] { self.requests[index % self.requests.count] }

    /// Whether the answer is about the certificate, and says what it should: the CertID ends with the serial number, and
    /// the CertStatus follows.
    func isAnswered(_ index: Int, by answer: [UInt8]) -> Bool {
        answer.contains(bytes: self.serialNumbers[index % self.serialNumbers.count] + [self.status])
    }

    private static func encoded(_ certificate: CertID) -> [UInt8] {
        DERWriter.encode { coder in
            coder.appendConstructed(.sequence) { coder in
                coder.appendConstructed(.sequence) { coder in
                    coder.appendConstructed(.sequence) { coder in
                        coder.appendConstructed(.sequence) { $0.append(encoded: certificate.encoded) }
                    }
                }
            }
        }
    }
}

/// Requests that the server answers with the same few bytes, which is how many its HTTP can do.
struct ConstantRequests: LoadRequests {
    let unit = "answers"
    let count: Int

    func request(_ index: Int) -> [UInt8] { Self.request }
    func isAnswered(_ index: Int, by answer: [UInt8]) -> Bool { answer.starts(with: "live".utf8) }

    private static let request = Connection.request("GET", "/health/live")
}
