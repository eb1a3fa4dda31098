import CryptographicMessageSyntax
import Enrollment
import SCEP
import TestSupport
import Testing

@testable import Registry

@Suite("A profile")
struct ProfileTests {
    @Test("in RA mode shows the RA's certificate first, then the CA's")
    func registrationAuthorityMode() async throws {
        try await withAuthority { authority in
            #expect(
                authority.registrationAuthority.certificates
                    == .chain([authority.raCertificate.encoded, authority.caCertificate.encoded])
            )
        }
    }

    @Test("in CA mode shows the CA's certificate alone, and answers with its key")
    func authorityMode() async throws {
        try await withAuthority(mode: .certificateAuthority) { authority in
            #expect(authority.registrationAuthority.certificates == .authority(authority.caCertificate.encoded))
            let enrolment = try TestEnrolment()
            let exchange = try await authority.answer(try enrolment.message(for: authority.caCertificate))
            let reply = try enrolment.verified(exchange.answer, from: authority.caCertificate)
            #expect(reply.certificates.count == 1)
        }
    }

    @Test("in RA mode opens nothing with the CA's key")
    func envelopeForTheAuthority() async throws {
        try await withAuthority { authority in
            let enrolment = try TestEnrolment()
            let exchange = try await authority.answer(try enrolment.message(for: authority.caCertificate))
            let reply = try enrolment.verified(exchange.answer, from: authority.raCertificate)
            #expect(reply.failInfo == .badRequest)
            #expect(try await authority.registry.certificateCount() == 0)
        }
    }

    @Test("picks its own RecipientInfo among several, as scepclient sends them")
    func severalRecipients() async throws {
        try await withAuthority { authority in
            let enrolment = try TestEnrolment()
            let message = try enrolment.request().encoded(
                for: [authority.caCertificate, authority.raCertificate],
                signer: enrolment.client.certificate,
                key: enrolment.client.key
            )
            let exchange = try await authority.answer(message)
            #expect(try enrolment.verified(exchange.answer, from: authority.raCertificate).certificates.count == 1)
        }
    }

    @Test("that is open asks for no challenge, and takes any", arguments: [nil, "", "anything"])
    func open(challenge: String?) async throws {
        try await withAuthority(challenge: nil, isOpen: true) { authority in
            var enrolment = try TestEnrolment()
            enrolment.challenge = challenge
            #expect(try await authority.enrol(enrolment).reply.certificates.count == 1)
        }
    }

    @Test(
        "without challenge that is not open refuses everybody",
        arguments: [nil, "", "anything", TestAuthority.challenge])
    func closed(challenge: String?) async throws {
        try await withAuthority(challenge: nil) { authority in
            var enrolment = try TestEnrolment()
            enrolment.challenge = challenge
            let (exchange, reply) = try await authority.enrol(enrolment)
            #expect(reply.failInfo == .badRequest)
            #expect(exchange.isConcealed)
            guard case .refused(.badRequest, let reason) = exchange.outcome else {
                Issue.record("\(exchange.outcome)")
                return
            }
            #expect(reason.contains("challenge"))
            #expect(try await authority.registry.certificateCount() == 0)
        }
    }

    @Test(
        "takes its challenge, and nothing that only looks like it",
        arguments: [
            (TestAuthority.challenge, true), (nil, false), ("", false), ("correct", false), ("correct hors", false),
            ("correct horse ", false), (" correct horse", false), ("correct horse␀", false), ("Correct horse", false),
            ("CORRECT HORSE", false), ("correct horse battery", false), ("cörrect horse", false), ("␀", false),
        ] as [(String?, Bool)]
    )
    func challenges(challenge: String?, isRight: Bool) async throws {
        try await withAuthority { authority in
            var enrolment = try TestEnrolment()
            enrolment.challenge = challenge?.replacing("␀", with: "\0")
            let (exchange, reply) = try await authority.enrol(enrolment)
            #expect(reply.certificates.count == (isRight ? 1 : 0))
            #expect(reply.failInfo == (isRight ? nil : .badRequest))
            #expect(exchange.isConcealed == !isRight)
        }
    }

    @Test("takes a challenge with any characters", arguments: ["grün\u{1F511}", "a b\tc", "'\"&<>", "\u{e9}"])
    func challengeCharacters(challenge: String) async throws {
        try await withAuthority(challenge: challenge) { authority in
            var enrolment = try TestEnrolment()
            enrolment.challenge = challenge
            #expect(try await authority.enrol(enrolment).reply.certificates.count == 1)
        }
    }
}
