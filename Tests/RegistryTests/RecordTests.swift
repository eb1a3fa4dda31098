import Foundation
import Testing

@testable import Registry

@Suite("A record", .freshDatabase)
struct RecordTests {
    @Test("of an installation comes back as it was put in", arguments: DatabaseDriver.available)
    func installation(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let authority = try await registry.install()
        let expected = TestRecords.installation
        #expect(
            try await registry.authorities() == [
                AuthorityRecord(
                    id: authority, name: "CA", certificate: [1, 2, 3], sealedKey: [4, 5, 6], isDefault: true)
            ]
        )
        var profile = expected.profile
        profile.authority = authority
        #expect(try await registry.profiles() == [profile])
        let challenges = try await registry.staticChallenges(at: TestRecords.now)
        #expect(challenges.map(\.challenge) == expected.challenges)
        #expect(challenges.map(\.createdBy) == ["first start", "first start"])
        #expect(
            try await registry.serviceKeys(.registrationAuthority, authority: authority)
                == expected.serviceKeys.map(\.key)
        )
        #expect(try await registry.certificateCount() == 1)
        let account = try await registry.database.read {
            try $0.query("SELECT name, password_hash, role, must_change_password FROM account", [])[0]
        }
        #expect(try account.text(0) == "admin")
        #expect(try account.text(1) == expected.account.passwordHash)
        #expect(try account.text(2) == "administrator")
        #expect(try account.integer(3) == 1)
    }

    @Test("of an installation is there whole or not at all", arguments: DatabaseDriver.available)
    func allOrNothing(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        var broken = TestRecords.installation
        // The same serial number twice under one CA: refused when most of the installation is written already.
        broken.serviceKeys.append(
            (TestRecords.serviceKey(2, .server), TestRecords.certificate(1_000_001, profile: nil)))
        await #expect(throws: RegistryError.self) { try await registry.insert(broken, at: TestRecords.now) }
        for table in ["authority", "service_key", "profile", "challenge", "certificate", "account", "event"] {
            #expect(try await registry.count(table) == 0, "\(table)")
        }
        #expect(try await registry.install() > 0)
    }

    @Test("of an installation is there once", arguments: DatabaseDriver.available)
    func twice(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        await #expect(throws: RegistryError.self) {
            try await registry.insert(TestRecords.installation, at: TestRecords.now)
        }
        #expect(try await registry.authorities().count == 1)
    }

    @Test("of a service key is found by purpose and CA, the newest first", arguments: DatabaseDriver.available)
    func serviceKeys(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let authority = try await registry.install()
        for number in 2...3 {
            try await registry.insert(
                TestRecords.serviceKey(number),
                certificate: TestRecords.certificate(1_000_000 + number, profile: nil),
                authority: authority,
                at: TestRecords.now
            )
        }
        try await registry.insert(
            TestRecords.serviceKey(9, .server),
            certificate: TestRecords.certificate(1_000_009, profile: nil),
            authority: authority,
            at: TestRecords.now
        )
        #expect(
            try await registry.serviceKeys(.registrationAuthority, authority: authority)
                == [3, 2, 1].map { TestRecords.serviceKey($0) }
        )
        #expect(try await registry.serviceKeys(.server, authority: authority) == [TestRecords.serviceKey(9, .server)])
        #expect(try await registry.serviceKeys(.server, authority: authority + 1).isEmpty)
        #expect(try await registry.certificateCount() == 4)
    }

    @Test("of a certificate is found by CA and serial number", arguments: DatabaseDriver.available)
    func certificates(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let authority = try await registry.install()
        let certificate = TestRecords.certificate(7)
        #expect(
            try await registry.grant(TestRecords.request(7), certificate, at: TestRecords.now)
                .isRecorded
        )
        let serial = certificate.serialNumber
        let stored = try await registry.certificate(serialNumber: serial, authority: authority)
        #expect(stored?.certificate == certificate)
        #expect(stored?.revocation == nil)
        #expect(try await registry.certificate(serialNumber: serial, authority: authority + 1) == nil)
        #expect(try await registry.certificate(serialNumber: [0] + serial, authority: authority) == nil)
        #expect(try await registry.certificate(serialNumber: [], authority: authority) == nil)
    }

    @Test("of a certificate says since when and why it is revoked", arguments: DatabaseDriver.available)
    func revocation(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let authority = try await registry.install()
        let certificate = TestRecords.certificate(7)
        _ = try await registry.grant(TestRecords.request(7), certificate, at: TestRecords.now)
        let id = try #require(
            try await registry.certificate(serialNumber: certificate.serialNumber, authority: authority)
        ).id
        #expect(try await registry.revocations(authority: authority).isEmpty)
        #expect(try await registry.revoke(id, reason: 1, at: TestRecords.now))
        #expect(try await !registry.revoke(id, reason: 4, at: TestRecords.now.addingTimeInterval(60)))
        let expected = Revocation(date: TestRecords.now, reason: 1)
        let stored = try await registry.certificate(serialNumber: certificate.serialNumber, authority: authority)
        #expect(stored?.revocation == expected)
        let all = try await registry.revocations(authority: authority)
        #expect(all.map(\.serialNumber) == [certificate.serialNumber])
        #expect(all.map(\.revocation) == [expected])
    }

    @Test("of a CRL is replaced only by a later one", arguments: DatabaseDriver.available)
    func revocationLists(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let authority = try await registry.install()
        func list(_ number: Int64) -> RevocationListRecord {
            RevocationListRecord(
                number: number,
                encoded: [UInt8(number)],
                thisUpdate: TestRecords.now,
                nextUpdate: TestRecords.now.addingTimeInterval(Double(number)),
                revocationChanges: number
            )
        }
        #expect(try await registry.revocationList(authority: authority) == nil)
        #expect(try await registry.insert(list(2), authority: authority))
        #expect(try await registry.insert(list(3), authority: authority))
        #expect(try await !registry.insert(list(2), authority: authority))
        #expect(try await registry.revocationList(authority: authority) == list(3))
        let state = try await registry.revocationListState(authority: authority)
        #expect(
            state
                == RevocationListState(
                    number: 3,
                    thisUpdate: TestRecords.now,
                    nextUpdate: list(3).nextUpdate,
                    size: 1,
                    listedChanges: 3,
                    revocationChanges: 0
                )
        )
    }
}
