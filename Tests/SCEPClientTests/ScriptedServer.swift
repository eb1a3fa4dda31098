import CryptographicMessageSyntax
import Foundation
import Synchronization
import TestSupport

@testable import SCEP
@testable import SCEPClient

/// A server without a network, which answers as a test says and remembers what it was asked.
final class ScriptedServer: SCEPTransport {
    /// A pkiMessage that arrived.
    struct Message: Sendable {
        let message: UnverifiedPKIMessage
        let encoded: [UInt8]
        /// What was enveloped.
        let content: [UInt8]
        let digest: DigestAlgorithm
        let cipher: ContentEncryptionAlgorithm
        let isPOST: Bool
    }

    /// What becomes of a message.
    enum Reply: Sendable {
        /// A CertRep.
        case answer(CertRep)
        /// A CertRep with other algorithms than usual, or by another signer.
        case answerBy(TestIdentity, CertRep, DigestAlgorithm, ContentEncryptionAlgorithm)
        /// A SUCCESS encrypted with a password.
        case answerWithPassword(String, certificates: [[UInt8]])
        /// Any bytes.
        case bytes([UInt8])
        /// An HTTP status.
        case status(Int, retryAfter: Int?)
        /// The network fails.
        case error(SCEPClientError.Code)
    }

    struct State {
        var capabilities = "AES\nPOSTPKIOperation\nRenewal\nSHA-256\nSHA-512\nSCEPStandard\n"
        var capabilitiesStatus = 200
        var certificates = CACertificates.chain(
            [TestPKI.registration.certificate.encoded, TestPKI.authority.certificate.encoded]
        )
        var next: [UInt8] = []
        var urls: [String] = []
        var messages: [Message] = []
        var pages: [String: [UInt8]] = [:]
        var exchanges = 0
        var overlapped = false
    }

    let state = Mutex(State())
    /// Answers the message with a number, counted from 0.
    let reply: @Sendable (Int, Message) throws -> Reply

    init(_ reply: @escaping @Sendable (Int, Message) throws -> Reply = { _, _ in .answer(.pending) }) {
        self.reply = reply
    }

    /// Changes how the server is.
    func set(_ change: (inout State) -> Void) {
        self.state.withLock { change(&$0) }
    }

    /// Whether two exchanges went on at the same time.
    var hasOverlapped: Bool { self.state.withLock { $0.overlapped } }
    var messages: [Message] { self.state.withLock { $0.messages } }
    var urls: [String] { self.state.withLock { $0.urls } }

    func send(_ request: TransportRequest) async throws(SCEPClientError) -> TransportAnswer {
        self.state.withLock { state in
            state.urls.append(request.url)
            state.exchanges += 1
            if state.exchanges > 1 { state.overlapped = true }
        }
        await Task.yield()
        defer { self.state.withLock { $0.exchanges -= 1 } }
        do {
            return try self.answer(request)
        } catch let error as SCEPClientError {
            throw error
        } catch {
            throw SCEPClientError(.input, "the test's server: \(error)")
        }
    }

    private func answer(_ request: TransportRequest) throws -> TransportAnswer {
        if let page = self.state.withLock({ $0.pages[request.url] }) { return TransportAnswer(status: 200, body: page) }
        let query = String(request.url.split(separator: "?", maxSplits: 1).last ?? "")
        switch try SCEP.Operation(query: query, body: request.body) {
        case .getCACaps:
            let (status, text) = self.state.withLock { ($0.capabilitiesStatus, $0.capabilities) }
            return TransportAnswer(status: status, body: Array(text.utf8))
        case .getCACert:
            return TransportAnswer(status: 200, body: self.state.withLock { $0.certificates }.encoded())
        case .getNextCACert:
            return TransportAnswer(status: 200, body: self.state.withLock { $0.next })
        case .pkiOperation(let bytes):
            return try self.answer(bytes, isPOST: request.body != nil)
        }
    }

    private func answer(_ bytes: [UInt8], isPOST: Bool) throws -> TransportAnswer {
        let unverified = try UnverifiedPKIMessage(berEncoded: bytes)
        let signedData = try SignedData(berEncoded: bytes)
        try signedData.verify(unverified.signer)
        let envelope = try EnvelopedData(berEncoded: signedData.content ?? [])
        let recipient = try [TestPKI.registration, TestPKI.authority].first {
            (try? envelope.recipient(for: $0.certificate)) != nil
        }.unwrapped()
        let message = Message(
            message: unverified,
            encoded: bytes,
            content: try envelope.open(try envelope.recipient(for: recipient.certificate), with: recipient.key),
            digest: try unverified.signer.digest,
            cipher: try envelope.contentEncryption,
            isPOST: isPOST
        )
        let number = self.state.withLock { state in
            state.messages.append(message)
            return state.messages.count - 1
        }
        switch try self.reply(number, message) {
        case .answer(let rep): return try self.sign(rep, message, by: recipient, .sha256, .aes128)
        case .answerBy(let signer, let rep, let digest, let cipher):
            return try self.sign(rep, message, by: signer, digest, cipher)
        case .answerWithPassword(let password, let certificates):
            return try self.sign(certificates, for: password, message)
        case .bytes(let bytes): return TransportAnswer(status: 200, body: bytes)
        case .status(let status, let retryAfter):
            return TransportAnswer(status: status, retryAfter: retryAfter, body: [])
        case .error(let code): throw SCEPClientError(code, "as the test says")
        }
    }

    private func sign(_ certificates: [[UInt8]], for password: String, _ message: Message) throws -> TransportAnswer {
        let envelope = try EnvelopedData.seal(
            SignedData(certificates: certificates).derEncoded(),
            password: Array(password.utf8),
            cipher: .aes128
        )
        let answer = try SignedData.sign(
            try envelope.derEncoded(),
            attributes: [
                .printable(.SCEP.messageType, "3".utf8), .printable(.SCEP.pkiStatus, "0".utf8),
                .printable(.SCEP.transactionID, message.message.transactionID.bytes),
                .octets(.SCEP.recipientNonce, message.message.senderNonce ?? []),
            ],
            signers: [MessageSigner(TestPKI.registration.certificate, key: TestPKI.registration.key)],
            digest: .sha256,
            certificates: []
        )
        return TransportAnswer(status: 200, body: answer.derEncoded())
    }

    private func sign(
        _ rep: CertRep,
        _ message: Message,
        by signer: TestIdentity,
        _ digest: DigestAlgorithm,
        _ cipher: ContentEncryptionAlgorithm
    ) throws -> TransportAnswer {
        let body = try rep.encoded(
            answering: message.message,
            digest: digest,
            cipher: cipher,
            signer: CertRepSigner(certificate: signer.certificate, key: signer.key),
            senderNonce: [UInt8](repeating: 9, count: 16)
        )
        return TransportAnswer(status: 200, contentType: "application/x-pki-message", body: body)
    }
}

extension Optional {
    /// The value; a test that has none fails.
    func unwrapped() throws -> Wrapped {
        guard let self else { throw SCEPClientError(.input, "nothing where the test has something") }
        return self
    }
}

/// Time that passes only when somebody waits.
final class TestTime: Sendable {
    private let state = Mutex<(now: Date, waits: [Duration])>((TestAuthority.now, []))

    var now: Date { self.state.withLock { $0.now } }
    var waits: [Duration] { self.state.withLock { $0.waits } }

    func wait(_ time: Duration) {
        self.state.withLock { state in
            state.now += Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
            state.waits.append(time)
        }
    }
}

extension SCEPClient {
    /// A client of a scripted server, which knows its CA.
    static func scripted(
        _ server: ScriptedServer,
        trust: Trust? = .certificate(TestPKI.authority.certificate.encoded),
        time: TestTime = TestTime(),
        configure: (inout ClientConfiguration) -> Void = { _ in }
    ) throws -> SCEPClient {
        var configuration = ClientConfiguration(trust: trust)
        configure(&configuration)
        return try SCEPClient(
            url: "http://ca.test/scep",
            configuration: configuration,
            transport: server,
            now: { time.now },
            sleep: { time.wait($0) }
        )
    }
}

/// A device with a key that all tests share.
enum Device {
    static let key = Result { try ClientKey(derEncoded: TestKeys.device.pkcs8) }
    static let otherKey = Result { try ClientKey(derEncoded: TestKeys.otherDevice.pkcs8) }

    static func request(challenge: String? = "correct horse") throws -> EnrollmentRequest {
        try EnrollmentRequest(
            subject: try SubjectName.encoded("C=DE,CN=device.example"),
            alternativeNames: [.dns("device.example")],
            key: try self.key.get(),
            challenge: challenge,
            now: TestAuthority.now
        )
    }

    /// A certificate that the CA has issued for the device's key.
    static func certificate(key: RSAPrivateKey = TestKeys.device, serialNumber: UInt8 = 7) throws -> [UInt8] {
        try TestIdentity("device.example", key: key, issuer: TestPKI.authority, serialNumber: serialNumber, usage: 0xa0)
            .certificate.encoded
    }

    static func identity() throws -> ClientIdentity {
        try ClientIdentity(certificate: try self.certificate(), key: try self.key.get())
    }
}
