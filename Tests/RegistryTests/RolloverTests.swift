import Foundation
import Testing

@testable import Registry

@Suite("A rollover", .freshDatabase)
struct RolloverTests {
    static let answers = RolloverAnswers(withRA: [1], alone: [2])

    static func next(
        after authority: Int64,
        named name: String = "CA G2",
        in registry: Registry
    ) async throws -> Int64? {
        try await registry.insert(
            NewAuthority(name: name, certificate: [9], sealedKey: [8]),
            serviceKeys: [(TestRecords.serviceKey(2), TestRecords.certificate(1_000_002, profile: nil))],
            following: authority,
            switchAt: TestRecords.now,
            answers: Self.answers,
            at: TestRecords.now
        )
    }

    @Test("moves the profiles when its time has come, and not before", arguments: DatabaseDriver.available)
    func switches(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let first = try await registry.install()
        let next = try #require(try await Self.next(after: first, in: registry))
        #expect(
            try await registry.authorities().map(\.rollover)
                == [Rollover(successor: next, switchAt: TestRecords.now, answers: Self.answers), nil]
        )
        #expect(try await registry.switchAuthorities(at: TestRecords.now.addingTimeInterval(-1)).isEmpty)
        #expect(try await registry.profiles().map(\.authority) == [first])
        let revision = try await registry.configurationRevision()
        #expect(try await registry.switchAuthorities(at: TestRecords.now) == [TestRecords.profile])
        #expect(try await registry.profiles().map(\.authority) == [next])
        #expect(try await registry.configurationRevision() != revision)
        #expect(try await registry.switchAuthorities(at: TestRecords.now).isEmpty)
        #expect(try await !registry.reschedule(rolloverOf: first, to: TestRecords.now, by: "anna", at: TestRecords.now))
    }

    @Test("happens once for a CA, to a CA of a new name", arguments: DatabaseDriver.available)
    func once(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let first = try await registry.install()
        #expect(try await Self.next(after: first, named: "CA", in: registry) == nil)
        #expect(try await Self.next(after: first, in: registry) != nil)
        #expect(try await Self.next(after: first, named: "CA G3", in: registry) == nil)
        #expect(try await registry.count("authority") == 2)
    }

    @Test("can be put off", arguments: DatabaseDriver.available)
    func reschedule(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let first = try await registry.install()
        #expect(try await !registry.reschedule(rolloverOf: first, to: TestRecords.now, by: "anna", at: TestRecords.now))
        _ = try await Self.next(after: first, in: registry)
        let later = TestRecords.now.addingTimeInterval(60)
        #expect(try await registry.reschedule(rolloverOf: first, to: later, by: "anna", at: TestRecords.now))
        #expect(try await registry.switchAuthorities(at: TestRecords.now).isEmpty)
        #expect(try await registry.switchAuthorities(at: later) == [TestRecords.profile])
    }
}
