import CryptographicMessageSyntax
import Enrollment
import TestSupport
import Testing

@testable import Registry
@testable import SCEP

@Suite("A request that comes again")
struct ResendTests {
    @Test("as the same message gets the same certificate in a fresh answer")
    func sameMessage() async throws {
        try await withAuthority { authority in
            let enrolment = try TestEnrolment()
            let message = try enrolment.message(for: authority.raCertificate)
            let first = try await authority.answer(message)
            let second = try await authority.answer(message)
            #expect(second.outcome == .sent)
            #expect(
                try enrolment.verified(second.answer, from: authority.raCertificate).certificates
                    == enrolment.verified(first.answer, from: authority.raCertificate).certificates
            )
            #expect(
                try Answer(first.answer).octets(.SCEP.senderNonce) != Answer(second.answer).octets(.SCEP.senderNonce))
            #expect(try await authority.registry.certificateCount() == 1)
        }
    }

    @Test("as the same PKCS#10 in a new message gets the same certificate")
    func sameRequest() async throws {
        try await withAuthority { authority in
            var enrolment = try TestEnrolment()
            let first = try await authority.enrol(enrolment).reply
            enrolment.senderNonce = [UInt8](repeating: 9, count: 16)
            enrolment.cipher = .aes256
            let (exchange, second) = try await authority.enrol(enrolment)
            #expect(exchange.outcome == .sent)
            #expect(second.certificates == first.certificates)
            #expect(second.contentEncryption == .aes256)
        }
    }

    @Test("gets the same certificate after the server started again")
    func restarted() async throws {
        try await withTemporaryDirectory { directory in
            let enrolment = try TestEnrolment()
            let first = try await TestAuthority(directory: directory)
            let certificates = try await first.enrol(enrolment).reply.certificates
            try first.registry.close()
            let second = try await TestAuthority(directory: directory)
            let (exchange, reply) = try await second.enrol(enrolment)
            #expect(exchange.outcome == .sent)
            #expect(reply.certificates == certificates)
            try second.registry.close()
        }
    }

    @Test("under another key is another one: nobody collects somebody else's certificate by the transactionID")
    func otherKey() async throws {
        try await withAuthority { authority in
            let first = try await authority.enrol(try TestEnrolment()).reply
            let stranger = try TestEnrolment(key: TestKeys.otherDevice)
            let (exchange, reply) = try await authority.enrol(stranger)
            guard case .issued = exchange.outcome else {
                Issue.record("\(exchange.outcome)")
                return
            }
            #expect(reply.certificates != first.certificates)
            #expect(
                try SignerCertificate(encoded: try #require(reply.certificates.first)).publicKey
                    == TestKeys.otherDevice.publicKey
            )
        }
    }

    @Test("under another key and without the challenge gets nothing")
    func strangerWithoutChallenge() async throws {
        try await withAuthority { authority in
            _ = try await authority.enrol(try TestEnrolment())
            var stranger = try TestEnrolment(key: TestKeys.otherDevice)
            stranger.challenge = nil
            #expect(try await authority.enrol(stranger).reply.failInfo == .badRequest)
            #expect(try await authority.registry.certificateCount() == 1)
        }
    }

    @Test("wrapped by a stranger's signature gets nothing")
    func strangersWrapping() async throws {
        try await withAuthority { authority in
            let victim = try TestEnrolment()
            _ = try await authority.enrol(victim)
            let stranger = try TestEnrolment(key: TestKeys.otherDevice)
            let message = try stranger.message(
                for: authority.raCertificate,
                containing: victim.certificationRequest().encoded
            )
            let exchange = try await authority.answer(message)
            #expect(try stranger.verified(exchange.answer, from: authority.raCertificate).failInfo == .badRequest)
        }
    }

    @Test("under another transactionID or with another subject is a new one")
    func newRequests() async throws {
        try await withAuthority { authority in
            var enrolment = try TestEnrolment()
            var serials: Set<[UInt8]> = []
            for (transactionID, name) in [("1", "CN=a"), ("2", "CN=a"), ("1", "CN=b")] {
                enrolment.client = try TestClient(name: name, key: TestKeys.device)
                enrolment.transactionID = transactionID
                guard case .issued(let serial, _) = try await authority.enrol(enrolment).exchange.outcome else {
                    Issue.record("\(transactionID) \(name) is not issued")
                    continue
                }
                serials.insert(serial)
            }
            #expect(serials.count == 3)
        }
    }
}
