import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import TestSupport
import Testing

@testable import Registry
@testable import Server

@Suite("What OCSP says of certificates (RFC 6960)")
struct StatusResponderTests {
    /// What is said of some certificates.
    static func ask(
        _ live: LiveInstallation,
        _ certificates: [CertID],
        nonce: [UInt8]? = nil,
        at now: Date? = nil
    ) async throws -> StatusAnswer {
        let request = try OCSPRequest(derEncoded: try StatusAnswer.request(certificates, nonce: nonce))
        let answer = try await StatusResponder(configuration: live.served).answer(to: request, at: now ?? live.now)
        return try StatusAnswer(try #require(answer))
    }

    @Test("is good, revoked with a reason, on hold, or good again")
    func states() async throws {
        try await LiveInstallation.run { live in
            for digest in [DigestAlgorithm.sha1, .sha256, .sha512] { try await Self.checkStates(live, by: digest) }
            let other = try await live.issue("CN=other")
            try await live.revoke(other, .unspecified)
            #expect(try await Self.ask(live, [try other.certID()]).statuses == [.revoked(nil)])
        }
    }

    private static func checkStates(_ live: LiveInstallation, by digest: DigestAlgorithm) async throws {
        let certificate = try await live.issue()
        let name = try certificate.certID(by: digest)
        func status() async throws -> StatusAnswer.Status? {
            // What the server does every second.
            try await live.publish()
            return try await Self.ask(live, [name]).statuses.first
        }
        #expect(try await status() == .good)
        try await live.revoke(certificate, .certificateHold)
        #expect(try await status() == .revoked(6))
        try await live.release(certificate)
        #expect(try await status() == .good)
        try await live.revoke(certificate, .keyCompromise)
        #expect(try await status() == .revoked(1))
    }

    @Test("is unknown for a serial number that was never given, and for another CA's")
    func unknown() async throws {
        try await LiveInstallation.run { live in
            let certificate = try await live.issue()
            let authority = try live.authority()
            let foreign = CertIDIssuer(
                subject: try RootAuthority.commonName("UCM CA"),
                publicKey: try SoftwareKey.generate(.p256).publicKey
            )
            let serialNumber = try certificate.serialOctets
            let names = [
                try CertID(serialNumber: [0x7f], issuer: authority.statusIssuer),
                try CertID(serialNumber: serialNumber + [0], issuer: authority.statusIssuer),
                try CertID(serialNumber: serialNumber, issuer: foreign),
            ]
            for name in names { #expect(try await Self.ask(live, [name]).statuses == [.unknown]) }
            // The CA's own certificate is none that it has issued here.
            let own = authority.issuer.certificate.identifier.serialNumber
            #expect(
                try await Self.ask(live, [try CertID(serialNumber: own, issuer: authority.statusIssuer)]).statuses
                    == [.unknown])
            #expect(try await Self.ask(live, [names[0], try certificate.certID()]).statuses == [.unknown, .good])
        }
    }

    @Test("is said by the signer of the first CA that is known, which says nothing of another CA's certificates")
    func severalAuthorities() async throws {
        try await LiveInstallation.run { live in
            try await live.create("Other")
            let (own, foreign) = (try await live.issue(), try await live.issue(by: "Other"))
            let names = [try own.certID(), try foreign.certID()]
            for (order, statuses) in [
                (names, [StatusAnswer.Status.good, .unknown]), (names.reversed(), [.good, .unknown]),
            ] {
                let answer = try await Self.ask(live, order)
                #expect(answer.statuses == statuses)
            }
            for (certificate, authority) in [(own, "UCM CA"), (foreign, "Other")] {
                let answer = try await Self.ask(live, [try certificate.certID()])
                let signer = try SignerCertificate(encoded: answer.signer)
                #expect(signer.identifier.issuer == (try live.authority(authority).issuer.certificate.subject))
                #expect(answer.statuses == [.good])
            }
            // Of the same serial number at another CA nothing is known.
            let mixed = try CertID(
                serialNumber: try own.serialOctets, issuer: try live.authority("Other").statusIssuer)
            #expect(try await Self.ask(live, [mixed]).statuses == [.unknown])
        }
    }

    @Test("holds for as long as the settings say, but not longer than its signer")
    func times() async throws {
        try await LiveInstallation.run { live in
            let name = try (try await live.issue()).certID()
            let first = try await Self.ask(live, [name], nonce: [1])
            #expect(first.producedAt == StatusAnswer.text(live.now))
            #expect(first.thisUpdate == [first.producedAt])
            #expect(first.nextUpdate == [StatusAnswer.text(live.day(1))])
            try await live.administration.change(PublicationSettings.self, by: "anna", at: live.now) {
                $0.statusHours = 2
            }
            _ = try await live.served.refresh()
            let second = try await Self.ask(live, [name], nonce: [1], at: live.now.addingTimeInterval(0.9))
            #expect(second.thisUpdate == first.thisUpdate)
            #expect(second.nextUpdate == [StatusAnswer.text(live.day(2.0 / 24))])
            let last = try await Self.ask(live, [name], nonce: [1], at: live.day(29.99))
            #expect(last.nextUpdate == [StatusAnswer.text(live.day(30))])
        }
    }

    @Test("is said by nobody where no CA has a signer whose certificate is valid now")
    func withoutSigner() async throws {
        try await LiveInstallation.run { live in
            let request = try OCSPRequest(
                derEncoded: try StatusAnswer.request([try (try await live.issue()).certID()]))
            let responder = StatusResponder(configuration: live.served)
            for day in [-1, 30.1, 4000] {
                let answer = try await responder.answer(to: request, at: live.day(day))
                #expect(answer == nil, "day \(day)")
            }
            _ = try await live.registry.database.write { connection in
                try connection.execute("DELETE FROM service_key WHERE purpose = 'ocsp'", [])
                try Registry.noteChange(in: connection)
            }
            #expect(try await live.served.refresh())
            let none = try await responder.answer(to: request, at: live.now)
            #expect(none == nil)
            // A CA of before there were signers gets one.
            try await live.renewKeys(at: live.now)
            let some = try await responder.answer(to: request, at: live.now)
            #expect(try StatusAnswer(try #require(some)).statuses == [.good])
        }
    }

    @Test("goes on for what a retired CA has issued")
    func retired() async throws {
        try await LiveInstallation.run { live in
            try await live.create("Old")
            let certificates = [try await live.issue(by: "Old"), try await live.issue("CN=2", by: "Old")]
            try await live.administration.retireAuthority("Old", by: "anna", at: live.now)
            _ = try await live.served.refresh()
            try await live.revoke(certificates[1])
            try await live.publish()
            let answer = try await Self.ask(live, try certificates.map { try $0.certID() })
            #expect(answer.statuses == [.good, .revoked(1)])
            #expect(try listedCertificates(try await live.list(of: "Old").encoded).count == 1)
        }
    }
}
