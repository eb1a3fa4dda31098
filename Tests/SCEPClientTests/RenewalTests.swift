import CryptographicMessageSyntax
import Foundation
import SCEP
import TestSupport
import Testing

@testable import SCEPClient

/// A certificate in the place of an old one.
@Suite struct RenewalTests {
    private static func server() -> ScriptedServer {
        ScriptedServer { _, message in
            let key = try CertificationRequest(encoded: message.content).publicKey
            let isNew = key.isSameKey(as: TestKeys.otherDevice.publicKey)
            let certificate = try Device.certificate(
                key: isNew ? TestKeys.otherDevice : TestKeys.device, serialNumber: 8)
            return .answer(.success(certificates: [certificate], crls: []))
        }
    }

    @Test(arguments: [("AES\nSHA-256\nRenewal\n", 17), ("SCEPStandard", 19)])
    func `RenewalReq where the server has it, otherwise a PKCSReq, signed by the old certificate`(
        capabilities: String, type: Int
    ) async throws {
        let server = Self.server()
        server.set { $0.capabilities = capabilities }
        let outcome = try await SCEPClient.scripted(server).renew(
            try Device.identity(),
            key: try Device.otherKey.get()
        )
        guard case .issued(let certificate, _) = outcome else {
            Issue.record("it should be issued")
            return
        }
        #expect(certificate.certificate.publicKey.isSameKey(as: TestKeys.otherDevice.publicKey))
        let message = try #require(server.messages.first)
        #expect(message.message.messageType.rawValue == type)
        #expect(message.message.signer.certificate.encoded == (try Device.certificate()))
    }

    @Test func `subject and names stay, the key is new, and there is no challenge`() async throws {
        let names = AlternativeName.certificateExtension([.dns("device.example"), .ip([192, 0, 2, 7])])
        let old = try TestIdentity("old.example", key: TestKeys.device, issuer: TestPKI.authority, extensions: [names])
        let identity = try ClientIdentity(certificate: old.certificate.encoded, key: try Device.key.get())
        let renewal = try EnrollmentRequest(renewing: identity, key: try Device.otherKey.get())
        #expect(renewal.request.subject == old.certificate.subject)
        #expect(try renewal.request.requestedExtensions == [names])
        #expect(try renewal.request.challengePassword == nil)
        #expect(renewal.request.publicKey.isSameKey(as: TestKeys.otherDevice.publicKey))
        #expect(renewal.isRenewal)
        #expect(renewal.signer.certificate == old.certificate)
        try renewal.request.verifySignature()
    }

    @Test func `with the same key it is a transaction of its own`() async throws {
        let server = Self.server()
        _ = try await SCEPClient.scripted(server).renew(
            try Device.identity(),
            key: try Device.key.get(),
            challenge: "again"
        )
        let message = try #require(server.messages.first)
        #expect(message.message.transactionID != TransactionID(enrolling: TestKeys.device.publicKey))
        #expect(try CertificationRequest(encoded: message.content).challengePassword == Array("again".utf8))
    }

    @Test func `a pending renewal is polled by the old certificate`() async throws {
        let server = ScriptedServer { number, _ in
            let certificate = try Device.certificate(key: TestKeys.otherDevice)
            return .answer(number == 0 ? .pending : .success(certificates: [certificate], crls: []))
        }
        let outcome = try await SCEPClient.scripted(server).renew(
            try Device.identity(),
            key: try Device.otherKey.get(),
            polling: Polling(maximum: .seconds(60))
        )
        guard case .issued = outcome else {
            Issue.record("it should be issued")
            return
        }
        #expect(server.messages.map(\.message.messageType.rawValue) == [17, 20])
        #expect(Set(server.messages.map(\.message.signer.certificate.encoded)) == [try Device.certificate()])
    }

    @Test func `a certificate with another key is no identity`() throws {
        let certificate = try Device.certificate()
        let key = try Device.otherKey.get()
        let error = #expect(throws: SCEPClientError.self) { try ClientIdentity(certificate: certificate, key: key) }
        #expect(error?.code == .input)
    }
}
