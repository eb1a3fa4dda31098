import Foundation
import Testing

@testable import Registry

@Suite("A profile", .freshDatabase)
struct ProfileTests {
    @Test("is recorded with its challenges, once", arguments: DatabaseDriver.available)
    func insertion(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let authority = try await registry.install()
        let profile = ProfileRecord(name: "routers", authority: authority, settings: "{}")
        let challenges = [1, 2].map { TestRecords.challenge($0, profile: "routers") }
        let revision = try await registry.configurationRevision()
        #expect(try await registry.insert(profile, challenges: challenges, by: "anna", at: TestRecords.now))
        #expect(try await registry.configurationRevision() != revision)
        #expect(try await !registry.insert(profile, challenges: [], by: "anna", at: TestRecords.now))
        #expect(try await registry.profiles().map(\.name) == ["default", "routers"])
        let recorded = try await registry.staticChallenges(at: TestRecords.now)
        #expect(recorded.map(\.challenge).filter { $0.profile == "routers" } == challenges)
        #expect(recorded.last?.createdBy == "anna")
    }

    @Test("is recorded whole or not at all", arguments: [(1, "routers"), (2, "gone")], DatabaseDriver.available)
    func allOrNothing(_ values: (Int, String), on driver: DatabaseDriver) async throws {
        let (second, profileOfSecond) = values
        let registry = try await driver.openRegistry()
        let authority = try await registry.install()
        let profile = ProfileRecord(name: "routers", authority: authority, settings: "{}")
        let events = try await registry.count("event")
        let challenges = [
            TestRecords.challenge(1, profile: "routers"), TestRecords.challenge(second, profile: profileOfSecond),
        ]
        await #expect(throws: RegistryError.self) {
            try await registry.insert(profile, challenges: challenges, by: "anna", at: TestRecords.now)
        }
        #expect(try await registry.profiles().map(\.name) == ["default"])
        #expect(try await registry.count("event") == events)
    }

    static let changes: [(name: String, change: @Sendable (inout ProfileRecord) -> Void, isCurrent: Bool)] = [
        ("nothing", { _ in }, true),
        ("settings", { $0.settings = "{ }" }, false),
        ("CA", { $0.authority += 1 }, false),
        ("name", { $0.name = "other" }, true),
    ]

    @Test("is changed only where it still is as it was read", arguments: DatabaseDriver.available, changes.indices)
    func update(_ driver: DatabaseDriver, index: Int) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let old = try #require(try await registry.profiles().first)
        var read = old
        Self.changes[index].change(&read)
        var new = old
        new.settings = #"{"isOpen":true}"#
        let challenges = try await registry.staticChallenges(at: TestRecords.now)
        let isCurrent = Self.changes[index].isCurrent
        #expect(try await registry.update(new, from: read, by: "anna", at: TestRecords.now) == isCurrent)
        #expect(try await registry.profiles() == [isCurrent ? new : old], "\(Self.changes[index].name)")
        #expect(try await registry.staticChallenges(at: TestRecords.now) == challenges)
    }

    @Test("goes with its challenges; what waits can still be decided on", arguments: DatabaseDriver.available)
    func deletion(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let challenges = [try await registry.makeChallenge(1, uses: 2), try await registry.makeChallenge(2, uses: 2)]
        var ids: [Int64] = []
        for number in 0..<4 {
            // Two of them for the same key and names, which without challenges would have joined.
            let request = TestRecords.request(
                number, transactionID: "\(number)", names: number / 2, challenge: challenges[number % 2])
            ids.append(try await registry.waiting(request))
        }
        #expect(try await registry.deleteProfile(TestRecords.profile, by: "anna", at: TestRecords.now))
        #expect(try await registry.count("challenge") == 0)
        #expect(try await registry.count("challenge_use") == 0)
        // Another profile of that name gets challenges with the same numbers.
        _ = try await registry.addProfile(TestRecords.profile)
        let others = [try await registry.makeChallenge(3, uses: 1), try await registry.makeChallenge(4, uses: 1)]
        for (number, challenge) in others.enumerated() {
            _ = try await registry.waiting(
                TestRecords.request(10 + number, transactionID: "new \(number)", challenge: challenge))
        }
        #expect(try await registry.reject(ids[0], reason: "no", by: "anna", at: TestRecords.now))
        #expect(try await registry.approve(ids[1], TestRecords.certificate(1)) == .issued)
        for challenge in others {
            #expect(try await registry.usage(of: challenge) == .init(uses: 0, reserved: 1))
            #expect(try await registry.requests(usingChallenge: challenge.id).count == 1)
        }
        let old = try await registry.request(ids[1])
        #expect(old?.request.challenge == nil)
    }

    @Test("does not lend its name to the challenge of a deleted one", arguments: DatabaseDriver.available)
    func reusedNumber(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let challenge = try await registry.makeChallenge(1, uses: 1)
        let request = TestRecords.request(1, challenge: challenge)
        _ = try await registry.grant(request, TestRecords.certificate(1), at: TestRecords.now)
        let event = try await registry.events(limit: 1).first
        #expect(event?.challenge == challenge.id)
        _ = try await registry.deleteProfile(TestRecords.profile, by: "anna", at: TestRecords.now)
        _ = try await registry.addProfile(TestRecords.profile)
        let later = TestRecords.now.addingTimeInterval(1)
        for number in 2...6 {
            _ = try await registry.insert([TestRecords.challenge(number, uses: 1)], by: "anna", at: later)
        }
        let records = try await registry.requests(limit: 10)
        #expect(records.map(\.request.challenge) == [nil])
        for challenge in try await registry.challenges(profile: nil, limit: 10) {
            #expect(try await registry.requests(usingChallenge: challenge.id).isEmpty)
        }
    }
}
