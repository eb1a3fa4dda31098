import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Registry
import SCEP
import TestSupport
import Testing

@Suite("The rules of a profile")
struct RuleTests {
    enum Expectation: Sendable {
        case granted
        case waits
        case refused(isConcealed: Bool)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var expected: Expectation
        var name = "CN=a.example.com"
        var challenge: String? = TestAuthority.challenge
        var client = "10.1.2.3"
        var settings: @Sendable (inout ProfileSettings) throws -> Void
    }

    static let known: @Sendable (inout ProfileSettings) throws -> Void = {
        $0.rules.combination = .any
        $0.rules.addressRanges = [try AddressRange(parsing: "10.0.0.0/8")]
    }
    static let both: @Sendable (inout ProfileSettings) throws -> Void = {
        $0.rules.addressRanges = [try AddressRange(parsing: "10.0.0.0/8")]
    }
    static let named: @Sendable (inout ProfileSettings) throws -> Void = {
        $0.rules.subjects = [try SubjectPattern(parsing: "CN=*.example.com")]
    }
    static let queue: @Sendable (inout ProfileSettings) throws -> Void = { $0.rules.otherwise = .queue }

    static let rows: [Row] = [
        Row(testDescription: "a known address is enough", expected: .granted, challenge: nil, settings: Self.known),
        Row(
            testDescription: "or a challenge from elsewhere",
            expected: .granted,
            client: "192.0.2.1",
            settings: Self.known
        ),
        Row(
            testDescription: "but neither is not",
            expected: .refused(isConcealed: true),
            challenge: nil,
            client: "192.0.2.1",
            settings: Self.known
        ),
        Row(testDescription: "both where both are asked for", expected: .granted, settings: Self.both),
        Row(
            testDescription: "no challenge where both are asked for",
            expected: .refused(isConcealed: true),
            challenge: nil,
            settings: Self.both
        ),
        Row(
            testDescription: "another address where both are asked for",
            expected: .refused(isConcealed: true),
            client: "192.0.2.1",
            settings: Self.both
        ),
        Row(testDescription: "a name that matches", expected: .granted, settings: Self.named),
        Row(
            testDescription: "a name that does not",
            expected: .refused(isConcealed: false),
            name: "CN=a.b.example.com",
            settings: Self.named
        ),
        Row(
            testDescription: "a name that matches is no credential",
            expected: .refused(isConcealed: true),
            challenge: nil,
            settings: Self.named
        ),
        Row(
            testDescription: "a key that is too small for the rules",
            expected: .refused(isConcealed: false),
            settings: { $0.rules.keys = [try KeyRequirement(parsing: "rsa3072")] }
        ),
        Row(testDescription: "no credential, in the queue", expected: .waits, challenge: nil, settings: Self.queue),
        Row(
            testDescription: "a wrong challenge does not wait",
            expected: .refused(isConcealed: true),
            challenge: "wrong",
            settings: Self.queue
        ),
        Row(
            testDescription: "another name, in the queue",
            expected: .waits,
            name: "CN=a.example.org",
            settings: {
                try Self.named(&$0)
                try Self.queue(&$0)
            }
        ),
        Row(
            testDescription: "all right, and somebody has to approve",
            expected: .waits,
            settings: {
                try Self.named(&$0)
                $0.approval = .manual
            }
        ),
    ]

    @Test("decide over a request", arguments: Self.rows)
    func decision(row: Row) async throws {
        var settings = ProfileSettings()
        try row.settings(&settings)
        try await withAuthority(settings: settings) { authority in
            var enrolment = try TestEnrolment(name: row.name)
            enrolment.challenge = row.challenge
            let (exchange, reply) = try await authority.enrol(enrolment, from: row.client)
            let request = try await authority.registry.requests(limit: 1).first
            switch row.expected {
            case .granted: #expect(reply.certificates.count == 1)
            case .waits: #expect(reply.answer == .pending)
            case .refused(let isConcealed):
                #expect(reply.failInfo == .badRequest)
                #expect(exchange.isConcealed == isConcealed)
                #expect(request == nil)
            }
            // What the rules said is kept, with the request or with the event of its refusal.
            let event = try #require(try await authority.registry.events(limit: 1).first)
            let text = request?.request.explanation ?? event.explanation
            let explanation = try #require(Explanation(text: text))
            #expect(!explanation.verdicts.isEmpty)
            #expect(event.clientAddress == row.client)
        }
    }

    @Test("hold for keys of renewals too, and for names only at first")
    func renewal() async throws {
        var settings = ProfileSettings()
        settings.rules.subjects = [try SubjectPattern(parsing: "CN=*.example.com")]
        settings.rules.otherwise = .queue
        try await withAuthority(settings: settings) { authority in
            let enrolment = try TestEnrolment(name: "CN=odd")
            #expect(try await authority.enrol(enrolment).reply.answer == .pending)
            let issued = try await authority.approve(try #require(try await authority.waiting.first))
            let renewal = try TestEnrolment.renewal(of: issued.encoded, by: enrolment.client)
            #expect(try await authority.enrol(renewal).reply.certificates.count == 1)
        }
    }

    @Test("let a device poll by its first request when its challenge is good no more")
    func pollingAfterRotation() async throws {
        try await withAuthority(settings: .with { $0.approval = .manual }) { authority in
            let secret = "for the next hour"
            _ = try await authority.registry.insert(
                [try .test(secret, maximumUses: 5, expiresAt: TestAuthority.now.addingTimeInterval(3600))],
                by: "anna",
                at: TestAuthority.now
            )
            var enrolment = try TestEnrolment()
            enrolment.challenge = secret
            #expect(try await authority.enrol(enrolment).reply.answer == .pending)
            let late = TestAuthority.now.addingTimeInterval(7200)
            #expect(try await authority.enrol(enrolment, at: late).reply.answer == .pending)
            let issued = try await authority.approve(try #require(try await authority.waiting.first), at: late)
            #expect(try await authority.enrol(enrolment, at: late).reply.certificates == [issued.encoded])
        }
    }
}
