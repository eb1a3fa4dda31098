import Foundation
import Testing

@testable import Registry

@Suite("A CA", .freshDatabase)
struct AuthorityTests {
    @Test("comes back as it was put in, with what is above it and its keys", arguments: DatabaseDriver.available)
    func insertion(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let root = try await registry.install()
        let revision = try await registry.configurationRevision()
        let keys = [
            (TestRecords.serviceKey(2), TestRecords.certificate(1_000_002, profile: nil)),
            (TestRecords.serviceKey(3, .ocspResponder), TestRecords.certificate(1_000_003, profile: nil)),
        ]
        let own = TestRecords.certificate(8, profile: nil)
        let issuing = try #require(
            try await registry.insert(
                TestRecords.authority("issuing", parents: [[1], [2], [3]]),
                serviceKeys: keys,
                signedBy: (root, own),
                by: "anna",
                at: TestRecords.now
            )
        )
        let expected = AuthorityRecord(
            id: issuing, name: "issuing", certificate: Array("issuing".utf8), parents: [[1], [2], [3]],
            sealedKey: [7] + Array("issuing".utf8))
        #expect(try await registry.authorities().last == expected)
        #expect(try await registry.authorities().map(\.isDefault) == [true, false])
        #expect(try await registry.authorities().first?.parents.isEmpty == true)
        #expect(try await registry.configurationRevision() != revision)
        #expect(
            try await registry.serviceKeys(.ocspResponder) == [issuing: [TestRecords.serviceKey(3, .ocspResponder)]])
        #expect(
            try await registry.serviceKeys(.registrationAuthority)
                == [root: [TestRecords.serviceKey(1)], issuing: [TestRecords.serviceKey(2)]]
        )
        let signed = try await registry.certificate(serialNumber: own.serialNumber, authority: root)
        #expect(signed?.certificate.origin == .authority)
        #expect(try await registry.certificates(serialNumber: own.serialNumber).map(\.authority) == [root])
        let event = try #require(try await registry.events(limit: 1).first)
        #expect(event.kind == .authorityCreated)
        #expect(event.actor == "anna")
        #expect(event.certificate == signed?.id)
        #expect(event.detail == "CA issuing, number \(issuing), signed by CA \(root)")
    }

    @Test("is the default where it is the first", arguments: DatabaseDriver.available)
    func first(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.addAuthority("one")
        _ = try await registry.addAuthority("two")
        #expect(try await registry.authorities().map(\.isDefault) == [true, false])
    }

    @Test("whose keys cannot be recorded is not recorded at all", arguments: DatabaseDriver.available)
    func allOrNothing(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let root = try await registry.install()
        let before = (try await registry.counts(), try await registry.configurationRevision())
        // The root has this serial number.
        let taken = (root, TestRecords.certificate(1_000_001, profile: nil))
        await #expect(throws: RegistryError.self) {
            try await registry.insert(
                TestRecords.authority("issuing", parents: [[1]]), serviceKeys: [], signedBy: taken, by: "anna",
                at: TestRecords.now)
        }
        #expect(try await registry.counts() == before.0)
        #expect(try await registry.configurationRevision() == before.1)
        #expect(try await registry.count("authority") == 1)
        #expect(try await registry.count("authority_parent") == 0)
    }

    @Test("has a name that no other has, nor a request", arguments: DatabaseDriver.available)
    func names(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let request = NewAuthorityRequest(name: "later", encoded: [1], sealedKey: [2])
        #expect(try await registry.insert(request, by: "anna", at: TestRecords.now) != nil)
        #expect(try await registry.insert(request, by: "anna", at: TestRecords.now) == nil)
        let named = NewAuthorityRequest(name: "CA", encoded: [1], sealedKey: [2])
        #expect(try await registry.insert(named, by: "anna", at: TestRecords.now) == nil)
        let before = (try await registry.count("event"), try await registry.configurationRevision())
        for (name, answered) in [
            ("CA", nil), ("later", nil), ("later", "other"), ("CA", "later"), ("new", "other"),
        ] as [(String, String?)] {
            let id = try await registry.insert(
                TestRecords.authority(name), serviceKeys: [], replacing: answered, by: "anna", at: TestRecords.now)
            #expect(id == nil, "\(name) \(answered ?? "")")
        }
        #expect(try await RolloverTests.next(after: 1, named: "later", in: registry) == nil)
        #expect(try await registry.authorityRequests().map(\.request) == [request])
        #expect(try await registry.count("event") == before.0)
        #expect(try await registry.configurationRevision() == before.1)
        #expect(try await registry.count("authority") == 1)
    }

    @Test("can answer a request, which is gone then", arguments: DatabaseDriver.available, ["later", "renamed"])
    func answer(_ driver: DatabaseDriver, name: String) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let request = NewAuthorityRequest(name: "later", encoded: [1], sealedKey: [2])
        #expect(
            try await registry.notesChange { _ = try await registry.insert(request, by: "anna", at: TestRecords.now) })
        let record = try #require(try await registry.authorityRequests().first)
        #expect(record.request == request)
        #expect(record.createdAt == TestRecords.now)
        #expect(record.createdBy == "anna")
        let answers = try await ChallengeRaceTests.all(3) { number in
            try await registry.insert(
                TestRecords.authority(name), serviceKeys: [], replacing: "later", by: "bea", at: TestRecords.now)
        }
        #expect(answers.count { $0 != nil } == 1)
        #expect(try await registry.authorityRequests().isEmpty)
        let events = try await registry.events(limit: 2)
        #expect(events.map(\.kind) == [.authorityCreated, .authorityRequested])
        #expect(events.first?.detail.hasSuffix("in answer to the request later") == true)
    }

    @Test("whose certificate is still to come can be given up", arguments: DatabaseDriver.available)
    func givenUp(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let request = NewAuthorityRequest(name: "later", encoded: [1], sealedKey: [2])
        _ = try await registry.insert(request, by: "anna", at: TestRecords.now)
        #expect(try await registry.deleteAuthorityRequest("later", by: "bea", at: TestRecords.now))
        let before = (try await registry.count("event"), try await registry.configurationRevision())
        #expect(try await !registry.deleteAuthorityRequest("later", by: "bea", at: TestRecords.now))
        #expect(try await registry.count("event") == before.0)
        #expect(try await registry.configurationRevision() == before.1)
        #expect(try await registry.authorityRequests().isEmpty)
        let event = try #require(try await registry.events(limit: 1).first)
        #expect(event.kind == .authorityChanged)
        #expect(event.actor == "bea")
    }
}
