import CryptographicMessageSyntax
import SwiftASN1
import TestSupport
import Testing

@testable import SCEP

/// The messages that a client sends, as a server reads them.
@Suite struct ClientRequestTests {
    private static let identifier = IssuerAndSerialNumber(issuer: [0x30, 0x00], serialNumber: [0x05])

    /// What the server finds inside a message.
    private static func content(of request: PKIRequest) throws -> [UInt8] {
        let server = try Exchange.server.get()
        let message = try UnverifiedPKIMessage(berEncoded: try Exchange.encoded(request)).verified(at: .modern)
        #expect(message.messageType == request.messageType)
        #expect(message.transactionID == request.transactionID)
        #expect(message.unverified.senderNonce == request.senderNonce)
        return try message.envelope.open(try message.envelope.recipient(for: server.certificate), with: server.key)
    }

    @Test func `CertPoll carries issuer and subject`() throws {
        let names = IssuerAndSubject(
            issuer: try TestClient.encoded("CN=CA"),
            subject: try TestClient.encoded("CN=device")
        )
        let transactionID = TransactionID(enrolling: TestKeys.device.publicKey)
        let request = PKIRequest.certPoll(names, transactionID: transactionID)
        #expect(request.messageType.rawValue == 20)
        #expect(request.transactionID == transactionID)
        #expect(try IssuerAndSubject(berEncoded: Self.content(of: request)) == names)
    }

    @Test func `GetCert and GetCRL carry issuer and serial number`() throws {
        for (request, number) in [
            (try PKIRequest.getCert(Self.identifier), 21), (try .getCRL(for: Self.identifier), 22),
        ] {
            #expect(request.messageType.rawValue == number)
            #expect(try Self.content(of: request) == [0x30, 0x05, 0x30, 0x00, 0x02, 0x01, 0x05])
        }
    }

    @Test func `every message has a nonce of its own`() throws {
        let nonces = try (0..<4).map { _ in try PKIRequest.getCert(Self.identifier).senderNonce }
        #expect(Set(nonces).count == 4)
        #expect(nonces.allSatisfy { $0.count == 16 })
    }

    @Test func `a transaction is named after its key, so that it can be continued`() throws {
        let key = TestKeys.device.publicKey
        let enrolment = TransactionID(enrolling: key)
        #expect(enrolment == TransactionID(enrolling: key))
        #expect(enrolment.description.count == 64)
        #expect(enrolment.description.allSatisfy { "0123456789abcdef".contains($0) })
        #expect(enrolment != TransactionID(enrolling: TestKeys.otherDevice.publicKey))
    }

    @Test func `a renewal is another transaction than the enrolment, also with the same key`() throws {
        let key = TestKeys.device.publicKey
        let certificate = try Exchange.device.get().certificate
        let renewal = TransactionID(renewing: certificate, with: key)
        #expect(renewal == TransactionID(renewing: certificate, with: key))
        #expect(renewal != TransactionID(enrolling: key))
        #expect(renewal != TransactionID(renewing: certificate, with: TestKeys.otherDevice.publicKey))
        #expect(renewal != TransactionID(renewing: try Exchange.server.get().certificate, with: key))
    }

    @Test func `a query's transaction is like no other`() {
        #expect(Set((0..<8).map { _ in TransactionID.random() }).count == 8)
    }
}
