import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Registry
import SCEP
import SwiftASN1
import TestSupport
import Testing
import X509

@Suite("A renewal (RFC 8894 §2.5, §3.3.1.1)")
struct RenewalTests {
    static let types: [MessageType] = [.renewalReq, .pkcsReq]

    @Test("signed with a certificate gets its successor, with a new key and no challenge", arguments: Self.types)
    func success(_ type: MessageType) async throws {
        try await withAuthority { authority in
            let enrolment = try TestEnrolment()
            let old = try await authority.certificate(for: enrolment)
            let renewal = try TestEnrolment.renewal(of: old, by: enrolment.client, as: type)
            let (exchange, reply) = try await authority.enrol(renewal)
            let new = try SignerCertificate(encoded: try #require(reply.certificates.first))
            #expect(new.publicKey.isSameKey(as: TestKeys.otherDevice.publicKey))
            #expect(new.subject == enrolment.client.subject)
            #expect(
                exchange.outcome
                    == .issued(
                        serialNumber: new.identifier.serialNumber,
                        renewing: try SignerCertificate(encoded: old).identifier.serialNumber
                    )
            )
            // The old one stays valid unless the profile says otherwise.
            #expect(try await authority.record(of: old)?.revocation == nil)
        }
    }

    @Test("with the old key is possible too", arguments: Self.types)
    func sameKey(_ type: MessageType) async throws {
        try await withAuthority { authority in
            let enrolment = try TestEnrolment()
            let old = try await authority.certificate(for: enrolment)
            var renewal = try TestEnrolment.renewal(of: old, by: enrolment.client, as: type)
            renewal.requestKey = nil
            #expect(try await authority.enrol(renewal).reply.certificates.count == 1)
        }
    }

    @Test("of a renewed certificate goes on")
    func chain() async throws {
        try await withAuthority { authority in
            let enrolment = try TestEnrolment()
            var certificate = try await authority.certificate(for: enrolment)
            for number in 1...3 {
                var renewal = try TestEnrolment.renewal(of: certificate, by: enrolment.client)
                renewal.requestKey = nil
                renewal.transactionID = "renewal \(number)"
                certificate = try await authority.certificate(for: renewal)
            }
            #expect(try await authority.registry.certificateCount() == 4)
        }
    }

    @Test("is granted once for a signer and a PKCS#10, under whatever transactionID", arguments: Self.types)
    func once(_ type: MessageType) async throws {
        try await withAuthority { authority in
            let enrolment = try TestEnrolment()
            let old = try await authority.certificate(for: enrolment)
            var renewal = try TestEnrolment.renewal(of: old, by: enrolment.client, as: type)
            let content = try renewal.certificationRequest().encoded
            let first = try await authority.answer(
                try renewal.message(for: authority.raCertificate, containing: content)
            )
            renewal.transactionID = "another"
            let second = try await authority.answer(
                try renewal.message(for: authority.raCertificate, containing: content)
            )
            guard case .issued = first.outcome else {
                Issue.record("\(first.outcome)")
                return
            }
            #expect(second.outcome == .sent)
            #expect(try await authority.registry.certificateCount() == 2)
        }
    }

    @Test("revokes the old certificate where the profile says so, and its answer can be asked for again")
    func superseded() async throws {
        try await withAuthority(settings: .with { $0.renewal.revokesOld = true }) { authority in
            let enrolment = try TestEnrolment()
            let old = try await authority.certificate(for: enrolment)
            let renewal = try TestEnrolment.renewal(of: old, by: enrolment.client)
            let content = try renewal.certificationRequest().encoded
            let message = try renewal.message(for: authority.raCertificate, containing: content)
            let first = try renewal.verified(try await authority.answer(message).answer, from: authority.raCertificate)
            #expect(try await authority.record(of: old)?.revocation?.reason == 4)
            let again = try await authority.answer(message)
            #expect(again.outcome == .sent)
            let second = try renewal.verified(again.answer, from: authority.raCertificate)
            #expect(second.certificates == first.certificates)
            // A third one, with another request, is a renewal by a revoked certificate.
            var other = renewal
            other.requestKey = TestKeys.device
            let (exchange, reply) = try await authority.enrol(other)
            #expect(reply.failInfo == .badRequest)
            guard case .refused(_, let reason) = exchange.outcome else {
                Issue.record("\(exchange.outcome)")
                return
            }
            #expect(reason.contains("superseded"))
        }
    }

    @Test("needs no challenge in an open profile, where nobody has one", arguments: Self.types)
    func openProfile(type: MessageType) async throws {
        let settings = ProfileSettings.with { $0.renewal.requiresChallenge = true }
        try await withAuthority(challenge: nil, isOpen: true, settings: settings) { authority in
            let enrolment = try TestEnrolment()
            let old = try await authority.certificate(for: enrolment)
            let renewal = try TestEnrolment.renewal(of: old, by: enrolment.client, as: type)
            #expect(try await authority.enrol(renewal).reply.certificates.count == 1)
        }
    }

    @Test("needs a challenge where the profile says so, and ignores one otherwise")
    func challenge() async throws {
        try await withAuthority(settings: .with { $0.renewal.requiresChallenge = true }) { authority in
            let enrolment = try TestEnrolment()
            let old = try await authority.certificate(for: enrolment)
            for type in Self.types {
                var renewal = try TestEnrolment.renewal(of: old, by: enrolment.client, as: type)
                renewal.transactionID = "\(type)"
                #expect(try await authority.enrol(renewal).reply.failInfo == .badRequest)
                renewal.challenge = TestAuthority.challenge
                #expect(try await authority.enrol(renewal).reply.certificates.count == 1)
            }
        }
        try await withAuthority { authority in
            let enrolment = try TestEnrolment()
            let old = try await authority.certificate(for: enrolment)
            for type in Self.types {
                var renewal = try TestEnrolment.renewal(of: old, by: enrolment.client, as: type)
                renewal.transactionID = "\(type)"
                renewal.challenge = "of long ago"
                #expect(try await authority.enrol(renewal).reply.certificates.count == 1)
            }
        }
    }

    @Test("is possible only in the last part of its life, where the profile says so", arguments: Self.types)
    func window(_ type: MessageType) async throws {
        try await withAuthority(settings: .with { $0.renewal.windowPercent = 33 }) { authority in
            let enrolment = try TestEnrolment()
            let old = try await authority.certificate(for: enrolment)
            let renewal = try TestEnrolment.renewal(of: old, by: enrolment.client, as: type)
            // 365 days: the last third begins on day 245.
            for (day, isPossible) in [(0.0, false), (244, false), (245, true), (364, true)] {
                let reply = try await authority.enrol(renewal, at: TestAuthority.now.addingTimeInterval(day * 86_400))
                    .reply
                #expect(reply.certificates.isEmpty == !isPossible, "day \(day)")
            }
        }
    }

    @Test("is possible for some days after the end, where the profile says so")
    func grace() async throws {
        try await withAuthority(settings: .with { $0.renewal.graceDays = 10 }) { authority in
            let enrolment = try TestEnrolment()
            let old = try await authority.certificate(for: enrolment)
            let renewal = try TestEnrolment.renewal(of: old, by: enrolment.client)
            for (day, isPossible) in [(376.0, false), (374, true)] {
                let reply = try await authority.enrol(renewal, at: TestAuthority.now.addingTimeInterval(day * 86_400))
                    .reply
                #expect(reply.certificates.isEmpty == !isPossible, "day \(day)")
            }
        }
    }

    @Test("signed by a certificate of ours, a PKCSReq with a right challenge is an enrolment, for the same key")
    func enrolmentByCertificate() async throws {
        try await withAuthority { authority in
            let enrolment = try TestEnrolment()
            let old = try await authority.certificate(for: enrolment)
            var other = try TestEnrolment.renewal(of: old, by: enrolment.client, as: .pkcsReq)
            other.challenge = TestAuthority.challenge
            other.requestKey = nil
            other.requestSubject = try TestClient.encoded("CN=another name")
            let (exchange, reply) = try await authority.enrol(other)
            #expect(reply.certificates.count == 1)
            guard case .issued(_, renewing: nil) = exchange.outcome else {
                Issue.record("\(exchange.outcome)")
                return
            }
        }
    }

    @Test("cannot be made of another device's request, recorded on its way", arguments: [false, true])
    func recordedRequest(isOpen: Bool) async throws {
        try await withAuthority(isOpen: isOpen) { authority in
            let insider = try TestEnrolment()
            let own = try await authority.certificate(for: insider)
            // The envelope is the other device's, with its challenge in it; the signature around it is the insider's.
            let other = try TestEnrolment(name: "CN=victim", key: TestKeys.otherDevice)
            for type in Self.types {
                var stolen = try TestEnrolment.renewal(of: own, by: insider.client, as: type)
                stolen.transactionID = "\(type)"
                let exchange = try await authority.answer(
                    try stolen.message(
                        for: authority.raCertificate,
                        containing: try other.certificationRequest().encoded
                    )
                )
                let answer = try Answer(exchange.answer)
                #expect(answer.failInfo == .badRequest)
                #expect(answer.failInfoText == "The request was refused.")
                #expect(exchange.isConcealed)
            }
            #expect(try await authority.registry.certificateCount() == 1)
        }
    }

    /// What the rules of a profile say to a request is not for whoever has recorded it.
    static let rules: [@Sendable (inout ProfileSettings) -> Void] = [
        { $0.rules.subjects = ["CN=device.example"].compactMap { try? SubjectPattern(parsing: $0) } },
        { $0.rules.keys = ["p256"].compactMap { try? KeyRequirement(parsing: $0) } },
        { $0.rules.otherwise = .queue },
    ]

    @Test("does not find out what the rules say to another device's recorded request", arguments: rules.indices)
    func recordedRequestAgainstRules(row: Int) async throws {
        try await withTemporaryDirectory { directory in
            var authority = try await TestAuthority(directory: directory)
            let insider = try TestEnrolment()
            let own = try await authority.certificate(for: insider)
            try authority.registry.close()
            authority = try await TestAuthority(directory: directory, settings: .with { Self.rules[row](&$0) })
            defer { try? authority.registry.close() }
            var other = try TestEnrolment(name: "CN=victim", key: TestKeys.otherDevice)
            // One that is good, one that is not, and names that nobody can read.
            for number in 0..<3 {
                other.challenge = number == 1 ? "wrong" : TestAuthority.challenge
                if number == 2 { other.extensions = [CertificateExtension([2, 5, 29, 17], value: [0x04, 0x00])] }
                var stolen = try TestEnrolment.renewal(of: own, by: insider.client, as: .pkcsReq)
                stolen.transactionID = "\(number)"
                let exchange = try await authority.answer(
                    try stolen.message(
                        for: authority.raCertificate,
                        containing: try other.certificationRequest().encoded
                    )
                )
                let answer = try Answer(exchange.answer)
                #expect(answer.failInfoText == "The request was refused.")
                #expect(exchange.isConcealed)
            }
        }
    }

    @Test("writes the names as the old certificate has them, whatever else compares as the same")
    func spelling() async throws {
        try await withAuthority { authority in
            var enrolment = try TestEnrolment(name: "CN=device.example")
            enrolment.extensions = [try Self.alternativeNames("host.example", "other.example")]
            let old = try await authority.certificate(for: enrolment)
            for name in ["CN=DEVICE.example", "CN=device\0.example", "CN= device.example"] {
                var renewal = try TestEnrolment.renewal(of: old, by: enrolment.client)
                renewal.requestSubject = try TestClient.encoded(name)
                renewal.extensions = [try Self.alternativeNames("HOST.example")]
                let new = try await authority.certificate(for: renewal)
                #expect(try SignerCertificate(encoded: new).subject == enrolment.client.subject)
                let names = try Certificate(derEncoded: new).extensions.subjectAlternativeNames
                #expect(names.map(Array.init) == [.dnsName("host.example")])
            }
        }
    }

    static func alternativeNames(_ names: String...) throws -> CertificateExtension {
        let value = try DERWriter.encode { try $0.serializeSequenceOf(names.map { GeneralName.dnsName($0) }) }
        return CertificateExtension([2, 5, 29, 17], value: value)
    }

    @Test("for an ECDSA key is answered to the RSA key that signed")
    func toEllipticCurve() async throws {
        try await withAuthority { authority in
            let enrolment = try TestEnrolment()
            let old = try await authority.certificate(for: enrolment)
            let key = try ECPrivateKey(curve: .p256)
            let request = try CertificationRequest.make(
                subject: enrolment.client.subject,
                publicKey: key.publicKey,
                key: key
            )
            let renewal = try TestEnrolment.renewal(of: old, by: enrolment.client)
            let exchange = try await authority.answer(
                try renewal.message(for: authority.raCertificate, containing: request.encoded)
            )
            let reply = try renewal.verified(exchange.answer, from: authority.raCertificate)
            let new = try SignerCertificate(encoded: try #require(reply.certificates.first))
            #expect(new.publicKey.isSameKey(as: key.publicKey))
        }
    }
}
