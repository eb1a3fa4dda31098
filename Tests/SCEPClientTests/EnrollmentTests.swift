import CryptographicMessageSyntax
import Foundation
import SCEP
import TestSupport
import Testing

@testable import SCEPClient

/// An enrolment, from the client's side.
@Suite struct EnrollmentTests {
    private static func granting(_ message: ScriptedServer.Message) throws -> CertRep {
        .success(certificates: [TestPKI.authority.certificate.encoded, try Device.certificate()], crls: [])
    }

    /// The certificate of an outcome; nil while it is pending.
    private static func issued(_ outcome: EnrollmentOutcome) -> CertificateDetails? {
        if case .issued(let certificate, _) = outcome { certificate } else { nil }
    }

    @Test func `the certificate for the key comes back, whatever its place`() async throws {
        let server = ScriptedServer { _, message in .answer(try Self.granting(message)) }
        let client = try SCEPClient.scripted(server)
        let outcome = try await client.enroll(try Device.request())
        let certificate = Self.issued(outcome)
        #expect(certificate?.certificate.encoded == (try Device.certificate()))
        #expect(server.urls.map { $0.split(separator: "=").last ?? "" } == ["GetCACaps", "GetCACert", "PKIOperation"])
    }

    @Test func `the message is a PKCSReq with the challenge inside, signed by the key itself`() async throws {
        let server = ScriptedServer { _, message in .answer(try Self.granting(message)) }
        _ = try await SCEPClient.scripted(server).enroll(try Device.request())
        let message = try #require(server.messages.first)
        #expect(message.message.messageType == .pkcsReq)
        #expect(message.message.transactionID == TransactionID(enrolling: TestKeys.device.publicKey))
        let signer = message.message.signer.certificate
        #expect(signer.isSelfIssued)
        #expect(signer.publicKey.isSameKey(as: TestKeys.device.publicKey))
        #expect(try CertificateDetails(encoded: signer.encoded).keyUsage == [.digitalSignature, .keyEncipherment])
        let request = try CertificationRequest(encoded: message.content)
        try request.verifySignature()
        #expect(try request.challengePassword == Array("correct horse".utf8))
        #expect(try request.requestedExtensions.count == 1)
        #expect(request.subject == signer.subject)
        #expect(NameText.text(request.subject) == "C=DE, CN=device.example")
    }

    @Test(arguments: [
        ("SCEPStandard", true, DigestAlgorithm.sha256),
        ("aes\r\npostpkioperation\r\nsha-256\r\nsha-512\r\n", true, .sha512),
        ("AES\nSHA-256\nSHA-384\nnonsense\n", false, .sha384), ("AES\nSHA-256", false, .sha256),
    ])
    func `POST and the strongest digest where they are offered`(
        capabilities: String, isPOST: Bool, digest: DigestAlgorithm
    ) async throws {
        let server = ScriptedServer { _, message in .answer(try Self.granting(message)) }
        server.set { $0.capabilities = capabilities }
        _ = try await SCEPClient.scripted(server).enroll(try Device.request())
        let message = try #require(server.messages.first)
        #expect(message.isPOST == isPOST)
        #expect(message.digest == digest)
        #expect(message.cipher == .aes128)
        let url = server.urls.last ?? ""
        #expect(url.contains("message=") != isPOST)
        #expect(!url.contains("+") && !url.dropFirst(url.count / 2).contains("/"), "base64 is escaped")
    }

    @Test(arguments: ["", "AES", "SHA-256\nPOSTPKIOperation", "DES3\nSHA-1", "<html>"])
    func `a server that offers less than AES and SHA-256 is refused before anything is sent`(text: String) async throws
    {
        let server = ScriptedServer()
        server.set { $0.capabilities = text }
        let client = try SCEPClient.scripted(server)
        let request = try Device.request()
        let error = await #expect(throws: SCEPClientError.self) { try await client.enroll(request) }
        #expect(error?.code == .weak)
        #expect(server.messages.isEmpty)
    }

    @Test(arguments: [
        ("", DigestAlgorithm.sha1, ContentEncryptionAlgorithm.tripleDES), ("AES", .sha1, .aes128),
        ("DES3\nSHA-256", .sha256, .tripleDES), ("AES\nSHA-256", .sha256, .aes128),
    ])
    func `where weak algorithms are allowed, only as weak as need be`(
        text: String, digest: DigestAlgorithm, cipher: ContentEncryptionAlgorithm
    ) async throws {
        let server = ScriptedServer { _, message in
            .answerBy(TestPKI.registration, try Self.granting(message), digest, cipher)
        }
        server.set { $0.capabilities = text }
        _ = try await SCEPClient.scripted(server) { $0.allowWeak = true }.enroll(try Device.request())
        #expect(server.messages.first?.digest == digest)
        #expect(server.messages.first?.cipher == cipher)
    }

    @Test(arguments: [429, 503])
    func `a server that asks to come back later has not said what it can do`(status: Int) async throws {
        let server = ScriptedServer { _, message in .answer(try Self.granting(message)) }
        server.set { $0.capabilitiesStatus = status }
        let client = try SCEPClient.scripted(server) { $0.allowWeak = true }
        let request = try Device.request()
        let error = await #expect(throws: SCEPClientError.self) { try await client.enroll(request) }
        #expect(error?.status == status)
        #expect(server.messages.isEmpty)
    }

    @Test func `a server that does not answer GetCACaps offers nothing`() async throws {
        let server = ScriptedServer { _, message in .answer(try Self.granting(message)) }
        server.set { $0.capabilitiesStatus = 404 }
        let strict = try SCEPClient.scripted(server)
        let request = try Device.request()
        let error = await #expect(throws: SCEPClientError.self) { try await strict.enroll(request) }
        #expect(error?.code == .weak)
        let lenient = try SCEPClient.scripted(server) { $0.allowWeak = true }
        let outcome = try await lenient.enroll(request)
        #expect(Self.issued(outcome) != nil)
        #expect(server.messages.first?.isPOST == false)
    }

    @Test(arguments: [
        (DigestAlgorithm.sha1, ContentEncryptionAlgorithm.aes128), (.sha256, .tripleDES), (.sha256, .des),
    ])
    func `a weak answer is not taken`(digest: DigestAlgorithm, cipher: ContentEncryptionAlgorithm) async throws {
        let server = ScriptedServer { _, message in
            .answerBy(TestPKI.registration, try Self.granting(message), digest, cipher)
        }
        let client = try SCEPClient.scripted(server)
        let request = try Device.request()
        let error = await #expect(throws: SCEPClientError.self) { try await client.enroll(request) }
        #expect(error?.code == .weak)
    }

    @Test func `a weak refusal is a refusal`() async throws {
        let server = ScriptedServer { _, _ in
            .answerBy(TestPKI.registration, .failure(.badAlg, text: ""), .sha1, .aes128)
        }
        let client = try SCEPClient.scripted(server)
        let request = try Device.request()
        let error = await #expect(throws: SCEPClientError.self) { try await client.enroll(request) }
        #expect(error?.failInfo == .badAlg)
    }

    @Test func `FAILURE is a refusal with its reason, and what the server says cannot touch the terminal`() async throws
    {
        let server = ScriptedServer { _, _ in .answer(.failure(.badRequest, text: "no\u{1b}[2J way")) }
        let client = try SCEPClient.scripted(server)
        let request = try Device.request()
        let error = await #expect(throws: SCEPClientError.self) { try await client.enroll(request) }
        #expect(error?.code == .refused)
        #expect(error?.failInfo == .badRequest)
        #expect(error?.reason.contains("\u{1b}") == false)
        #expect(error?.reason.contains("[2J way") == true)
    }

    @Test func `another CA than the known one gets nothing`() async throws {
        let server = ScriptedServer()
        let client = try SCEPClient.scripted(server, trust: .certificate(TestPKI.stranger.certificate.encoded))
        let request = try Device.request()
        let error = await #expect(throws: SCEPClientError.self) { try await client.enroll(request) }
        #expect(error?.code == .untrusted)
        #expect(server.messages.isEmpty)
    }

    @Test func `without a known CA nothing is sent`() async throws {
        let server = ScriptedServer()
        let client = try SCEPClient.scripted(server, trust: nil)
        let request = try Device.request()
        let error = await #expect(throws: SCEPClientError.self) { try await client.enroll(request) }
        #expect(error?.code == .input)
        let capabilities = try await client.capabilities()
        let certificates = try await client.caCertificates().certificates
        #expect(capabilities.contains(.aes))
        #expect(certificates.count == 2)
        #expect(server.messages.isEmpty)
    }

    @Test func `answers that are not to be believed`() async throws {
        let foreign = try TestIdentity("device.example", key: TestKeys.device, issuer: TestPKI.stranger)
        let replies: [ScriptedServer.Reply] = [
            .answerBy(TestPKI.stranger, .pending, .sha256, .aes128),
            .answer(.success(certificates: [try Device.certificate(key: TestKeys.otherDevice)], crls: [])),
            .answer(
                .success(certificates: [foreign.certificate.encoded, TestPKI.stranger.certificate.encoded], crls: [])),
            .answer(.success(certificates: [], crls: [])),
            .bytes([]), .bytes(Array("<html>200</html>".utf8)), .bytes(TestPKI.authority.certificate.encoded),
        ]
        let request = try Device.request()
        for reply in replies {
            let client = try SCEPClient.scripted(ScriptedServer { _, _ in reply })
            let error = await #expect(throws: SCEPClientError.self) { try await client.enroll(request) }
            #expect(error?.code == .answer)
        }
    }

    @Test func `an old answer is not taken for a new one`() async throws {
        let first = ScriptedServer { _, message in .answer(try Self.granting(message)) }
        let request = try Device.request()
        _ = try await SCEPClient.scripted(first).enroll(request)
        let old = try #require(first.messages.first)
        let answer = try Self.granting(old).encoded(
            answering: old.message,
            digest: .sha256,
            cipher: .aes128,
            signer: CertRepSigner(certificate: TestPKI.registration.certificate, key: TestPKI.registration.key),
            senderNonce: [1]
        )
        let client = try SCEPClient.scripted(ScriptedServer { _, _ in .bytes(answer) })
        let error = await #expect(throws: SCEPClientError.self) { try await client.enroll(request) }
        #expect(error?.code == .answer)
        #expect(error?.reason.contains("nonce") == true)
    }

    @Test func `one exchange at a time, whoever asks`() async throws {
        let server = ScriptedServer { _, message in .answer(try Self.granting(message)) }
        let client = try SCEPClient.scripted(server)
        let request = try Device.request()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { _ = try await client.enroll(request) } }
            try await group.waitForAll()
        }
        #expect(server.messages.count == 4)
        #expect(!server.hasOverlapped)
    }

    @Test func `a weak key of the server is refused`() async throws {
        let small = try TestIdentity("Test RA", key: TestKeys.smallDevice, issuer: TestPKI.authority, usage: 0xa0)
        let server = ScriptedServer()
        server.set {
            $0.certificates = .chain([small.certificate.encoded, TestPKI.authority.certificate.encoded])
        }
        let client = try SCEPClient.scripted(server)
        let error = await #expect(throws: SCEPClientError.self) { try await client.prepare() }
        #expect(error?.code == .weak)
    }
}
