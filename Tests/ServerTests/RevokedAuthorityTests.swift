import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Logging
import Registry
import SCEP
import TestSupport
import Testing

@testable import Server

@Suite("A CA whose certificate is revoked")
struct RevokedAuthorityTests {
    static let now = TestInstallation.now

    /// An installation with a CA below its first one, for which there is a profile.
    struct Running {
        let installation: OpenedInstallation
        let administration: Administration

        var current: LoadedConfiguration { self.installation.configuration.current }

        func create(_ name: String, under parent: String? = nil, subject: String? = nil) async throws {
            var order = AuthorityOrder(name: name)
            order.key = .p256
            order.parent = parent
            order.subject = subject
            if parent == "UCM CA" { order.pathLength = .unlimited }
            try await self.administration.createAuthority(order, by: "anna", at: RevokedAuthorityTests.now)
        }

        func profile(_ name: String, under authority: String) async throws -> String? {
            try await self.administration.createProfile(
                name,
                authority: authority,
                settings: ProfileSettings(),
                challenge: .generate,
                by: "anna",
                at: RevokedAuthorityTests.now
            ).challenge
        }

        /// What the CA is called in the list of certificates of the one above it.
        func serialNumber(of authority: String) async throws -> String {
            try await self.administration.authorityDescription(authority).serialNumber
        }

        func revoke(_ authority: String, for reason: RevocationReason) async throws {
            let results = try await self.administration.revoke(
                [try await self.serialNumber(of: authority)],
                for: RevocationRequest(reason: reason, note: "lost"),
                by: "anna",
                at: RevokedAuthorityTests.now
            )
            #expect(results.map(\.obstacle) == [nil])
            _ = try await self.installation.configuration.refresh()
        }

        func issue(by authority: String) async throws -> HandedCertificate {
            var order = CertificateOrder(key: .generated(.p256))
            order.subject = "CN=pump"
            order.authority = authority
            return try await self.administration.issue(order, by: "anna", at: RevokedAuthorityTests.now)
        }

        /// Why a CA does not issue; nil where it does.
        func obstacle(to authority: String) async throws -> String? {
            do {
                _ = try await self.issue(by: authority)
                return nil
            } catch let error as AdministrationError {
                return error.description
            }
        }
    }

    static func run(_ body: (Running) async throws -> Void) async throws {
        try await TestInstallation.run { test in
            let installation = try await test.open()
            defer { try? installation.registry.close() }
            let administration = try await Administration(try await test.configuration())
            defer { try? administration.close() }
            let running = Running(installation: installation, administration: administration)
            try await running.create("Below", under: "UCM CA")
            try await running.create("Lower", under: "Below")
            _ = try await running.profile("pumps", under: "Lower")
            _ = try await installation.configuration.refresh()
            try await body(running)
        }
    }

    @Test(
        "issues nothing more, and neither do those below it",
        arguments: [RevocationReason.cACompromise, .certificateHold])
    func issuesNothing(reason: RevocationReason) async throws {
        try await Self.run { running in
            #expect(running.current.registrationAuthorities["pumps"] != nil)
            #expect(try await running.obstacle(to: "Lower") == nil)
            try await running.revoke("Below", for: reason)
            for name in ["Below", "Lower"] {
                #expect(try await running.obstacle(to: name)?.contains("revoked") == true)
                #expect(running.current.authorities.named(name)?.authority.isRetired == true)
                let description = try await running.administration.authorityDescription(name)
                #expect(description.warnings.contains { $0.contains("revoked") })
            }
            #expect(try await running.obstacle(to: "UCM CA") == nil)
            #expect(running.current.registrationAuthorities["pumps"] == nil)
            #expect(running.current.registrationAuthorities["default"] != nil)
            #expect(running.current.unserved.first?.reason.contains("ucm profile set --ca") == true)
        }
    }

    @Test("goes on with its CRL and its signer of OCSP responses")
    func publishes() async throws {
        try await Self.run { running in
            try await running.revoke("Below", for: .cACompromise)
            let quiet = Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }
            try await RevocationListPublication(configuration: running.installation.configuration, logger: quiet)
                .run(at: Self.now)
            let below = try #require(running.current.authorities.named("Below")).authority
            #expect(running.installation.configuration.revocationLists[below.id] != nil)
            #expect(running.current.authorities.statusSigners[below.id]?.count == 1)
        }
    }

    @Test("issues again when the hold is taken back")
    func released() async throws {
        try await Self.run { running in
            try await running.revoke("Below", for: .certificateHold)
            let results = try await running.administration.release(
                [try await running.serialNumber(of: "Below")],
                note: "found",
                by: "anna",
                at: Self.now
            )
            #expect(results.map(\.obstacle) == [nil])
            _ = try await running.installation.configuration.refresh()
            #expect(try await running.obstacle(to: "Lower") == nil)
            #expect(running.current.registrationAuthorities["pumps"] != nil)
        }
    }

    @Test("keeps the server from starting no more than another one would")
    func restart() async throws {
        try await TestInstallation.run { test in
            try await test.start()
            let administration = try await Administration(try await test.configuration())
            var order = AuthorityOrder(name: "Below")
            order.key = .p256
            order.parent = "UCM CA"
            try await administration.createAuthority(order, by: "anna", at: Self.now)
            _ = try await administration.changeProfile(
                "default", authority: "Below", challenge: .keep, by: "anna", at: Self.now
            ) { _ in }
            let serialNumber = try await administration.authorityDescription("Below").serialNumber
            _ = try await administration.revoke(
                [serialNumber], for: RevocationRequest(reason: .superseded), by: "anna", at: Self.now)
            try administration.close()
            let installation = try await test.open()
            defer { try? installation.registry.close() }
            #expect(installation.configuration.current.registrationAuthorities.isEmpty)
            #expect(installation.configuration.current.unserved.map(\.profile) == ["default"])
        }
    }

    @Test("or another one with the same name does not confuse who may renew")
    func sameName() async throws {
        try await Self.run { running in
            try await running.create("Twin", subject: "CN=UCM CA")
            let challenge = try await running.profile("twins", under: "Twin")
            _ = try await running.installation.configuration.refresh()
            let served = try #require(running.current.registrationAuthorities["twins"])
            let recipient = try #require(served.authority.registrationKeys.first).certificate
            var enrolment = try TestEnrolment()
            enrolment.challenge = challenge
            let first = try await served.answer(try enrolment.message(for: recipient), from: "192.0.2.7", at: Self.now)
            let issued = try #require(try enrolment.verified(first.answer, from: recipient).certificates.first)
            let renewal = try TestEnrolment.renewal(of: issued, by: enrolment.client)
            let second = try await served.answer(try renewal.message(for: recipient), from: "192.0.2.7", at: Self.now)
            #expect(try renewal.verified(second.answer, from: recipient).certificates.count == 1)
        }
    }

    @Test("and every other one: the keys of the server's own services are nobody's else")
    func reservedKeys() async throws {
        try await Self.run { running in
            let registry = running.installation.registry
            _ = try await registry.insert(
                NewAuthorityRequest(
                    name: "Awaited",
                    encoded: try AuthorityRequest.make(
                        subject: try RootAuthority.commonName("Awaited"), key: TestKeys.nextRegistrationAuthority),
                    sealedKey: []
                ),
                by: "anna",
                at: Self.now
            )
            let loaded = try await LoadedAuthorities(registry, masterKey: running.installation.masterKey)
            let issuer = try #require(loaded.standard).issuer
            var keys = loaded.statusSigners.values.joined().map(\.certificate.publicKey)
            keys.append(TestKeys.nextRegistrationAuthority.publicKey)
            for stored in try await registry.serviceKeys(.server).values.joined() {
                keys.append(try SignerCertificate(encoded: stored.certificate).publicKey)
            }
            #expect(keys.count == 5)
            for key in keys {
                let error = #expect(throws: IssuanceError.self) { try issuer.certifiable(key, rsaBits: 2048...8192) }
                #expect(error?.code == .authorityKey)
            }
        }
    }
}
