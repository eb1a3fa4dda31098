import CryptographicMessageSyntax
import Foundation
import SCEP
import SwiftASN1
import Synchronization
import X509

/// Enrolments that are ready to be sent: each its own subject and transaction, over a few dozen keys.
struct EnrolmentRequests: LoadRequests {
    let unit = "enrolments"
    private let requests: [[UInt8]]

    var count: Int { self.requests.count }

    private static let keyCount = 32

    init(count: Int, port: Int, path: String, challenge: String) throws {
        let connection = try Connection(port: port)
        let answer = try connection.exchange(Connection.request("GET", path + "?operation=GetCACert"))
        let recipient = try CACertificates(encoded: answer).certificates.map(SignerCertificate.init(encoded:))[0]
        let keys = try (0..<Self.keyCount).map { number in
            let key = try RSAPrivateKey(bits: 2048)
            let signer = try SelfSignedCertificate.make(
                subject: try Self.name("bench \(number)"),
                publicKey: key.publicKey,
                key: key,
                notBefore: Date().addingTimeInterval(-3600),
                notAfter: Date().addingTimeInterval(86_400)
            )
            return (key: key, signer: signer)
        }
        let results = Mutex([[UInt8]](repeating: [], count: count))
        let failure = Mutex<(any Error)?>(nil)
        DispatchQueue.concurrentPerform(iterations: count) { number in
            do {
                let (key, signer) = keys[number % keys.count]
                let request = try CertificationRequest.make(
                    subject: try Self.name("device-\(number).bench.example"),
                    publicKey: signer.publicKey,
                    key: key,
                    challengePassword: challenge
                )
                guard let transactionID = TransactionID(bytes: Array("bench-\(number)".utf8)) else { return }
                let message = try PKIRequest(.pkcsReq, transactionID: transactionID, content: request.encoded)
                    .encoded(for: [recipient], signer: signer, key: key)
                let post = Connection.request(
                    "POST",
                    path + "?operation=PKIOperation",
                    type: "application/x-pki-message",
                    body: message
                )
                results.withLock { $0[number] = post }
            } catch {
                failure.withLock { $0 = error }
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
        self.requests = results.withLock { $0 }
    }

    private static func name(_ name: String) throws -> [UInt8] {
        var coder = DERWriter()
        try coder.serialize(try DistinguishedName { CommonName(name) })
        return coder.serializedBytes
    }

    func request(_ index: Int) -> [UInt8] { self.requests[index] }

    /// Whether an answer is a CertRep with pkiStatus SUCCESS: the attribute's only encoding is looked for, so that
    /// judging an answer costs the load nothing to speak of.
    func isAnswered(_ index: Int, by answer: [UInt8]) -> Bool { answer.contains(bytes: Self.success) }

    /// The OID of pkiStatus (2.16.840.1.113733.1.9.3), a SET, and in it the PrintableString 0.
    private static let success: [UInt8] = [
        0x06, 0x0a, 0x60, 0x86, 0x48, 0x01, 0x86, 0xf8, 0x45, 0x01, 0x09, 0x03, 0x31, 0x03, 0x13, 0x01, 0x30,
    ]
}
