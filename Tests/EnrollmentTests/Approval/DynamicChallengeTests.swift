import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Registry
import SCEP
import SwiftASN1
import TestSupport
import Testing

@Suite("A challenge for one certificate")
struct DynamicChallengeTests {
    static let secret = "only once"

    /// An authority with one challenge of its own, which is not the static one.
    static func run(
        settings: ProfileSettings = ProfileSettings(),
        uses: Int? = 1,
        binding: ChallengeBinding = ChallengeBinding(),
        expiresAt: Date? = nil,
        _ body: (TestAuthority, Int64) async throws -> Void
    ) async throws {
        try await withAuthority(settings: settings) { authority in
            let insertion = try await authority.registry.insert(
                [try .test(Self.secret, maximumUses: uses, binding: binding, expiresAt: expiresAt)],
                by: "anna",
                at: TestAuthority.now
            )
            guard case .inserted(let ids) = insertion else {
                Issue.record("\(insertion)")
                return
            }
            try await body(authority, try #require(ids.first))
        }
    }

    static func enrolment(
        _ name: String = "CN=device.example",
        key: RSAPrivateKey = TestKeys.device,
        transactionID: String = "1"
    ) throws -> TestEnrolment {
        var enrolment = try TestEnrolment(name: name, key: key)
        enrolment.challenge = Self.secret
        enrolment.transactionID = transactionID
        return enrolment
    }

    @Test("is good once, for whoever comes first")
    func once() async throws {
        try await Self.run { authority, id in
            #expect(try await authority.enrol(try Self.enrolment()).reply.certificates.count == 1)
            let second = try await authority.enrol(try Self.enrolment("CN=other.example", key: TestKeys.otherDevice))
            #expect(second.reply.failInfo == .badRequest)
            #expect(second.exchange.isConcealed)
            #expect(try await authority.registry.certificateCount() == 1)
            let record = try #require(try await authority.registry.challenge(id))
            #expect(record.uses == 1)
            #expect(record.lastUse?.address == TestAuthority.clientAddress)
            #expect(record.state(at: TestAuthority.now) == .spent)
            let users = try await authority.registry.requests(usingChallenge: id).map(\.request.subject)
            #expect(users == ["CN=device.example"])
        }
    }

    @Test("is good as often as was said")
    func several() async throws {
        try await Self.run(uses: 3) { authority, id in
            for number in 1...4 {
                let enrolment = try Self.enrolment("CN=device-\(number).example", transactionID: "\(number)")
                #expect(try await authority.enrol(enrolment).reply.certificates.count == (number <= 3 ? 1 : 0))
            }
            #expect(try await authority.registry.challenge(id)?.uses == 3)
        }
    }

    @Test("is not used again by a resend, nor by the same key and names under another transactionID")
    func repetition() async throws {
        try await Self.run { authority, id in
            let first = try await authority.enrol(try Self.enrolment()).reply.certificates
            #expect(try await authority.enrol(try Self.enrolment()).reply.certificates == first)
            let again = try await authority.enrol(try Self.enrolment(transactionID: "2"))
            #expect(again.reply.certificates == first)
            #expect(again.exchange.outcome == .sent)
            // After its end, too: the first answer may have been lost just then.
            _ = try await authority.registry.revokeChallenge(id, by: "anna", at: TestAuthority.now)
            #expect(try await authority.enrol(try Self.enrolment()).reply.certificates == first)
            // Another name is another request.
            let other = try await authority.enrol(try Self.enrolment("CN=other.example", transactionID: "3"))
            #expect(other.reply.failInfo == .badRequest)
            #expect(try await authority.registry.challenge(id)?.uses == 1)
        }
    }

    @Test("that is used up does not stand in the way of an address that is enough", arguments: [true, false])
    func besideAddress(isKnown: Bool) async throws {
        let settings = ProfileSettings.with {
            $0.rules.combination = .any
            $0.rules.addressRanges = ["10.0.0.0/8"].compactMap { try? AddressRange(parsing: $0) }
        }
        try await Self.run(settings: settings) { authority, id in
            let client = isKnown ? "10.1.2.3" : TestAuthority.clientAddress
            let first = try await authority.enrol(try Self.enrolment(), from: client).reply.certificates
            // Another name, and later the same one again with the same key and the challenge that is still in the device.
            let other = try await authority.enrol(
                try Self.enrolment("CN=other.example", transactionID: "2"), from: client)
            #expect(other.reply.certificates.count == (isKnown ? 1 : 0))
            let late = TestAuthority.now.addingTimeInterval(366 * 86_400)
            let again = try await authority.enrol(try Self.enrolment(transactionID: "3"), at: late, from: client)
            #expect(again.reply.certificates.count == (isKnown ? 1 : 0))
            #expect(again.reply.certificates != first)
            #expect(try await authority.registry.challenge(id)?.uses == 1)
        }
    }

    @Test("gives nothing again that has ended or is revoked", arguments: [true, false])
    func over(isRevoked: Bool) async throws {
        try await Self.run { authority, _ in
            let first = try await authority.certificate(for: try Self.enrolment())
            let record = try #require(try await authority.record(of: first))
            if isRevoked {
                #expect(try await authority.registry.revoke(record.id, reason: 1, at: TestAuthority.now))
            }
            let later = TestAuthority.now.addingTimeInterval(isRevoked ? 60 : 366 * 86_400)
            let again = try await authority.enrol(try Self.enrolment(), at: later)
            #expect(again.reply.failInfo == .badRequest)
            #expect(again.exchange.isConcealed)
        }
    }

    @Test("is not burnt by a request that fails for another reason")
    func notBurnt() async throws {
        try await Self.run { authority, id in
            var enrolment = try Self.enrolment()
            // basicConstraints: cA TRUE
            enrolment.extensions = [
                CertificateExtension([2, 5, 29, 19], isCritical: true, value: [0x30, 0x03, 0x01, 0x01, 0xff])
            ]
            #expect(try await authority.enrol(enrolment).reply.failInfo == .badRequest)
            #expect(try await authority.registry.challenge(id)?.uses == 0)
            #expect(try await authority.enrol(try Self.enrolment()).reply.certificates.count == 1)
        }
    }

    @Test("ends, and can be revoked")
    func end() async throws {
        try await Self.run(expiresAt: TestAuthority.now.addingTimeInterval(3600)) { authority, id in
            let late = TestAuthority.now.addingTimeInterval(3600)
            #expect(try await authority.enrol(try Self.enrolment(), at: late).reply.failInfo == .badRequest)
            _ = try await authority.registry.revokeChallenge(id, by: "anna", at: TestAuthority.now)
            let refused = try await authority.enrol(try Self.enrolment())
            guard case .refused(.badRequest, let reason) = refused.exchange.outcome else {
                Issue.record("\(refused.exchange.outcome)")
                return
            }
            #expect(reason.contains("was revoked"))
            #expect(reason.contains("anna"))
        }
    }

    @Test("is held while its request waits, used by the approval, and free again after a rejection")
    func held() async throws {
        try await Self.run(settings: .with { $0.approval = .manual }) { authority, id in
            #expect(try await authority.enrol(try Self.enrolment()).reply.answer == .pending)
            #expect(try await authority.registry.challenge(id)?.reserved == 1)
            let other = try Self.enrolment("CN=other.example", key: TestKeys.otherDevice)
            #expect(try await authority.enrol(other).reply.failInfo == .badRequest)
            try await authority.approval.reject(
                try #require(try await authority.waiting.first),
                reason: "no",
                by: "anna",
                at: TestAuthority.now
            )
            #expect(try await authority.registry.challenge(id)?.reserved == 0)
            #expect(try await authority.enrol(other).reply.answer == .pending)
            _ = try await authority.approve(try #require(try await authority.waiting.first))
            let record = try #require(try await authority.registry.challenge(id))
            #expect(record.uses == 1)
            #expect(record.reserved == 0)
        }
    }

    @Test("joins the request that waits where the same device asks again under another transactionID")
    func joining() async throws {
        try await Self.run(settings: .with { $0.approval = .manual }) { authority, id in
            _ = try await authority.enrol(try Self.enrolment())
            let again = try Self.enrolment(transactionID: "2")
            #expect(try await authority.enrol(again).reply.answer == .pending)
            let waiting = try await authority.waiting
            #expect(waiting.count == 1)
            #expect(try await authority.registry.challenge(id)?.reserved == 1)
            let issued = try await authority.approve(try #require(waiting.first))
            let (_, polled) = try await PendingRequestTests.poll(again, at: authority)
            #expect(polled.certificates == [issued.encoded])
        }
    }

    struct Bound: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var isGranted: Bool
        var name = "CN=pump-4.example.com"
        var client = "10.1.2.3"
    }

    static let bound: [Bound] = [
        Bound(testDescription: "the right name and address", isGranted: true),
        Bound(testDescription: "another name", isGranted: false, name: "CN=pump-5.example.com"),
        Bound(testDescription: "a second name", isGranted: false, name: "CN=pump-4.example.com,CN=admin"),
        Bound(testDescription: "another address", isGranted: false, client: "192.0.2.1"),
        Bound(testDescription: "no address", isGranted: false, client: "unknown"),
    ]

    @Test("is good for the names, addresses and template that it is bound to", arguments: Self.bound)
    func binding(row: Bound) async throws {
        var binding = ChallengeBinding()
        binding.subjects = [try SubjectPattern(parsing: "CN=pump-4.example.com")]
        binding.addressRanges = [try AddressRange(parsing: "10.0.0.0/8")]
        binding.template = "Network Equipment"
        try await Self.run(binding: binding) { authority, id in
            let (exchange, reply) = try await authority.enrol(try Self.enrolment(row.name), from: row.client)
            #expect(reply.certificates.count == (row.isGranted ? 1 : 0))
            #expect(exchange.isConcealed == !row.isGranted)
            #expect(try await authority.registry.challenge(id)?.uses == (row.isGranted ? 1 : 0))
            guard let certificate = reply.certificates.first else { return }
            let record = try #require(try await authority.record(of: certificate))
            #expect(record.certificate.assignedTemplate == "Network Equipment")
            let days = record.certificate.notAfter.timeIntervalSince(TestAuthority.now) / 86_400
            #expect(Int(days.rounded()) == 1095)
            // A renewal goes on with what was decided for this device.
            let client = try TestClient(name: row.name, key: TestKeys.device)
            let renewed = try await authority.certificate(for: try .renewal(of: certificate, by: client))
            let next = try #require(try await authority.record(of: renewed))
            #expect(next.certificate.assignedTemplate == "Network Equipment")
        }
    }

    @Test("is raced for by a thousand requests, of which one is granted")
    func race() async throws {
        try await Self.run { authority, id in
            let messages = try (0..<1000).map { number in
                try Self.enrolment("CN=device-\(number).example", transactionID: "\(number)")
                    .message(for: authority.raCertificate)
            }
            let outcomes = try await withThrowingTaskGroup(of: Exchange.Outcome.self) { group in
                for message in messages {
                    group.addTask { try await authority.answer(message).outcome }
                }
                return try await group.reduce(into: [Exchange.Outcome]()) { $0.append($1) }
            }
            let granted = outcomes.filter { if case .issued = $0 { true } else { false } }
            let refused = outcomes.filter { if case .refused(.badRequest, _) = $0 { true } else { false } }
            #expect(granted.count == 1)
            #expect(refused.count == 999)
            #expect(try await authority.registry.certificateCount() == 1)
            #expect(try await authority.registry.challenge(id)?.uses == 1)
        }
    }
}
