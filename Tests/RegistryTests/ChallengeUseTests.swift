import Foundation
import Testing

@testable import Registry

@Suite("The use of a challenge", .freshDatabase)
struct ChallengeUseTests {
    @Test(
        "is counted with when and from where, as often as it may be", arguments: DatabaseDriver.available, [1, 3, nil])
    func counted(_ driver: DatabaseDriver, uses: Int?) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let challenge = try await registry.makeChallenge(1, uses: uses)
        for number in 1...5 {
            let now = TestRecords.now.addingTimeInterval(Double(number))
            var request = TestRecords.request(number, key: number, challenge: challenge)
            request.clientAddress = "192.0.2.\(number)"
            let recording = try await registry.grant(request, TestRecords.certificate(number), at: now)
            guard number <= uses ?? .max else {
                #expect(recording == .challengeUnusable)
                continue
            }
            #expect(recording.isRecorded)
            let record = try #require(try await registry.challenge(challenge.id))
            #expect(record.uses == number)
            #expect(record.reserved == 0)
            #expect(record.lastUse == ChallengeRecord.LastUse(date: now, address: "192.0.2.\(number)"))
        }
        #expect(try await registry.certificateCount() == 1 + min(uses ?? 5, 5))
        #expect(try await registry.count("request") == Int64(min(uses ?? 5, 5)))
        let requests = try await registry.requests(usingChallenge: challenge.id)
        #expect(requests.count == min(uses ?? 5, 5))
        #expect(requests.allSatisfy { $0.request.challenge == challenge })
        #expect(try await registry.count("challenge_use") == Int64(uses.map { min($0, 5) } ?? 0))
    }

    enum Obstacle: CaseIterable {
        case revoked, expired, spent, reserved, gone, ofAnotherProfile, saidToBeLimited, saidToBeStatic
    }

    @Test("fails where it cannot be used, and leaves no trace", arguments: Obstacle.allCases, [true, false])
    func unusable(_ obstacle: Obstacle, isGranted: Bool) async throws {
        let registry = try await DatabaseDriver.sqlite.openRegistry()
        _ = try await registry.install()
        _ = try await registry.addProfile("routers")
        let now = TestRecords.now
        var challenge: ChallengeUse
        switch obstacle {
        case .revoked:
            challenge = try await registry.makeChallenge(1)
            _ = try await registry.revokeChallenge(challenge.id, by: "anna", at: now)
        case .expired:
            challenge = try await registry.makeChallenge(1, uses: 2, expiresAt: now)
        case .spent:
            challenge = try await registry.makeChallenge(1, uses: 1)
            let request = TestRecords.request(8, transactionID: "8", key: 8, challenge: challenge)
            #expect(try await registry.grant(request, TestRecords.certificate(8), at: now).isRecorded)
        case .reserved:
            challenge = try await registry.makeChallenge(1, uses: 1)
            _ = try await registry.waiting(TestRecords.request(8, transactionID: "8", key: 8, challenge: challenge))
        case .gone:
            challenge = ChallengeUse(id: 4711, isLimited: true)
        case .ofAnotherProfile:
            challenge = try await registry.makeChallenge(1, uses: 1, profile: "routers")
        case .saidToBeLimited:
            challenge = try await registry.makeChallenge(1)
            challenge.isLimited = true
        case .saidToBeStatic:
            challenge = try await registry.makeChallenge(1, uses: 1)
            challenge.isLimited = false
        }
        // This one would be replaced.
        let before = try await registry.waiting(TestRecords.request(2))
        let counts = try await registry.counts()
        let usage = try await registry.usage(of: challenge)
        let request = TestRecords.request(1, challenge: challenge)
        let recording =
            isGranted
            ? try await registry.grant(request, TestRecords.certificate(1), at: now)
            : try await registry.pend(request, at: now)
        #expect(recording == .challengeUnusable)
        #expect(try await registry.counts() == counts)
        #expect(try await registry.usage(of: challenge) == usage)
        #expect(try await registry.request(before)?.state == .pending)
    }

    @Test("is reserved while the request waits, and made when it is approved", arguments: DatabaseDriver.available)
    func reservation(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let challenge = try await registry.makeChallenge(1, uses: 1)
        let id = try await registry.waiting(TestRecords.request(1, challenge: challenge))
        #expect(try await registry.usage(of: challenge) == .init(uses: 0, reserved: 1))
        #expect(try await registry.challenge(challenge.id)?.lastUse == nil)
        let later = TestRecords.now.addingTimeInterval(60)
        #expect(try await registry.approve(id, TestRecords.certificate(1), at: later) == .issued)
        #expect(try await registry.usage(of: challenge) == .init(uses: 1, reserved: 0))
        let use = ChallengeRecord.LastUse(date: later, address: "192.0.2.7")
        #expect(try await registry.challenge(challenge.id)?.lastUse == use)
    }

    @Test("of a static challenge is counted only when something is issued", arguments: DatabaseDriver.available)
    func staticChallenge(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let challenge = try await registry.makeChallenge(1)
        let ids = [
            try await registry.waiting(TestRecords.request(1, key: 1, challenge: challenge)),
            try await registry.waiting(TestRecords.request(2, key: 2, challenge: challenge)),
        ]
        #expect(try await registry.usage(of: challenge) == .init(uses: 0, reserved: 0))
        #expect(try await registry.challenge(challenge.id)?.lastUse == nil)
        #expect(try await registry.approve(ids[0], TestRecords.certificate(1)) == .issued)
        #expect(try await registry.reject(ids[1], reason: "no", by: "anna", at: TestRecords.now))
        #expect(try await registry.usage(of: challenge) == .init(uses: 1, reserved: 0))
        #expect(try await registry.challenge(challenge.id)?.lastUse?.address == "192.0.2.7")
        #expect(try await registry.requests(usingChallenge: challenge.id).map(\.id) == ids.reversed())
    }

    enum End: CaseIterable { case rejected, expired, replaced, replacedByGranted, expiredByRepetition }

    @Test("is given back when the request leads to nothing", arguments: DatabaseDriver.available, End.allCases)
    func release(_ driver: DatabaseDriver, end: End) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let challenge = try await registry.makeChallenge(1, uses: 1)
        let deadline = TestRecords.now.addingTimeInterval(60)
        let request = TestRecords.request(1, challenge: challenge, expiresAt: deadline)
        let id = try await registry.waiting(request)
        switch end {
        case .rejected:
            #expect(try await registry.reject(id, reason: "no", by: "anna", at: TestRecords.now))
        case .expired:
            #expect(try await registry.expireRequests(at: deadline) == [id])
        case .replaced:
            _ = try await registry.waiting(TestRecords.request(2))
        case .replacedByGranted:
            let other = TestRecords.request(2)
            #expect(try await registry.grant(other, TestRecords.certificate(2), at: TestRecords.now).isRecorded)
        case .expiredByRepetition:
            // Nobody has swept; the same request comes again, without the challenge.
            var again = request
            again.challenge = nil
            _ = try await registry.waiting(again, at: deadline)
            #expect(try await registry.eventKinds() == [.pending, .expired, .pending])
        }
        #expect(try await registry.usage(of: challenge) == .init(uses: 0, reserved: 0))
        #expect(try await registry.approve(id, TestRecords.certificate(1)) == .notWaiting)
        let other = TestRecords.request(3, transactionID: "other", key: 3, challenge: challenge)
        #expect(try await registry.grant(other, TestRecords.certificate(3), at: TestRecords.now).isRecorded)
    }

    @Test("follows a transaction to its corrected request", arguments: DatabaseDriver.available, [true, false])
    func correction(_ driver: DatabaseDriver, isGranted: Bool) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let challenge = try await registry.makeChallenge(1, uses: 1)
        let first = try await registry.waiting(TestRecords.request(1, challenge: challenge))
        // Other names in the same transaction: the only use goes from the one to the other.
        let corrected = TestRecords.request(2, challenge: challenge)
        let recording =
            isGranted
            ? try await registry.grant(corrected, TestRecords.certificate(2), at: TestRecords.now)
            : try await registry.pend(corrected, at: TestRecords.now)
        #expect(recording.isRecorded)
        #expect(try await registry.usage(of: challenge) == .init(uses: isGranted ? 1 : 0, reserved: isGranted ? 0 : 1))
        #expect(try await registry.request(first)?.state == nil)
        #expect(try await registry.events(limit: 1).first?.detail == "in the place of request \(first)")
    }

    @Test(
        "that was reserved is made whatever became of the challenge", arguments: [true, false], DatabaseDriver.available
    )
    func approvalAfterEnd(isRevoked: Bool, on driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let end = TestRecords.now.addingTimeInterval(60)
        let challenge = try await registry.makeChallenge(1, uses: 2, expiresAt: end)
        let id = try await registry.waiting(TestRecords.request(1, challenge: challenge))
        if isRevoked { _ = try await registry.revokeChallenge(challenge.id, by: "anna", at: TestRecords.now) }
        let later = end.addingTimeInterval(3600)
        #expect(try await registry.approve(id, TestRecords.certificate(1), at: later) == .issued)
        #expect(try await registry.usage(of: challenge) == .init(uses: 1, reserved: 0))
        let other = TestRecords.request(2, key: 2, challenge: challenge)
        #expect(try await registry.grant(other, TestRecords.certificate(2), at: later) == .challengeUnusable)
    }

    @Test("cannot exceed its number even by a statement without conditions", arguments: DatabaseDriver.available)
    func lastDefence(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        _ = try await registry.makeChallenge(1, uses: 1)
        for change in ["uses = 2", "reserved = 2", "uses = 1, reserved = 1", "reserved = -1", "max_uses = 0"] {
            await #expect(throws: RegistryError.self, "\(change)") {
                try await registry.database.write {
                    try $0.execute("UPDATE challenge SET \(change) WHERE max_uses IS NOT NULL", [])
                }
            }
        }
    }
}
