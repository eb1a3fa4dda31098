import CryptographicMessageSyntax
import Foundation
import SCEP
import SwiftASN1
import Synchronization
import X509

/// Enrolments that are ready to be sent: each its own subject and transaction, over a few dozen keys.
struct RequestSet: Sendable {
    let path: String
    let messages: [[UInt8]]

    private static let keyCount = 32

    init(count: Int, port: Int, path: String, challenge: String) throws {
        self.path = path
        let connection = try Connection(port: port)
        let answer = try connection.exchange(method: "GET", target: path + "?operation=GetCACert", body: [])
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
                results.withLock { $0[number] = message }
            } catch {
                failure.withLock { $0 = error }
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
        self.messages = results.withLock { $0 }
    }

    private static func name(_ name: String) throws -> [UInt8] {
        var coder = DER.Serializer()
        try coder.serialize(try DistinguishedName { CommonName(name) })
        return coder.serializedBytes
    }

    /// Whether an answer is a CertRep with pkiStatus SUCCESS: the attribute's only encoding is looked for, so that
    /// judging an answer costs the load nothing to speak of.
    static func isSuccess(_ answer: [UInt8]) -> Bool {
        // pkiStatus 2.16.840.1.113733.1.9.3, SET, PrintableString "0"
        let success: [UInt8] = [
            0x06, 0x0a, 0x60, 0x86, 0x48, 0x01, 0x86, 0xf8, 0x45, 0x01, 0x09, 0x03, 0x31, 0x03, 0x13, 0x01, 0x30,
        ]
        return (0..<max(answer.count - success.count, 0)).contains {
            answer[$0] == 0x06 && answer[$0...].starts(with: success)
        }
    }
}
