import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import TestSupport
import Testing

@testable import Registry
@testable import Server

@Suite("OCSP answers that are kept")
struct StatusCacheTests {
    static func ask(
        _ live: LiveInstallation,
        _ names: [CertID],
        nonce: [UInt8]? = nil,
        at now: Date
    ) async throws -> StatusAnswer {
        try await StatusResponderTests.ask(live, names, nonce: nonce, at: now)
    }

    @Test("are the same bytes until the state changes, and then another at once")
    func untilChanged() async throws {
        try await LiveInstallation.run { live in
            let (certificate, other) = (try await live.issue(), try await live.issue("CN=other"))
            let name = try certificate.certID()
            try await live.publish()
            let first = try await Self.ask(live, [name], at: live.now)
            let untouched = try await Self.ask(live, [try other.certID()], at: live.now)
            #expect(try await Self.ask(live, [name], at: live.now.addingTimeInterval(100)) == first)
            // Named by another digest it is another answer.
            let named = try await Self.ask(live, [try certificate.certID(by: .sha256)], at: live.day(0.1))
            #expect(named.producedAt != first.producedAt)
            var last = first
            for step in 0..<4 {
                if step % 2 == 0 {
                    try await live.revoke(certificate, .certificateHold)
                } else {
                    try await live.release(certificate)
                }
                let now = live.now.addingTimeInterval(Double(200 + step))
                try await live.publish(at: now)
                let next = try await Self.ask(live, [name], at: now)
                #expect(next.statuses == [step % 2 == 0 ? .revoked(6) : .good])
                #expect(next.producedAt == StatusAnswer.text(now))
                #expect(try await Self.ask(live, [name], at: now.addingTimeInterval(0.5)) == next)
                last = next
            }
            #expect(last.statuses == first.statuses)
            #expect(try await Self.ask(live, [try other.certID()], at: live.day(0.2)) == untouched)
        }
    }

    @Test("are no answer to a nonce, nor to several certificates, nor to a serial number that was never given")
    func notKept() async throws {
        try await LiveInstallation.run { live in
            let name = try (try await live.issue()).certID()
            let second = try (try await live.issue("CN=2")).certID()
            let never = try CertID(serialNumber: [0x55], issuer: try live.authority().statusIssuer)
            _ = try await Self.ask(live, [name], at: live.now)
            let later = live.now.addingTimeInterval(5)
            for nonce in [[7], [UInt8](repeating: 8, count: 128)] as [[UInt8]] {
                let answer = try await Self.ask(live, [name], nonce: nonce, at: later)
                #expect(answer.nonce == nonce)
                #expect(answer.producedAt == StatusAnswer.text(later))
            }
            // What was said to a nonce is told to nobody else.
            #expect(try await Self.ask(live, [name], at: later).nonce == nil)
            for names in [[name, second], [name, name], [never]] {
                _ = try await Self.ask(live, names, at: live.now)
                #expect(try await Self.ask(live, names, at: later).producedAt == StatusAnswer.text(later))
            }
            // It is issued a moment later, and known at once.
            let serialNumber: [UInt8] = [0x55]
            let certificate = NewCertificate(
                serialNumber: serialNumber, profile: nil, subject: "CN=3", notBefore: live.now, notAfter: live.day(1),
                encoded: [0])
            let event = NewEvent(.certificateIssued, by: "anna")
            _ = try await live.registry.insert(
                certificate, authority: try live.authority().id, event: event, at: live.now)
            #expect(try await Self.ask(live, [never], at: later).statuses == [.good])
        }
    }

    @Test("are used in the first half of their life only")
    func halfLife() async throws {
        try await LiveInstallation.run { live in
            let name = try (try await live.issue()).certID()
            let first = try await Self.ask(live, [name], at: live.now)
            let half = live.day(0.5)
            #expect(try await Self.ask(live, [name], at: half.addingTimeInterval(-1)) == first)
            let second = try await Self.ask(live, [name], at: half)
            #expect(second.producedAt == StatusAnswer.text(half))
            #expect(try await Self.ask(live, [name], at: half.addingTimeInterval(1)) == second)
            // A clock that was put back does not make them answers from the future.
            let earlier = try await Self.ask(live, [name], at: live.now)
            #expect(earlier.producedAt == StatusAnswer.text(live.now))
        }
    }

    @Test("are not used after their signer was renewed")
    func renewedSigner() async throws {
        try await LiveInstallation.run { live in
            let name = try (try await live.issue()).certID()
            let now = live.day(20)
            let first = try await Self.ask(live, [name], at: now)
            try await live.renewKeys(at: now)
            let second = try await Self.ask(live, [name], at: now.addingTimeInterval(1))
            #expect(second.signer != first.signer)
            #expect(second.statuses == [.good])
            #expect(second.nextUpdate == [StatusAnswer.text(now.addingTimeInterval(86_401))])
        }
    }

    @Test("are not kept where something changed after the registry was asked, or not for long")
    func changedMeanwhile() async throws {
        try await LiveInstallation.run { live in
            let statuses = live.served.statuses
            func follow() async throws {
                try await statuses.follow(try await live.registry.revocationListStates(), in: live.registry)
            }
            try await follow()
            for isNoticed in [true, false] {
                let certificate = try await live.issue()
                let name = try certificate.certID()
                let key = CertificateStatuses.Key(authority: try live.authority().id, certificate: name)
                // An answer is being made while the certificate is revoked.
                let age = statuses.age
                let request = try OCSPRequest(derEncoded: try StatusAnswer.request([name], nonce: [1]))
                let made = try await StatusResponder(configuration: live.served).answer(to: request, at: live.now)
                let answer = try #require(made)
                #expect(try StatusAnswer(answer).statuses == [.good])
                try await live.revoke(certificate)
                // Everybody has noticed when it is done, or nobody: then it goes with what is noticed next.
                if isNoticed { try await follow() }
                statuses.keep(answer, for: key, ofAge: age)
                let isKept = statuses.answer(for: key, signedBy: answer.signer, at: live.now) != nil
                #expect(isKept == !isNoticed)
                try await follow()
                #expect(statuses.answer(for: key, signedBy: answer.signer, at: live.now) == nil)
                #expect(try await Self.ask(live, [name], at: live.now).statuses == [.revoked(1)])
            }
        }
    }

    @Test("of a CA that is looked at for the first time are forgotten, since nobody knows what happened before")
    func firstLook() async throws {
        try await LiveInstallation.run { live in
            let certificate = try await live.issue()
            let first = try await Self.ask(live, [try certificate.certID()], at: live.now)
            try await live.revoke(certificate)
            try await live.publish()
            let second = try await Self.ask(live, [try certificate.certID()], at: live.now)
            #expect(first.statuses == [.good])
            #expect(second.statuses == [.revoked(1)])
        }
    }
}
