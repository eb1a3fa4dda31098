import Foundation
import Testing

@testable import Registry

@Suite("A CA that is retired or revoked", .freshDatabase)
struct WithdrawnAuthorityTests {
    static let later = TestRecords.now.addingTimeInterval(60)

    /// How a CA is withdrawn.
    enum Way: CaseIterable {
        case retired, held, revoked
    }

    /// A CA below the first one, and the certificate that is recorded of it.
    static func below(in registry: Registry) async throws -> (authority: Int64, certificate: Int64) {
        var certificate = TestRecords.certificate(70, profile: nil)
        certificate.encoded = TestRecords.authority("below").certificate
        let id = try await registry.insert(
            TestRecords.authority("below"),
            serviceKeys: [],
            signedBy: (1, certificate),
            by: "anna",
            at: TestRecords.now
        )
        let record = try await registry.certificate(serialNumber: certificate.serialNumber, authority: 1)
        return (try #require(id), try #require(record).id)
    }

    static func withdraw(_ way: Way, _ made: (authority: Int64, certificate: Int64), in registry: Registry) async throws
    {
        switch way {
        case .retired:
            #expect(try await registry.retire(authority: made.authority, by: "anna", at: Self.later) == .retired)
        case .held: _ = try await registry.revoke([made.certificate], TestRecords.hold, at: Self.later)
        case .revoked: _ = try await registry.revoke([made.certificate], TestRecords.compromise, at: Self.later)
        }
    }

    @Test("records no certificate that was signed a moment before", arguments: DatabaseDriver.available, Way.allCases)
    func grants(_ driver: DatabaseDriver, way: Way) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let made = try await Self.below(in: registry)
        _ = try await registry.issue(1...1, authority: made.authority)
        let waiting = try await registry.pend(
            TestRecords.request(2, transactionID: "waiting", key: 2, authority: made.authority),
            limits: QueueLimits(perProfile: 10, perAddress: 10),
            at: TestRecords.now
        )
        guard case .recorded(let request) = waiting else { throw RegistryError.failed("\(waiting)") }
        try await Self.withdraw(way, made, in: registry)
        let before = try await registry.certificateCount()
        await #expect(throws: RegistryError.self) {
            try await registry.grant(
                TestRecords.request(3, authority: made.authority), TestRecords.certificate(3), at: Self.later)
        }
        await #expect(throws: RegistryError.self) {
            try await registry.approve(
                request, TestRecords.certificate(2), by: "anna", terms: "", needed: 1, at: Self.later)
        }
        await #expect(throws: RegistryError.self) { try await registry.issue(4...4, authority: made.authority) }
        await #expect(throws: RegistryError.self) {
            try await registry.insert(
                TestRecords.authority("lower"),
                serviceKeys: [],
                signedBy: (made.authority, TestRecords.certificate(71, profile: nil)),
                by: "anna",
                at: Self.later
            )
        }
        #expect(try await registry.certificateCount() == before)
        #expect(try await registry.approvals(of: request).isEmpty)
        #expect(try await registry.authorities().count == 2)
        _ = try await registry.issue(5...5)
    }

    @Test(
        "is noticed by running servers when it is revoked, and when it is released", arguments: DatabaseDriver.available
    )
    func revision(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let made = try await Self.below(in: registry)
        let device = try await registry.issue(1...1)
        #expect(
            try await !registry.notesChange { _ = try await registry.revoke(device, TestRecords.hold, at: Self.later) })
        #expect(try await registry.revokedAuthorityCertificates().isEmpty)
        #expect(
            try await registry.notesChange {
                _ = try await registry.revoke([made.certificate] + device, TestRecords.hold, at: Self.later)
            })
        #expect(try await registry.revokedAuthorityCertificates() == [TestRecords.authority("below").certificate])
        #expect(
            try await registry.notesChange {
                _ = try await registry.release([made.certificate], by: "anna", note: "", at: Self.later)
            })
        #expect(try await registry.revokedAuthorityCertificates().isEmpty)
        _ = try await registry.issue(2...2, authority: made.authority)
    }
}

@Suite("A certificate that is renewed by hand", .freshDatabase)
struct HandRenewalTests {
    @Test("is not renewed once it is revoked", arguments: DatabaseDriver.available)
    func revoked(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let authority = try await registry.install()
        let ids = try await registry.issue(1...1)
        func renew(_ number: Int) async throws {
            _ = try await registry.insert(
                TestRecords.certificate(number),
                authority: authority,
                renewing: ids[0],
                event: TestRecords.issuing,
                at: TestRecords.now
            )
        }
        try await renew(2)
        let before = try await registry.certificateCount()
        _ = try await registry.revoke(ids, TestRecords.hold, at: TestRecords.now)
        await #expect(throws: RegistryError.self) { try await renew(3) }
        #expect(try await registry.certificateCount() == before)
    }
}
