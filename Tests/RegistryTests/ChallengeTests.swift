import Foundation
import Testing

@testable import Registry

@Suite("A challenge", .freshDatabase)
struct ChallengeTests {
    @Test("comes back as it was put in, by its number and by its digest", arguments: DatabaseDriver.available)
    func roundTrip(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        var challenge = TestRecords.challenge(1, uses: 3, expiresAt: TestRecords.now.addingTimeInterval(3600))
        challenge.device = "printer 7"
        challenge.user = "Zoë"
        challenge.binding = #"{"subjects":["CN=*.example.com"]}"#
        let insertion = try await registry.insert([challenge], by: "anna", at: TestRecords.now)
        guard case .inserted(let ids) = insertion, let id = ids.first else {
            Issue.record("not recorded: \(insertion)")
            return
        }
        let record = try #require(try await registry.challenge(id))
        #expect(record.challenge == challenge)
        #expect(record.createdAt == TestRecords.now)
        #expect(record.createdBy == "anna")
        #expect((record.uses, record.reserved) == (0, 0))
        #expect(record.lastUse == nil)
        #expect(record.revocation == nil)
        let profile = TestRecords.profile
        #expect(try await registry.challenge(digest: challenge.digest, profile: profile) == record)
        #expect(try await registry.challenge(digest: challenge.digest, profile: "other") == nil)
        #expect(try await registry.challenge(digest: [1], profile: profile) == nil)
        #expect(try await registry.challenge(id + 1) == nil)
    }

    @Test("is recorded with all others or not at all", arguments: DatabaseDriver.available)
    func allOrNothing(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let before = try await registry.count("challenge")
        let events = try await registry.count("event")
        let good = (10..<20).map { TestRecords.challenge($0, uses: 1) }
        // 7 is the installation's.
        let cases: [([NewChallenge], ChallengeInsertion)] = [
            (good + [TestRecords.challenge(7, uses: 1)], .duplicate(index: 10)),
            (good + [TestRecords.challenge(12)], .duplicate(index: 10)),
            (good + [TestRecords.challenge(20, profile: "gone")], .profileGone("gone")),
        ]
        for (challenges, expected) in cases {
            #expect(try await registry.insert(challenges, by: "anna", at: TestRecords.now) == expected)
            #expect(try await registry.count("challenge") == before)
            #expect(try await registry.count("event") == events)
        }
        guard case .inserted(let ids) = try await registry.insert(good, by: "anna", at: TestRecords.now) else {
            Issue.record("not recorded")
            return
        }
        #expect(ids == ids.sorted())
        #expect(Set(ids).count == 10)
        #expect(try await registry.insert([], by: "anna", at: TestRecords.now) == .inserted([]))
    }

    @Test("that is good for nothing is refused", arguments: DatabaseDriver.available, [0, -1])
    func withoutUses(_ driver: DatabaseDriver, uses: Int) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        await #expect(throws: RegistryError.self) {
            try await registry.insert([TestRecords.challenge(1, uses: uses)], by: "anna", at: TestRecords.now)
        }
    }

    @Test("is listed page by page, the newest first", arguments: DatabaseDriver.available)
    func pages(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        _ = try await registry.addProfile("routers")
        for number in 10..<15 { _ = try await registry.makeChallenge(number, uses: 1) }
        for number in 15..<18 { _ = try await registry.makeChallenge(number, uses: 1, profile: "routers") }
        var labels: [String] = []
        var last: Int64?
        while true {
            let page = try await registry.challenges(profile: TestRecords.profile, after: last, limit: 2)
            labels += page.map(\.challenge.label)
            last = page.last?.id
            if page.isEmpty { break }
        }
        #expect(labels == [14, 13, 12, 11, 10, 9, 7].map { "challenge \($0)" })
        #expect(try await registry.challenges(profile: nil, limit: 100).count == 10)
        #expect(try await registry.challenges(profile: "other", limit: 100).isEmpty)
    }

    static let states: [(name: String, record: ChallengeRecord, state: ChallengeRecord.State)] = [
        ("static", .sample(), .usable),
        ("static, used", .sample(used: 1_000_000), .usable),
        ("static, expired", .sample(expiresIn: 0), .expired),
        ("one use", .sample(maximum: 1), .usable),
        ("one use, reserved", .sample(maximum: 1, reserved: 1), .reserved),
        ("one use, reserved, expired", .sample(maximum: 1, reserved: 1, expiresIn: -1), .expired),
        ("one use, used", .sample(maximum: 1, used: 1), .spent),
        ("one use, used, expired", .sample(maximum: 1, used: 1, expiresIn: -1), .spent),
        ("three uses", .sample(maximum: 3, used: 1, reserved: 1), .usable),
        ("three uses, all given", .sample(maximum: 3, used: 1, reserved: 2), .reserved),
        ("expires in a moment", .sample(maximum: 3, expiresIn: 0.001), .usable),
        ("revoked", .sample(isRevoked: true), .revoked),
        ("revoked and spent", .sample(maximum: 1, used: 1, isRevoked: true), .revoked),
        ("more than an integer holds", .sample(maximum: .max, used: .max - 1, reserved: .max), .reserved),
    ]

    @Test("says what it is good for", arguments: Self.states.indices)
    func state(index: Int) {
        let sample = Self.states[index]
        #expect(sample.record.state(at: TestRecords.now) == sample.state, "\(sample.name)")
    }

    @Test("is listed as usable exactly when it is", arguments: DatabaseDriver.available)
    func usable(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let end = TestRecords.now.addingTimeInterval(60)
        let spent = try await registry.makeChallenge(20, uses: 1)
        _ = try await registry.grant(
            TestRecords.request(1, challenge: spent), TestRecords.certificate(1), at: TestRecords.now)
        let reserved = try await registry.makeChallenge(21, uses: 1)
        _ = try await registry.waiting(TestRecords.request(2, transactionID: "2", challenge: reserved))
        let revoked = try await registry.makeChallenge(22)
        #expect(try await registry.revokeChallenge(revoked.id, by: "anna", at: TestRecords.now))
        _ = try await registry.makeChallenge(23, expiresAt: end)
        _ = try await registry.makeChallenge(24, uses: 2, expiresAt: end)
        for date in [TestRecords.now, end.addingTimeInterval(-0.001), end, end.addingTimeInterval(1)] {
            let all = try await registry.challenges(profile: nil, limit: 100)
            let expected = all.filter { $0.state(at: date) == .usable }
            #expect(try await registry.challenges(profile: nil, onlyUsableAt: date, limit: 100) == expected)
            let still = expected.filter { !$0.challenge.isLimited }.sorted { $0.id < $1.id }
            #expect(try await registry.staticChallenges(at: date) == still)
            #expect(still.count == (date < end ? 3 : 2))
        }
    }
}

extension ChallengeRecord {
    static func sample(
        maximum: Int? = nil,
        used: Int = 0,
        reserved: Int = 0,
        expiresIn seconds: Double? = nil,
        isRevoked: Bool = false
    ) -> ChallengeRecord {
        ChallengeRecord(
            id: 1,
            challenge: TestRecords.challenge(
                1,
                uses: maximum,
                expiresAt: seconds.map { TestRecords.now.addingTimeInterval($0) }
            ),
            uses: used,
            reserved: reserved,
            createdAt: TestRecords.now,
            createdBy: "anna",
            revocation: isRevoked ? Revocation(date: TestRecords.now, decider: "anna") : nil
        )
    }
}
