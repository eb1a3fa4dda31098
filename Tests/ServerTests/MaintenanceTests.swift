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

@Suite("Maintenance")
struct MaintenanceTests {
    static let now = TestInstallation.now

    static func day(_ days: Double) -> Date { Self.now.addingTimeInterval(days * 86_400) }

    static func quiet() -> Logger { Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() } }

    static func run(_ body: (TestInstallation, OpenedInstallation) async throws -> Void) async throws {
        try await TestInstallation.run { test in
            let installation = try await test.open()
            defer { try? installation.registry.close() }
            try await body(test, installation)
        }
    }

    @Test("renews an RA certificate when a third of its life is left, and the old key goes on decrypting")
    func registrationKeys() async throws {
        try await Self.run { _, installation in
            let renewal = ServiceKeyRenewal(configuration: installation.configuration, logger: Self.quiet())
            let old = try #require(try installation.defaultAuthority.registrationKeys.first).certificate
            try await renewal.run(at: Self.day(486))
            #expect(try installation.defaultAuthority.registrationKeys.count == 1)
            try await renewal.run(at: Self.day(488))
            let keys = try installation.defaultAuthority.registrationKeys
            #expect(keys.map(\.certificate).last == old)
            #expect(keys.count == 2)
            try await renewal.run(at: Self.day(489))
            #expect(try installation.defaultAuthority.registrationKeys.count == 2)

            let served = try #require(installation.configuration.current.registrationAuthorities["default"])
            #expect(served.certificates.certificates.first == keys[0].certificate.encoded)
            for (number, recipient) in keys.map(\.certificate).enumerated() {
                var enrolment = try TestEnrolment()
                enrolment.transactionID = "\(number)"
                enrolment.challenge = installation.secrets?.challenge
                let exchange = try await served.answer(
                    try enrolment.message(for: recipient),
                    from: "192.0.2.7",
                    at: Self.day(489)
                )
                // Answered by the key that it was sent to, which is the one the client knows.
                #expect(try enrolment.verified(exchange.answer, from: recipient).certificates.count == 1)
            }
        }
    }

    @Test("makes a CRL at the start, after a revocation, and long before the last one ends")
    func revocationLists() async throws {
        try await Self.run { _, installation in
            let registry = installation.registry
            let authority = try installation.defaultAuthority
            let publication = RevocationListPublication(
                configuration: installation.configuration,
                logger: Self.quiet()
            )
            func list() async throws -> RevocationListRecord {
                try #require(try await registry.revocationList(authority: authority.id))
            }
            try await publication.run(at: Self.now)
            #expect(try await list().number == 1)
            try await publication.run(at: Self.day(3))
            #expect(try await list().number == 1)
            try await publication.run(at: Self.day(4))
            #expect(try await list().number == 2)

            let ra = try #require(authority.registrationKeys.first).certificate.identifier.serialNumber
            let record = try #require(try await registry.certificate(serialNumber: ra, authority: authority.id))
            try await registry.revoke(record.id, reason: 4, at: Self.day(4))
            try await publication.run(at: Self.day(4))
            let last = try await list()
            #expect(last.number == 3)
            #expect(last.revocationChanges == 1)
            #expect(last.encoded.firstRange(of: ra) != nil)
            let header = try CertificateRevocationList(derEncoded: last.encoded)
            #expect(header.number == 3)
            #expect(header.issuer == authority.issuer.certificate.subject)
            #expect(header.nextUpdate == Self.day(11))
        }
    }

    @Test("takes over what an administrator changes while the server runs")
    func configuration() async throws {
        try await Self.run { test, installation in
            let maintenance = Maintenance(configuration: installation.configuration, logger: Self.quiet())
            let administration = try await Administration(try await test.configuration())
            func served(_ name: String) -> RegistrationAuthority? {
                installation.configuration.current.registrationAuthorities[name]
            }
            _ = try await administration.createProfile(
                "routers",
                authority: nil,
                settings: ProfileSettings(),
                challenge: .generate,
                by: "anna",
                at: Self.now
            )
            #expect(served("routers") == nil)
            try await maintenance.followConfiguration()
            #expect(served("routers")?.capabilities.contains(.sha1) == false)
            _ = try await administration.changeProfile(
                "routers", authority: nil, challenge: .keep, by: "anna", at: Self.now
            ) {
                $0.algorithmLevel = .legacy
            }
            try await maintenance.followConfiguration()
            #expect(served("routers")?.capabilities.contains(.sha1) == true)
            try await administration.deleteProfile("routers", by: "anna", at: Self.now)
            try await maintenance.followConfiguration()
            #expect(served("routers") == nil)
            #expect(served("default") != nil)
            try administration.close()
        }
    }

    @Test("goes on with the other profiles where one cannot be served")
    func brokenConfiguration() async throws {
        try await Self.run { _, installation in
            _ = try await installation.registry.insert(
                ProfileRecord(name: "broken", authority: 1, settings: #"{"mode":"maybe"}"#),
                challenges: [],
                by: "anna",
                at: Self.now
            )
            #expect(try await installation.configuration.refresh())
            #expect(installation.configuration.current.registrationAuthorities.keys.sorted() == ["default"])
            #expect(installation.configuration.current.unserved.map(\.profile) == ["broken"])
            _ = try await installation.registry.deleteProfile("broken", by: "anna", at: Self.now)
            #expect(try await installation.configuration.refresh())
        }
    }

    @Test("gives up requests that nobody approved in time")
    func expiry() async throws {
        try await Self.run { test, installation in
            let events = CollectingLogHandler.Events()
            let maintenance = Maintenance(
                configuration: installation.configuration,
                logger: CollectingLogHandler.logger(events)
            )
            let administration = try await Administration(try await test.configuration())
            _ = try await administration.changeProfile(
                "default", authority: nil, challenge: .keep, by: "anna", at: Self.now
            ) {
                $0.approval = .manual
                $0.queue.days = 2
            }
            try await maintenance.followConfiguration()
            let id = try #require(try await installation.enrol(at: Self.now).exchange.request)
            try await maintenance.expireRequests(at: Self.day(1.9))
            #expect(try await installation.registry.request(id)?.state == .pending)
            try await maintenance.expireRequests(at: Self.day(2.1))
            #expect(try await installation.registry.request(id)?.state == .expired)
            try await maintenance.expireRequests(at: Self.day(3))
            #expect(events.all.compactMap { $0.values["request"] } == ["\(id)"])
            // Whoever asks again waits again.
            let again = try await installation.enrol(at: Self.day(3)).exchange
            #expect(again.outcome == .pending)
            try administration.close()
        }
    }

    @Test("forgets refusals and wrong challenges after a while, and nothing else")
    func pruning() async throws {
        try await Self.run { _, installation in
            let maintenance = Maintenance(configuration: installation.configuration, logger: Self.quiet())
            _ = try await installation.enrol(at: Self.now)
            _ = try await installation.enrol(with: "wrong", transactionID: "2", at: Self.now)
            let registry = installation.registry
            func kinds() async throws -> [EventKind?] {
                let filter = EventFilter(kinds: [.issued, .refused])
                return try await registry.events(filter, limit: 10).map(\.kind)
            }
            try await maintenance.prune(at: Self.day(0.9))
            #expect(try await registry.guessingAddresses(since: .distantPast).count == 1)
            try await maintenance.prune(at: Self.day(89))
            #expect(try await registry.guessingAddresses(since: .distantPast).isEmpty)
            #expect(try await kinds() == [.refused, .issued])
            try await maintenance.prune(at: Self.day(91))
            #expect(try await kinds() == [.issued])
        }
    }
}
