import Foundation
import Testing

@testable import Registry

@Suite("A change of challenges", .freshDatabase)
struct ChallengeChangeTests {
    @Test("is noted for running servers where it is a static one's", arguments: DatabaseDriver.available)
    func isNoted(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        var revisions = [try await registry.configurationRevision()]
        let dynamic = try await registry.makeChallenge(1, uses: 1)
        revisions.append(try await registry.configurationRevision())
        let other = try await registry.makeChallenge(2)
        revisions.append(try await registry.configurationRevision())
        let request = TestRecords.request(1, challenge: other)
        _ = try await registry.grant(request, TestRecords.certificate(1), at: TestRecords.now)
        revisions.append(try await registry.configurationRevision())
        for id in [dynamic.id, other.id, other.id] {
            _ = try await registry.revokeChallenge(id, by: "anna", at: TestRecords.now)
            revisions.append(try await registry.configurationRevision())
        }
        let isNoted = zip(revisions, revisions.dropFirst()).map { $0 != $1 }
        // Made, made, used, revoked, revoked, revoked again.
        #expect(isNoted == [false, true, false, false, true, false])
    }

    @Test("revokes once, and says when and by whom", arguments: DatabaseDriver.available)
    func revocation(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let challenge = try await registry.makeChallenge(1, uses: 1)
        let later = TestRecords.now.addingTimeInterval(60)
        #expect(try await registry.revokeChallenge(challenge.id, by: "anna", at: TestRecords.now))
        #expect(try await !registry.revokeChallenge(challenge.id, by: "bert", at: later))
        #expect(try await !registry.revokeChallenge(4711, by: "bert", at: later))
        let record = try await registry.challenge(challenge.id)
        #expect(record?.revocation == ChallengeRecord.Revocation(date: TestRecords.now, decider: "anna"))
        #expect(try await registry.eventKinds() == [.challengeRevoked])
        let event = try #require(try await registry.events(limit: 1).first)
        #expect(event.actor == "anna")
        #expect(event.challenge == challenge.id)
        #expect(event.profile == TestRecords.profile)
        #expect(event.detail == "one use, label challenge 1")
    }

    @Test(
        "replaces the static ones, and leaves the dynamic ones and other profiles alone",
        arguments: DatabaseDriver.available)
    func replacement(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        _ = try await registry.addProfile("routers")
        let dynamic = try await registry.makeChallenge(1, uses: 1)
        let elsewhere = try await registry.makeChallenge(2, profile: "routers")
        let before = try await registry.configurationRevision()
        let insertion = try await registry.replaceStaticChallenges(
            of: TestRecords.profile,
            with: [TestRecords.challenge(3), TestRecords.challenge(4)],
            by: "anna",
            at: TestRecords.now
        )
        guard case .inserted(let ids) = insertion else {
            Issue.record("not replaced: \(insertion)")
            return
        }
        #expect(try await registry.configurationRevision() != before)
        let usable = try await registry.challenges(profile: nil, onlyUsableAt: TestRecords.now, limit: 100).map(\.id)
        #expect(Set(usable) == Set(ids + [dynamic.id, elsewhere.id]))
        #expect(
            try await registry.eventKinds() == [.challengeRevoked, .challengeRevoked]
        )
    }

    @Test(
        "makes one valid again that was there before, with its uses counted on", arguments: [true, false],
        DatabaseDriver.available)
    func revival(isRevoked: Bool, on driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let challenge = try await registry.makeChallenge(1, expiresAt: TestRecords.now.addingTimeInterval(60))
        _ = try await registry.grant(
            TestRecords.request(1, challenge: challenge), TestRecords.certificate(1), at: TestRecords.now)
        if isRevoked { _ = try await registry.revokeChallenge(challenge.id, by: "anna", at: TestRecords.now) }
        var again = TestRecords.challenge(1)
        again.label = "again"
        let insertion = try await registry.replaceStaticChallenges(
            of: TestRecords.profile, with: [again], by: "anna", at: TestRecords.now)
        #expect(insertion == .inserted([challenge.id]))
        let record = try await registry.challenge(challenge.id)
        #expect(record?.challenge == again)
        #expect(record?.uses == 1)
        #expect(try await registry.staticChallenges(at: .distantFuture).map(\.id) == [challenge.id])
    }

    @Test("that cannot be whole is none", arguments: DatabaseDriver.available)
    func impossibleReplacement(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        _ = try await registry.makeChallenge(1, uses: 1)
        let before = try await registry.challenges(profile: nil, limit: 100)
        let cases: [(String, [NewChallenge], ChallengeInsertion)] = [
            ("gone", [TestRecords.challenge(2, profile: "gone")], .profileGone("gone")),
            // The profile has it as a dynamic one.
            (TestRecords.profile, [TestRecords.challenge(2), TestRecords.challenge(1)], .duplicate(index: 1)),
            (TestRecords.profile, [TestRecords.challenge(2), TestRecords.challenge(2)], .duplicate(index: 1)),
        ]
        for (profile, challenges, expected) in cases {
            let insertion = try await registry.replaceStaticChallenges(
                of: profile, with: challenges, by: "anna", at: TestRecords.now)
            #expect(insertion == expected)
            #expect(try await registry.challenges(profile: nil, limit: 100) == before)
        }
        #expect(try await registry.eventKinds().isEmpty)
    }
}
