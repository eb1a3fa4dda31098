import Foundation
import Testing

@testable import Registry

@Suite("Retiring a CA", .freshDatabase)
struct AuthorityRetirementTests {
    static let later = TestRecords.now.addingTimeInterval(3_600)

    @Test("is possible when nobody needs it, and can be taken back", arguments: DatabaseDriver.available)
    func retired(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let other = try await registry.addAuthority("other")
        let revision = try await registry.configurationRevision()
        #expect(try await registry.retire(authority: other, by: "bea", at: Self.later) == .retired)
        #expect(try await registry.configurationRevision() == revision + 1)
        #expect(try await registry.retire(authority: other, by: "bea", at: Self.later) == .alreadyRetired)
        #expect(try await registry.configurationRevision() == revision + 1)
        #expect(try await registry.authorities().map(\.retiredAt) == [nil, Self.later])
        #expect(try await registry.setDefault(authority: other, by: "bea", at: Self.later) == .isRetired)
        #expect(try await RolloverTests.next(after: other, in: registry) == nil)
        #expect(try await registry.reinstate(authority: other, by: "anna", at: Self.later))
        #expect(try await !registry.reinstate(authority: other, by: "anna", at: Self.later))
        #expect(try await registry.authorities().map(\.retiredAt) == [nil, nil])
        #expect(try await registry.configurationRevision() == revision + 2)
        let events = try await registry.events(limit: 2)
        #expect(events.map(\.kind) == [.authorityChanged, .authorityRetired])
        #expect(events.map(\.actor) == ["anna", "bea"])
        #expect(events.map(\.detail) == ["CA other, number 2, is retired no more", "CA other, number 2"])
    }

    @Test("is refused while it is needed, and says for what", arguments: DatabaseDriver.available)
    func refused(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let first = try await registry.install()
        let (used, followed) = (try await registry.addAuthority("used"), try await registry.addAuthority("followed"))
        for name in ["b", "a"] {
            let profile = ProfileRecord(name: name, authority: used, settings: "{}")
            #expect(try await registry.insert(profile, challenges: [], by: "anna", at: TestRecords.now))
        }
        let next = try #require(try await RolloverTests.next(after: followed, in: registry))
        let early = TestRecords.now.addingTimeInterval(-1)
        let before = (try await registry.count("event"), try await registry.configurationRevision())
        let expected: [(id: Int64, outcome: AuthorityRetirement)] = [
            (first, .isDefault), (used, .inUse(profiles: ["a", "b"])), (followed, .hasSuccessorPending(next)),
            (next, .isSuccessorPending(of: followed)), (99, .unknown),
        ]
        for (id, outcome) in expected {
            #expect(try await registry.retire(authority: id, by: "anna", at: early) == outcome)
        }
        #expect(try await !registry.reinstate(authority: 99, by: "anna", at: early))
        #expect(try await registry.count("event") == before.0)
        #expect(try await registry.configurationRevision() == before.1)
        #expect(try await registry.authorities().allSatisfy { $0.retiredAt == nil })
        // When the time has come, the one that was followed is needed no more.
        #expect(try await registry.retire(authority: followed, by: "anna", at: TestRecords.now) == .retired)
    }

    @Test("is refused for the next CA until the profiles have changed over", arguments: DatabaseDriver.available)
    func successor(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let first = try await registry.install()
        let next = try #require(try await RolloverTests.next(after: first, in: registry))
        #expect(
            try await registry.retire(authority: next, by: "anna", at: Self.later) == .isSuccessorPending(of: first))
        _ = try await registry.switchAuthorities(at: TestRecords.now)
        #expect(try await registry.retire(authority: next, by: "anna", at: Self.later) == .isDefault)
        #expect(try await registry.retire(authority: first, by: "anna", at: Self.later) == .retired)
    }

    @Test("leaves it to no profile, even one that is made at the same time", arguments: 0..<5)
    func race(round: Int) async throws {
        let registries = try await ChallengeRaceTests.openTwice()
        let other = try await registries[0].addAuthority("other")
        let outcomes = try await ChallengeRaceTests.all(2) { number in
            if number == 0 {
                return try await registries[0].retire(authority: other, by: "anna", at: Self.later) == .retired
            }
            let profile = ProfileRecord(name: "new", authority: other, settings: "{}")
            return (try? await registries[1].insert(profile, challenges: [], by: "anna", at: Self.later)) ?? false
        }
        #expect(outcomes.count { $0 } == 1)
        let isUsed = try await registries[0].profiles().contains { $0.authority == other }
        #expect(try await (registries[0].authorities().last?.retiredAt == nil) == isUsed)
    }

    @Test("keeps profiles from being moved to it", arguments: DatabaseDriver.available)
    func profiles(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let other = try await registry.addAuthority("other")
        #expect(try await registry.retire(authority: other, by: "anna", at: Self.later) == .retired)
        let old = try await registry.profiles()[0]
        var new = old
        new.authority = other
        await #expect(throws: RegistryError.self) {
            try await registry.update(new, from: old, by: "anna", at: Self.later)
        }
        #expect(try await registry.profiles() == [old])
    }

    @Test("aside, another CA can be made the default", arguments: DatabaseDriver.available)
    func defaults(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let first = try await registry.install()
        let other = try await registry.addAuthority("other")
        let revision = try await registry.configurationRevision()
        #expect(try await registry.setDefault(authority: first, by: "bea", at: Self.later) == .unchanged)
        #expect(try await registry.setDefault(authority: 99, by: "bea", at: Self.later) == .unknown)
        #expect(try await registry.configurationRevision() == revision)
        #expect(try await registry.setDefault(authority: other, by: "bea", at: Self.later) == .changed)
        #expect(try await registry.configurationRevision() == revision + 1)
        #expect(try await registry.authorities().map(\.isDefault) == [false, true])
        let event = try #require(try await registry.events(limit: 1).first)
        #expect(event.kind == .authorityChanged)
        #expect(event.detail == "CA other, number 2, is the default")
    }

    @Test("aside, the default passes to the next CA, and does not come back", arguments: DatabaseDriver.available)
    func defaultOfRollover(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let lone = try await registry.addAuthority("lone")
        #expect(try await registry.setDefault(authority: lone, by: "bea", at: TestRecords.now) == .changed)
        let next = try #require(try await RolloverTests.next(after: lone, in: registry))
        #expect(try await registry.reschedule(rolloverOf: lone, to: Self.later, by: "anna", at: TestRecords.now))
        #expect(try await registry.switchAuthorities(at: TestRecords.now).isEmpty)
        #expect(try await registry.authorities().first(where: \.isDefault)?.id == lone)
        // No profile uses it.
        #expect(try await registry.notesChange { _ = try await registry.switchAuthorities(at: Self.later) })
        #expect(try await registry.authorities().filter(\.isDefault).map(\.id) == [next])
        #expect(try await registry.events(limit: 1).map(\.detail) == ["CA \(next) is the default"])
        #expect(
            try await registry.setDefault(authority: lone, by: "bea", at: Self.later) == .hasBeenFollowed(by: next))
        let isChanged = try await registry.notesChange { _ = try await registry.switchAuthorities(at: Self.later) }
        #expect(!isChanged)
    }
}
