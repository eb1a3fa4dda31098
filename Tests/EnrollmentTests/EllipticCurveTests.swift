import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Registry
import SCEP
import TestSupport
import Testing

@Suite("A client with an ECDSA key")
struct EllipticCurveTests {
    /// A device with an ECDSA key, which cannot decrypt.
    struct Device {
        let key: ECPrivateKey
        let subject: [UInt8]
        let certificate: SignerCertificate

        init(_ curve: EllipticCurve) throws {
            self.key = try ECPrivateKey(curve: curve)
            self.subject = try TestClient.encoded("CN=device.example")
            self.certificate = try SelfSignedCertificate.make(
                subject: self.subject,
                publicKey: self.key.publicKey,
                key: self.key,
                notBefore: TestAuthority.now,
                notAfter: TestAuthority.now.addingTimeInterval(86_400)
            )
        }

        func message(
            _ type: MessageType = .pkcsReq,
            challenge: String? = TestAuthority.challenge,
            for recipient: SignerCertificate
        ) throws -> [UInt8] {
            let request = try CertificationRequest.make(
                subject: self.subject,
                publicKey: self.key.publicKey,
                key: self.key,
                challengePassword: challenge
            )
            let transactionID = try #require(TransactionID(bytes: Array("EC".utf8)))
            return try PKIRequest(type, transactionID: transactionID, content: request.encoded)
                .encoded(for: [recipient], signer: self.certificate, key: self.key)
        }

        /// The certificates of an answer that is encrypted under the challenge.
        static func certificates(in answer: [UInt8]) throws -> [[UInt8]] {
            let envelope = try EnvelopedData(berEncoded: try Answer(answer).signedData.content ?? [])
            return try SignedData(
                berEncoded: try envelope.open(password: Array(TestAuthority.challenge.utf8))
            ).certificates
        }
    }

    @Test("gets its certificate encrypted under the challenge", arguments: EllipticCurve.allCases)
    func enrolment(_ curve: EllipticCurve) async throws {
        try await withAuthority { authority in
            let device = try Device(curve)
            let exchange = try await authority.answer(try device.message(for: authority.raCertificate))
            let certificates = try Device.certificates(in: exchange.answer)
            let certificate = try SignerCertificate(encoded: try #require(certificates.first))
            #expect(certificate.publicKey.isSameKey(as: device.key.publicKey))
        }
    }

    @Test("polls, and the challenge that was kept encrypts the answer")
    func polling() async throws {
        try await withAuthority(settings: .with { $0.approval = .manual }) { authority in
            let device = try Device(.p256)
            let first = try await authority.answer(try device.message(for: authority.raCertificate))
            #expect(first.outcome == .pending)
            let record = try #require(
                try await authority.registry.requests(RequestFilter(statuses: [.pending]), limit: 1).first)
            #expect(record.request.sealedRequest.firstRange(of: Array(TestAuthority.challenge.utf8)) == nil)
            let issued = try await authority.approve(record.id)
            let polled = try await authority.answer(try device.message(.certPoll, for: authority.raCertificate))
            #expect(try Device.certificates(in: polled.answer) == [issued.encoded])
        }
    }

    @Test("without any challenge cannot be answered, and gets no certificate that nobody could read")
    func withoutChallenge() async throws {
        try await withAuthority(challenge: nil, isOpen: true) { authority in
            let device = try Device(.p256)
            let exchange = try await authority.answer(try device.message(challenge: nil, for: authority.raCertificate))
            guard case .refused(.badRequest, let reason) = exchange.outcome else {
                Issue.record("\(exchange.outcome)")
                return
            }
            #expect(reason.contains("ECDSA"))
            #expect(exchange.isConcealed)
            #expect(try await authority.registry.certificateCount() == 0)
        }
    }

    @Test("cannot ask for certificates or CRLs", arguments: [MessageType.getCert, .getCRL])
    func queries(_ type: MessageType) async throws {
        try await withAuthority { authority in
            let exchange = try await authority.answer(try Device(.p256).message(type, for: authority.raCertificate))
            #expect(try Answer(exchange.answer).failInfo == .badRequest)
        }
    }
}
