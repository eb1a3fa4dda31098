import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Registry
import SCEP
import TestSupport
import Testing

@Suite("Why a request is refused, in a word")
struct RefusalCauseTests {
    /// Sends an enrolment with the challenge of an authority, or another one.
    private static func cause(
        _ enrolment: TestEnrolment,
        to authority: TestAuthority,
        at date: Date = TestAuthority.now
    ) async throws -> RefusalCause? {
        let message = try enrolment.message(for: authority.raCertificate)
        return try await authority.answer(message, at: date).cause
    }

    @Test("is nothing where it is granted, and tells what its challenge was")
    func granted() async throws {
        try await withAuthority { authority in
            let exchange = try await authority.answer(
                try TestEnrolment().message(for: authority.raCertificate))
            #expect(exchange.cause == nil)
            #expect(exchange.challenge != nil)
            #expect(exchange.used.digest == "SHA-256")
            #expect(exchange.used.signature == "RSA")
        }
    }

    @Test(
        "is about the challenge", arguments: [(nil, RefusalCause.challengeMissing), ("other", .challengeWrong)])
    func challenge(_ challenge: String?, _ cause: RefusalCause) async throws {
        try await withAuthority { authority in
            var enrolment = try TestEnrolment()
            enrolment.challenge = challenge
            #expect(try await Self.cause(enrolment, to: authority) == cause)
        }
    }

    @Test("is what has become of a challenge for one certificate")
    func dynamicChallenge() async throws {
        try await DynamicChallengeTests.run(expiresAt: TestAuthority.now.addingTimeInterval(60)) { authority, id in
            let later = TestAuthority.now.addingTimeInterval(61)
            let expired = try DynamicChallengeTests.enrolment()
            #expect(try await Self.cause(expired, to: authority, at: later) == .challengeExpired)
            #expect(try await Self.cause(try DynamicChallengeTests.enrolment(), to: authority) == nil)
            let second = try DynamicChallengeTests.enrolment("CN=other", key: TestKeys.otherDevice)
            let exchange = try await authority.answer(try second.message(for: authority.raCertificate))
            #expect(exchange.cause == .challengeSpent)
            #expect(exchange.challenge == id)
        }
    }

    @Test("is that somebody has revoked the challenge")
    func revokedChallenge() async throws {
        try await DynamicChallengeTests.run { authority, id in
            _ = try await authority.registry.revokeChallenge(id, by: "anna", at: TestAuthority.now)
            #expect(try await Self.cause(try DynamicChallengeTests.enrolment(), to: authority) == .challengeRevoked)
        }
    }

    @Test("is that the challenge is for another address")
    func boundChallenge() async throws {
        var binding = ChallengeBinding()
        binding.addressRanges = [try AddressRange(parsing: "203.0.113.0/24")]
        try await DynamicChallengeTests.run(binding: binding) { authority, _ in
            let cause = try await Self.cause(try DynamicChallengeTests.enrolment(), to: authority)
            #expect(cause == .challengeBinding)
        }
    }

    @Test(
        "is about the rule that is not kept", arguments: [RefusalCause.address, .subject, .alternativeNames, .keyKind])
    func rules(_ cause: RefusalCause) async throws {
        var settings = ProfileSettings()
        switch cause {
        case .address: settings.rules.addressRanges = [try AddressRange(parsing: "203.0.113.0/24")]
        case .subject: settings.rules.subjects = [try SubjectPattern(parsing: "CN=*.example.com")]
        case .alternativeNames: settings.rules.subjects = [try SubjectPattern(parsing: "CN=pump")]
        default: settings.rules.keys = [try KeyRequirement(parsing: "p384")]
        }
        try await withAuthority(settings: settings) { authority in
            var enrolment = try TestEnrolment(name: "CN=pump")
            if cause == .alternativeNames {
                enrolment.extensions = [try RenewalTests.alternativeNames("elsewhere.example")]
            }
            #expect(try await Self.cause(enrolment, to: authority) == cause)
        }
    }

    @Test(
        "is about the certificate that is to be renewed",
        arguments: [RefusalCause.renewalsOff, .tooEarly, .endedCertificate, .foreignCertificate])
    func renewals(_ cause: RefusalCause) async throws {
        var settings = ProfileSettings()
        settings.renewal.isAllowed = cause != .renewalsOff
        settings.renewal.windowPercent = cause == .tooEarly ? 10 : nil
        try await withAuthority(settings: settings) { authority in
            let enrolment = try TestEnrolment()
            let old = try await authority.certificate(for: enrolment)
            var renewal = try TestEnrolment.renewal(of: old, by: enrolment.client)
            if cause == .foreignCertificate {
                renewal = TestEnrolment(enrolment.client)
                renewal.messageType = .renewalReq
            }
            let days = cause == .endedCertificate ? 5_000.0 : 1
            let date = TestAuthority.now.addingTimeInterval(days * 86_400)
            #expect(try await Self.cause(renewal, to: authority, at: date) == cause)
        }
    }
}
