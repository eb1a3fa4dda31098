import CryptographicMessageSyntax
import Foundation
import SCEP
import TestSupport
import Testing

@testable import SCEPClient

/// Keys that only sign: the answer comes encrypted with the challenge (RFC 8894 §3.1).
@Suite struct EllipticCurveTests {
    private static let challenge = "correct horse"

    private static func key(_ curve: EllipticCurve) throws -> ClientKey {
        try ClientKey(derEncoded: TestKeys.onCurve(curve).pkcs8)
    }

    private static func certificate(_ key: ClientKey) throws -> [UInt8] {
        try TestIdentity(
            "device.example",
            key: TestPKI.authority.key,
            publicKey: key.publicKey,
            issuer: TestPKI.authority,
            serialNumber: 9
        ).certificate.encoded
    }

    private static func request(_ key: ClientKey, challenge: String? = challenge) throws -> EnrollmentRequest {
        try EnrollmentRequest(
            subject: try SubjectName.encoded("CN=device.example"),
            key: key,
            challenge: challenge,
            now: TestAuthority.now
        )
    }

    private static func granting(_ key: ClientKey, password: String = challenge) throws -> ScriptedServer {
        let certificate = try self.certificate(key)
        return ScriptedServer { _, _ in .answerWithPassword(password, certificates: [certificate]) }
    }

    @Test(arguments: EllipticCurve.allCases)
    func `an enrolment`(curve: EllipticCurve) async throws {
        let key = try Self.key(curve)
        let server = try Self.granting(key)
        let outcome = try await SCEPClient.scripted(server).enroll(try Self.request(key))
        guard case .issued(let certificate, _) = outcome else {
            Issue.record("it should be issued")
            return
        }
        #expect(certificate.certificate.publicKey.isSameKey(as: key.publicKey))
        let message = try #require(server.messages.first)
        let signer = message.message.signer
        #expect(try signer.signatureAlgorithm.scheme == .ecdsa)
        #expect(try CertificateDetails(encoded: signer.certificate.encoded).keyUsage == .digitalSignature)
        let request = try CertificationRequest(encoded: message.content)
        #expect(try request.verifySignature().scheme == .ecdsa)
    }

    @Test func `without a challenge nothing is sent, because no answer could be opened`() async throws {
        let key = try Self.key(.p256)
        let server = try Self.granting(key)
        let client = try SCEPClient.scripted(server)
        let request = try Self.request(key, challenge: nil)
        let error = await #expect(throws: SCEPClientError.self) { try await client.enroll(request) }
        #expect(error?.code == .input)
        #expect(server.messages.isEmpty)
    }

    @Test func `an answer encrypted with something else does not open`() async throws {
        let key = try Self.key(.p256)
        let client = try SCEPClient.scripted(try Self.granting(key, password: "another"))
        let request = try Self.request(key)
        let error = await #expect(throws: SCEPClientError.self) { try await client.enroll(request) }
        #expect(error?.code == .answer)
    }

    @Test func `an RSA certificate renews with a new key on a curve, and needs no challenge`() async throws {
        let key = try Self.key(.p384)
        let certificate = try Self.certificate(key)
        let server = ScriptedServer { _, _ in .answer(.success(certificates: [certificate], crls: [])) }
        let outcome = try await SCEPClient.scripted(server).renew(try Device.identity(), key: key)
        guard case .issued = outcome else {
            Issue.record("it should be issued")
            return
        }
        #expect(server.messages.count == 1)
    }

    @Test func `a certificate on a curve renews with a challenge only`() async throws {
        let key = try Self.key(.p256)
        let identity = try ClientIdentity(certificate: try Self.certificate(key), key: key)
        let server = try Self.granting(key)
        let client = try SCEPClient.scripted(server)
        guard case .issued = try await client.renew(identity, key: key, challenge: Self.challenge) else {
            Issue.record("it should be issued")
            return
        }
        let error = await #expect(throws: SCEPClientError.self) { try await client.renew(identity, key: key) }
        #expect(error?.code == .input)
        #expect(server.messages.count == 1)
    }

    @Test func `a pending request is polled with the challenge`() async throws {
        let key = try Self.key(.p521)
        let certificate = try Self.certificate(key)
        let server = ScriptedServer { _, _ in .answerWithPassword(Self.challenge, certificates: [certificate]) }
        let client = try SCEPClient.scripted(server)
        let pending = PendingEnrollment(try Self.request(key))
        guard case .issued = try await client.poll(pending, key: key, challenge: Self.challenge) else {
            Issue.record("it should be issued")
            return
        }
        #expect(server.messages.first?.message.messageType == .certPoll)
    }

    @Test(arguments: EllipticCurve.allCases)
    func `keys are read as they were written`(curve: EllipticCurve) throws {
        let key = try Self.key(curve)
        #expect(key.keyTransportKey == nil)
        #expect(try ClientKey(file: Array(key.pem.utf8)).pkcs8 == key.pkcs8)
    }

    @Test(arguments: [ClientKey.Kind.p256, .p384, .p521, .rsa2048])
    func `keys are made`(kind: ClientKey.Kind) throws {
        let key = try ClientKey(generating: kind)
        #expect((key.keyTransportKey != nil) == kind.rawValue.hasPrefix("rsa"))
        #expect(key.pem.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
    }

    @Test func `an answer is shown with the challenge`() throws {
        let inner = SignedData(certificates: [TestPKI.next.certificate.encoded]).derEncoded()
        let envelope = try EnvelopedData.seal(inner, password: Array(Self.challenge.utf8), cipher: .aes128).derEncoded()
        let closed = try MessageReport().text(of: envelope)
        #expect(closed.contains("password") && closed.contains("PBKDF2") && !closed.contains("CN=Next CA"))
        #expect(try MessageReport(challenge: Self.challenge).text(of: envelope).contains("CN=Next CA"))
        #expect(try MessageReport(challenge: "another").text(of: envelope).contains("does not open"))
        let withKey = MessageReport(key: try Self.key(.p256))
        #expect(try withKey.text(of: envelope).contains("does not open"))
    }
}
