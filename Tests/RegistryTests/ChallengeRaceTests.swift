import Foundation
import Testing

@testable import Registry

@Suite("A race", .freshDatabase)
struct ChallengeRaceTests {
    /// Two that open the same database, like two servers.
    static func openTwice() async throws -> [Registry] {
        let first = try await DatabaseDriver.sqlite.openRegistry()
        _ = try await first.install()
        return [first, try await DatabaseDriver.sqlite.openRegistry()]
    }

    /// Runs all at once and returns what came of each.
    static func all<T: Sendable>(
        _ count: Int,
        _ body: @escaping @Sendable (Int) async throws -> T
    ) async throws -> [T] {
        try await withThrowingTaskGroup(of: T.self) { group in
            for number in 0..<count { group.addTask { try await body(number) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test("of a thousand keys for a one-time challenge has one winner", arguments: DatabaseDriver.available)
    func oneTime(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let challenge = try await registry.makeChallenge(1, uses: 1)
        let recordings = try await Self.all(1_000) { number in
            try await registry.grant(
                TestRecords.request(number, transactionID: "\(number)", key: number, challenge: challenge),
                TestRecords.certificate(number),
                at: TestRecords.now,
                announced: registry.announceGrant()
            )
        }
        #expect(recordings.count { $0.isRecorded } == 1)
        #expect(recordings.count { $0 == .challengeUnusable } == 999)
        #expect(try await registry.certificateCount() == 2)
        #expect(try await registry.count("request") == 1)
        #expect(try await registry.usage(of: challenge) == .init(uses: 1, reserved: 0))
        #expect(try await registry.eventKinds() == [.issued])
    }

    @Test("of one key under a thousand transactionIDs gives all of them the one certificate")
    func oneKey() async throws {
        let registries = try await Self.openTwice()
        let challenge = try await registries[0].makeChallenge(1, uses: 1)
        let answers = try await Self.all(1_000) { number in
            let own = TestRecords.certificate(number)
            let recording = try await registries[number % 2].grant(
                TestRecords.request(number, transactionID: "\(number)", names: 1, challenge: challenge),
                own,
                at: TestRecords.now
            )
            if recording.isRecorded { return own.encoded }
            guard case .issued(let certificate)? = recording.earlierState else { return [] }
            return certificate
        }
        #expect(Set(answers).count == 1)
        #expect(answers.first?.isEmpty == false)
        #expect(try await registries[0].usage(of: challenge) == .init(uses: 1, reserved: 0))
        #expect(try await registries[0].certificateCount() == 2)
    }

    @Test("between waiting and being granted leaves one of them", arguments: 0..<5)
    func pendAgainstGrant(round: Int) async throws {
        let registries = try await Self.openTwice()
        let challenge = try await registries[0].makeChallenge(1, uses: 1)
        let recordings = try await Self.all(40) { number in
            let request = TestRecords.request(number, transactionID: "\(number)", key: number, challenge: challenge)
            let registry = registries[(number / 2) % 2]
            return number % 2 == 0
                ? try await registry.grant(request, TestRecords.certificate(number), at: TestRecords.now)
                : try await registry.pend(request, at: TestRecords.now)
        }
        #expect(recordings.count { $0.isRecorded } == 1)
        #expect(recordings.count { $0 == .challengeUnusable } == 39)
        let usage = try await registries[0].usage(of: challenge)
        #expect(usage.uses + usage.reserved == 1)
        #expect(try await registries[0].count("request") == 1)
        #expect(try await registries[0].certificateCount() == 1 + usage.uses)
    }

    @Test("between approval, rejection and the end of time has one winner", arguments: 0..<5)
    func approveAgainstExpire(round: Int) async throws {
        let registries = try await Self.openTwice()
        let challenge = try await registries[0].makeChallenge(1, uses: 1)
        let deadline = TestRecords.now.addingTimeInterval(60)
        let id = try await registries[0].waiting(TestRecords.request(1, challenge: challenge, expiresAt: deadline))
        let wins = try await Self.all(30) { number in
            let registry = registries[(number / 3) % 2]
            let before = deadline.addingTimeInterval(-0.001)
            return switch (number + round) % 3 {
            case 0: try await registry.expireRequests(at: deadline) == [id]
            case 1: try await registry.reject(id, reason: "no", by: "anna", at: before)
            default: try await registry.approve(id, TestRecords.certificate(number), at: before) == .issued
            }
        }
        #expect(wins.count { $0 } == 1)
        let usage = try await registries[0].usage(of: challenge)
        #expect(usage.reserved == 0)
        let isIssued = if case .issued? = try await registries[0].request(id)?.state { true } else { false }
        #expect(usage.uses == (isIssued ? 1 : 0))
        #expect(try await registries[0].certificateCount() == (isIssued ? 2 : 1))
        #expect(try await registries[0].events(request: id).count == 2)
    }

    @Test("between many who approve issues one certificate", arguments: [1, 2, 5])
    func approveAgainstApprove(needed: Int) async throws {
        let registries = try await Self.openTwice()
        let id = try await registries[0].waiting(TestRecords.request(1))
        let outcomes = try await Self.all(40) { number in
            try await registries[number % 2].approve(
                id,
                TestRecords.certificate(number),
                by: "approver \(number)",
                terms: "",
                needed: needed,
                at: TestRecords.now
            )
        }
        #expect(outcomes.count { $0 == .issued } == 1)
        for have in 1..<needed { #expect(outcomes.count { $0 == .recorded(have: have) } == 1) }
        #expect(outcomes.count { $0 == .notWaiting } == 40 - needed)
        #expect(try await registries[0].certificateCount() == 2)
        #expect(try await registries[0].approvals(of: id).count == needed)
    }

    @Test("of everything at once never leaves more uses than there are, nor a reservation too many", arguments: 0..<4)
    func everything(seed: Int) async throws {
        let registries = try await Self.openTwice()
        let maximum = 4
        let challenge = try await registries[0].makeChallenge(1, uses: maximum)
        let start = TestRecords.now
        _ = try await Self.all(400) { number in
            let registry = registries[number % 2]
            // A few devices, transactions and names, so that they meet.
            let (random, now) = ((number &* 2_654_435_761) >> 7 &+ seed, start.addingTimeInterval(Double(number)))
            let request = TestRecords.request(
                random % 7,
                transactionID: "\(random % 5)",
                key: random % 6,
                names: random % 3,
                challenge: challenge,
                expiresAt: random % 2 == 0 ? now.addingTimeInterval(10) : nil
            )
            let pending =
                try await registry.requests(RequestFilter(statuses: [.pending]), limit: 3).randomElement()?.id ?? 0
            switch random % 8 {
            case 0, 1: _ = try await registry.grant(request, TestRecords.certificate(number), at: now)
            case 2, 3, 4: _ = try await registry.pend(request, at: now)
            case 5: _ = try await registry.reject(pending, reason: "no", by: "anna", at: now)
            case 6: _ = try await registry.expireRequests(at: now)
            default:
                if number % 24 == 0 {
                    _ = try await registry.approve(pending, TestRecords.certificate(number), at: now)
                }
            }
        }
        let registry = registries[0]
        let waiting = try await registry.requests(RequestFilter(statuses: [.pending]), limit: 1_000)
        let all = try await registry.requests(limit: 1_000)
        let usage = try await registry.usage(of: challenge)
        #expect(usage.reserved == waiting.count)
        #expect(usage.uses + usage.reserved <= maximum)
        #expect(try await registry.certificateCount() == 1 + usage.uses)
        // At the end all are rejected, and every reservation is back.
        for request in waiting {
            #expect(try await registry.reject(request.id, reason: "no", by: "anna", at: start))
        }
        #expect(try await registry.usage(of: challenge) == .init(uses: usage.uses, reserved: 0))
        #expect(all.count > maximum)
    }
}
