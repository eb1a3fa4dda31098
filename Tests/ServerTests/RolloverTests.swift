import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Logging
import Registry
import SCEP
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import Server

@Suite("A CA rollover (RFC 8894 §4.7, §5.1)")
struct RolloverTests {
    static let now = TestInstallation.now
    static let switchAt = now.addingTimeInterval(1000)

    /// A running installation with a next CA that takes over at ``switchAt``.
    struct Running {
        let installation: OpenedInstallation
        let challenge: String

        var served: RegistrationAuthority {
            get throws {
                try #require(self.installation.configuration.current.registrationAuthorities[Profile.defaultName])
            }
        }

        func authority(_ name: String) throws -> IssuingAuthority {
            try #require(self.installation.configuration.current.authorities.named(name)).authority
        }

        func follow(at now: Date) async throws {
            let maintenance = Maintenance(
                configuration: self.installation.configuration,
                logger: Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }
            )
            try await maintenance.switchAuthorities(at: now)
            try await maintenance.followConfiguration()
        }

        /// Sends a request that is encrypted for an RA, and returns the certificate.
        func enrol(
            _ enrolment: TestEnrolment,
            for recipient: SignerCertificate,
            at now: Date
        ) async throws -> SignerCertificate {
            let exchange = try await self.served.answer(
                try enrolment.message(for: recipient),
                from: "192.0.2.7",
                at: now
            )
            let reply = try enrolment.verified(exchange.answer, from: recipient)
            return try SignerCertificate(encoded: try #require(reply.certificates.first))
        }

        func enrolment(_ transactionID: String) throws -> TestEnrolment {
            var enrolment = try TestEnrolment()
            enrolment.transactionID = transactionID
            enrolment.challenge = self.challenge
            return enrolment
        }
    }

    static func run(
        _ flags: [String: String] = [:],
        _ body: (Running) async throws -> Void
    ) async throws {
        try await TestInstallation.run { test in
            let installation = try await test.open(flags)
            defer { try? installation.registry.close() }
            let administration = try await Administration(try await test.configuration(flags))
            let name = try await administration.rollover(
                nil,
                to: .new(name: nil, key: nil),
                switchAt: Self.switchAt,
                by: "anna",
                at: Self.now
            )
            try administration.close()
            #expect(name == "UCM CA G2")
            let running = Running(
                installation: installation,
                challenge: try #require(installation.secrets?.challenge)
            )
            try await running.follow(at: Self.now)
            try await body(running)
        }
    }

    @Test("shows the next CA, signed by today's CA and RA", arguments: ["p256", "rsa2048"])
    func answer(key: String) async throws {
        try await Self.run(["ca-key": key]) { running in
            let (old, next) = (try running.authority("UCM CA"), try running.authority("UCM CA G2"))
            let expected = [
                try #require(next.registrationKeys.first).certificate.encoded, next.issuer.certificate.encoded,
            ]
            let encoded = try #require(try running.served.nextCertificates)
            #expect(try running.served.capabilities.contains(.getNextCACert))
            for signer in [old.issuer.certificate, try #require(old.registrationKeys.first).certificate] {
                let answer = try NextCACertificates(
                    berEncoded: encoded,
                    signedBy: [try CertificateDetails(encoded: signer.encoded)]
                )
                #expect(answer.certificates.map(\.certificate.encoded) == expected)
            }
            // jscep looks for it among the outer certificates.
            let outer = try SignedData(berEncoded: encoded)
            #expect(outer.certificates.contains(next.issuer.certificate.encoded))
            #expect(outer.signerInfos.count == 2)
            #expect(throws: SCEPError.self) {
                try NextCACertificates(
                    berEncoded: encoded,
                    signedBy: [try CertificateDetails(encoded: next.issuer.certificate.encoded)]
                )
            }
        }
    }

    @Test("in CA mode shows the next CA alone, signed by today's alone")
    func authorityMode() async throws {
        try await Self.run(["ca-key": "rsa2048", "scep-mode": "ca"]) { running in
            let (old, next) = (try running.authority("UCM CA"), try running.authority("UCM CA G2"))
            let answer = try NextCACertificates(
                berEncoded: try #require(try running.served.nextCertificates),
                signedBy: [try CertificateDetails(encoded: old.issuer.certificate.encoded)]
            )
            #expect(answer.certificates.map(\.certificate.encoded) == [next.issuer.certificate.encoded])
            let issued = try await running.enrol(
                try running.enrolment("1"),
                for: next.issuer.certificate,
                at: Self.now
            )
            #expect(issued.identifier.issuer == next.issuer.certificate.subject)
        }
    }

    @Test("lets the envelope choose the CA before the switch, and after it")
    func recipients() async throws {
        try await Self.run { running in
            let (old, next) = (try running.authority("UCM CA"), try running.authority("UCM CA G2"))
            let (oldRA, nextRA) = (
                try #require(old.registrationKeys.first).certificate,
                try #require(next.registrationKeys.first).certificate
            )
            #expect(try running.served.certificates == .chain([oldRA.encoded, old.issuer.certificate.encoded]))
            let first = try await running.enrol(try running.enrolment("1"), for: oldRA, at: Self.now)
            #expect(first.identifier.issuer == old.issuer.certificate.subject)
            let early = try await running.enrol(try running.enrolment("2"), for: nextRA, at: Self.now)
            #expect(early.identifier.issuer == next.issuer.certificate.subject)

            try await running.follow(at: Self.switchAt.addingTimeInterval(-1))
            #expect(try running.served.authority.name == "UCM CA")
            try await running.follow(at: Self.switchAt)
            #expect(try running.served.authority.name == "UCM CA G2")
            #expect(try running.served.certificates == .chain([nextRA.encoded, next.issuer.certificate.encoded]))
            #expect(try running.served.nextCertificates == nil)
            #expect(try !running.served.capabilities.contains(.getNextCACert))

            let late = try await running.enrol(try running.enrolment("3"), for: oldRA, at: Self.switchAt)
            #expect(late.identifier.issuer == old.issuer.certificate.subject)
            // An old certificate renews, at the next CA.
            let renewal = try TestEnrolment.renewal(of: first.encoded, by: try TestEnrolment().client)
            let renewed = try await running.enrol(renewal, for: nextRA, at: Self.switchAt)
            #expect(renewed.identifier.issuer == next.issuer.certificate.subject)
        }
    }

    @Test("goes on when nothing ran at the time of the switch")
    func whileStopped() async throws {
        try await TestInstallation.run { test in
            try await test.start()
            let administration = try await Administration(try await test.configuration())
            _ = try await administration.rollover(
                nil,
                to: .new(name: "Next", key: .p384),
                switchAt: Self.switchAt,
                by: "anna",
                at: Self.now
            )
            try administration.close()
            let later = try await test.open(at: Self.switchAt.addingTimeInterval(1))
            #expect(try later.defaultAuthority.name == "Next")
            try later.registry.close()
        }
    }

    @Test(
        "names the next generation",
        arguments: [("UCM CA", "UCM CA G2"), ("UCM CA G2", "UCM CA G3"), ("Gx G1", "Gx G1 G2"), ("G9", "G9 G2")]
    )
    func names(old: String, next: String) {
        #expect(Administration.nextGeneration(of: old) == next)
    }
}
