import Foundation
import Testing

@testable import Registry

@Suite("A wrong challenge", .freshDatabase)
struct WrongChallengeTests {
    static func wrong(_ number: Int, from address: String = "a", profile: String = "default") -> WrongChallenge {
        WrongChallenge(address: address, profile: profile, digest: TestRecords.bytes(number))
    }

    static func record(_ wrong: WrongChallenge?, after seconds: Double, in registry: Registry) async throws -> Bool {
        try await registry.recordRefusal(
            NewEvent(.refused, by: Decider.device, clientAddress: wrong?.address, detail: "wrong"),
            wrongChallenge: wrong,
            at: TestRecords.now.addingTimeInterval(seconds)
        )
    }

    @Test("counts once for an address and a profile, however often it comes", arguments: DatabaseDriver.available)
    func once(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        for seconds in 0..<20 {
            #expect(try await Self.record(Self.wrong(1), after: Double(seconds), in: registry) == (seconds == 0))
        }
        #expect(try await registry.wrongChallenges(from: "a", since: .distantPast) == [TestRecords.now])
        #expect(try await Self.record(Self.wrong(2), after: 20, in: registry))
        #expect(try await Self.record(Self.wrong(1, profile: "other"), after: 21, in: registry))
        #expect(try await Self.record(Self.wrong(1, from: "b"), after: 22, in: registry))
        #expect(try await !Self.record(nil, after: 23, in: registry))
        let dates = [21, 20, 0].map { TestRecords.now.addingTimeInterval($0) }
        #expect(try await registry.wrongChallenges(from: "a", since: .distantPast) == dates)
        #expect(try await registry.wrongChallenges(from: "a", since: dates[1]) == Array(dates.prefix(2)))
        #expect(try await registry.wrongChallenges(from: "c", since: .distantPast).isEmpty)
        #expect(try await registry.wrongChallengeCount(profile: "default", since: .distantPast) == 3)
        #expect(try await registry.wrongChallengeCount(profile: "default", since: dates[1]) == 2)
        #expect(try await registry.wrongChallengeCount(profile: "other", since: .distantPast) == 1)
        // Each refusal is remembered all the same.
        #expect(try await registry.count("event") == 24)
    }

    @Test("is told of with its address, those that guess most first", arguments: DatabaseDriver.available)
    func addresses(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        for number in 0..<150 { _ = try await Self.record(Self.wrong(number), after: Double(number), in: registry) }
        for number in 0..<3 {
            _ = try await Self.record(
                Self.wrong(number, from: "b", profile: "profile \(number)"), after: 200, in: registry)
        }
        _ = try await Self.record(Self.wrong(1, from: "c"), after: -10, in: registry)
        let addresses = try await registry.guessingAddresses(since: TestRecords.now)
        #expect(
            addresses == [
                GuessingAddress(
                    address: "a", count: 150, latest: TestRecords.now.addingTimeInterval(149), profiles: ["default"]),
                GuessingAddress(
                    address: "b", count: 3, latest: TestRecords.now.addingTimeInterval(200),
                    profiles: ["profile 0", "profile 1", "profile 2"]),
            ]
        )
        #expect(try await registry.guessingAddresses(since: .distantPast).map(\.address) == ["a", "b", "c"])
        #expect(try await registry.guessingAddresses(since: .distantPast, limit: 1).map(\.address) == ["a"])
        let latest = try await registry.wrongChallenges(from: "a", since: .distantPast)
        #expect(latest == (50..<150).reversed().map { TestRecords.now.addingTimeInterval(Double($0)) })
    }

    @Test("counts for those who guess, where an address has sent enough of them", arguments: DatabaseDriver.available)
    func guessing(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        // Three from a, two of them lately; two from b, at another profile too; one from c.
        for (address, number, profile, seconds) in [
            ("a", 1, "default", -5.0), ("a", 2, "default", 1), ("a", 3, "default", 2), ("b", 1, "default", 3),
            ("b", 1, "other", 4), ("c", 1, "default", 5),
        ] {
            _ = try await Self.record(
                Self.wrong(number, from: address, profile: profile), after: seconds, in: registry)
        }
        func found(since date: Date, atLeast least: Int, limit: Int = 10) async throws -> [String: [Double]] {
            try await registry.wrongChallenges(since: date, atLeast: least, limit: limit).mapValues { dates in
                dates.map { $0.timeIntervalSince(TestRecords.now) }
            }
        }
        #expect(try await found(since: .distantPast, atLeast: 3) == ["a": [2, 1, -5]])
        #expect(try await found(since: TestRecords.now, atLeast: 3).isEmpty)
        #expect(try await found(since: TestRecords.now, atLeast: 2) == ["a": [2, 1], "b": [4, 3]])
        #expect(try await found(since: .distantPast, atLeast: 1).keys.sorted() == ["a", "b", "c"])
        // Those that sent the most come first.
        #expect(try await found(since: .distantPast, atLeast: 1, limit: 1).keys.sorted() == ["a"])
        #expect(try await found(since: .distantPast, atLeast: 1, limit: 0).isEmpty)
    }

    @Test("is forgotten with its address, and somebody did it", arguments: DatabaseDriver.available)
    func clearing(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        for number in 0..<5 {
            _ = try await Self.record(Self.wrong(number, from: number < 3 ? "a" : "b"), after: 0, in: registry)
        }
        #expect(try await registry.clearWrongChallenges(from: "a", by: "anna", at: TestRecords.now) == 3)
        #expect(try await registry.clearWrongChallenges(from: "a", by: "anna", at: TestRecords.now) == 0)
        #expect(try await registry.wrongChallenges(from: "a", since: .distantPast).isEmpty)
        #expect(try await registry.wrongChallenges(from: "b", since: .distantPast).count == 2)
        let events = try await registry.events(EventFilter(kinds: [.addressCleared]), limit: 10)
        #expect(events.map(\.actor) == ["anna"])
        #expect(events.map(\.clientAddress) == ["a"])
        #expect(events.map(\.detail) == ["wrong challenges: 3"])
    }

    @Test("is forgotten after a while or when there are many", arguments: DatabaseDriver.available)
    func pruning(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        for number in 0..<1_500 {
            // Many in the same millisecond.
            _ = try await Self.record(
                Self.wrong(number, from: "address \(number % 7)"), after: Double(number / 500), in: registry)
        }
        #expect(try await registry.pruneWrongChallenges(before: TestRecords.now, keepingAtMost: 1_500) == 0)
        let next = TestRecords.now.addingTimeInterval(1)
        #expect(try await registry.pruneWrongChallenges(before: next, keepingAtMost: 1_500) == 500)
        #expect(try await registry.pruneWrongChallenges(before: next, keepingAtMost: 10) == 990)
        #expect(try await registry.count("wrong_challenge") == 10)
        let addresses = try await registry.guessingAddresses(since: .distantPast)
        #expect(addresses.allSatisfy { $0.latest == TestRecords.now.addingTimeInterval(2) })
        #expect(try await registry.pruneWrongChallenges(before: next, keepingAtMost: 0) == 10)
        #expect(try await registry.pruneWrongChallenges(before: .distantFuture, keepingAtMost: -1) == 0)
        #expect(try await registry.count("event") == 1_500)
    }
}
