import Foundation
import Testing

@testable import Registry

@Suite("A revocation", .freshDatabase)
struct RevocationTests {
    static let later = TestRecords.now.addingTimeInterval(60)

    @Test("says since when, why and by whom, once", arguments: DatabaseDriver.available)
    func once(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let authority = try await registry.install()
        let ids = try await registry.issue(1...2)
        let expected = Revocation(
            date: TestRecords.now, reason: 1, invalidityDate: TestRecords.now.addingTimeInterval(-60))
        let outcomes = try await registry.revoke([ids[1], 99, ids[1]], TestRecords.compromise, at: TestRecords.now)
        #expect(outcomes.map(\.id) == [ids[1], 99, ids[1]])
        #expect(outcomes.map(\.outcome) == [.revoked, .unknown, .revoked])
        let again = RevocationOrder(reason: 5, note: "", by: "bea")
        #expect(
            try await registry.revoke([ids[1]], again, at: Self.later).map(\.outcome) == [.alreadyRevoked(expected)])
        #expect(
            try await registry.revoke([ids[1]], TestRecords.hold, at: Self.later).map(\.outcome)
                == [.alreadyRevoked(expected)])
        #expect(try await registry.certificate(ids[1])?.revocation == expected)
        #expect(try await registry.certificate(ids[0])?.revocation == nil)
        let serial = TestRecords.bytes(2)
        #expect(try await registry.certificateStatus(serialNumber: serial, authority: authority) == .revoked(expected))
        #expect(
            try await registry.certificateStatus(serialNumber: TestRecords.bytes(1), authority: authority) == .good)
        #expect(try await registry.certificateStatus(serialNumber: serial, authority: authority + 1) == .unknown)
        #expect(try await registry.certificateStatus(serialNumber: [], authority: authority) == .unknown)
        let events = try await registry.events(EventFilter(kinds: [.certificateRevoked]), limit: 10)
        #expect(events.map(\.certificate) == [ids[1]])
        #expect(events.map(\.actor) == ["anna"])
        #expect(events.map(\.detail.note) == ["keyCompromise: stolen"])
        #expect(events.map(\.profile) == [TestRecords.profile])
        #expect(events.map(\.subject) == ["CN=device 2"])
    }

    @Test("that is a hold becomes final as of its day, or is taken back", arguments: DatabaseDriver.available)
    func hold(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let authority = try await registry.install()
        let ids = try await registry.issue(1...4)
        let held = Revocation(date: TestRecords.now, reason: 6)
        let outcomes = try await registry.revoke(Array(ids[0...2]), TestRecords.hold, at: TestRecords.now)
        #expect(outcomes.map(\.outcome) == [.revoked, .revoked, .revoked])
        #expect(
            try await registry.revoke([ids[0]], TestRecords.hold, at: Self.later).map(\.outcome)
                == [.alreadyRevoked(held)])
        #expect(
            try await registry.revoke([ids[0]], TestRecords.compromise, at: Self.later).map(\.outcome) == [.revoked])
        let final = Revocation(
            date: TestRecords.now, reason: 1, invalidityDate: TestRecords.compromise.invalidityDate)
        #expect(try await registry.certificate(ids[0])?.revocation == final)
        let released = try await registry.release(
            [ids[0], ids[1], ids[3], 99], by: "bea", note: "found again", at: Self.later)
        #expect(released.map(\.id) == [ids[0], ids[1], ids[3], 99])
        #expect(released.map(\.outcome) == [.notHeld(final), .released, .notHeld(nil), .unknown])
        let now = Self.later.addingTimeInterval(1)
        #expect(
            try await registry.release([ids[1]], by: "bea", note: "", at: now).map(\.outcome) == [.notHeld(nil)])
        #expect(try await registry.certificate(ids[1])?.revocation == nil)
        #expect(
            try await registry.certificateStatus(serialNumber: TestRecords.bytes(2), authority: authority) == .good)
        #expect(
            try await registry.revocations(authority: authority).map(\.serialNumber) == [3, 1].map(TestRecords.bytes))
        let events = try await registry.events(EventFilter(kinds: [.certificateReleased]), limit: 10)
        #expect(events.map(\.certificate) == [ids[1]])
        #expect(events.map(\.detail.note) == ["found again"])
        // One that was released can be revoked like any other.
        #expect(try await registry.revoke([ids[1]], TestRecords.compromise, at: now).map(\.outcome) == [.revoked])
        #expect(try await registry.certificate(ids[1])?.revocation?.date == now)
    }

    @Test(
        "keeps since when the key was in other hands, unless somebody knows better", arguments: [nil, 5.0],
        DatabaseDriver.available)
    func invalidity(seconds: Double?, on driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let ids = try await registry.issue(1...1)
        let first = TestRecords.now.addingTimeInterval(-9)
        let second = seconds.map { TestRecords.now.addingTimeInterval(-$0) }
        _ = try await registry.revoke(
            ids, RevocationOrder(reason: 6, invalidityDate: first, note: "", by: "anna"), at: TestRecords.now)
        _ = try await registry.revoke(
            ids, RevocationOrder(reason: 1, invalidityDate: second, note: "", by: "anna"), at: TestRecords.now)
        #expect(try await registry.certificate(ids[0])?.revocation?.invalidityDate == second ?? first)
    }

    @Test("of many takes one number for each transaction and CA", arguments: DatabaseDriver.available)
    func batches(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let first = try await registry.install()
        let second = try await registry.addAuthority("second")
        let ids = try await registry.issue(1...700, authority: first)
        let others = try await registry.issue(1...10, authority: second)
        let order = RevocationOrder(reason: 5, note: "cessationOfOperation", by: "anna")
        let outcomes = try await registry.revoke((others + ids).reversed(), order, at: TestRecords.now)
        #expect(outcomes.map(\.id) == (others + ids).reversed())
        #expect(outcomes.allSatisfy { $0.outcome == .revoked })
        #expect(try await registry.sequence(of: ids[0]) == 1)
        #expect(try await registry.sequence(of: ids[499]) == 1)
        #expect(try await registry.sequence(of: ids[500]) == 2)
        #expect(try await registry.sequence(of: others[0]) == 1)
        #expect(try await registry.revocationListStates().mapValues(\.revocationChanges) == [first: 2, second: 1])
        #expect(try await registry.revocations(authority: first).count == 700)
        #expect(try await registry.events(EventFilter(kinds: [.certificateRevoked]), limit: 1_000).count == 710)
        // Nothing changes, so nobody has to make a new list.
        _ = try await registry.revoke(ids, order, at: Self.later)
        #expect(try await registry.revocationListStates().mapValues(\.revocationChanges) == [first: 2, second: 1])
        #expect(try await registry.revoke([], order, at: Self.later).isEmpty)
    }

    @Test("with a renewal is one of the changes too", arguments: DatabaseDriver.available)
    func superseded(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let authority = try await registry.install()
        let ids = try await registry.issue(1...3)
        _ = try await registry.revoke([ids[0]], TestRecords.hold, at: TestRecords.now)
        var renewal = TestRecords.request(2)
        renewal.signerCertificate = ids[1]
        let new = TestRecords.certificate(9)
        #expect(try await registry.grant(renewal, new, superseding: ids[1], at: TestRecords.now).isRecorded)
        #expect(try await registry.revoke(ids[2], reason: 1, at: TestRecords.now))
        // Neither changes what is revoked before, were it only a hold.
        #expect(try await !registry.revoke(ids[0], reason: 1, at: TestRecords.now))
        for (id, sequence) in zip(ids, [1, 2, 3] as [Int64]) {
            #expect(try await registry.sequence(of: id) == sequence)
        }
        let changes = try await registry.revocationChanges(authority: authority, after: 1)
        #expect(changes.changes.map(\.serialNumber) == [2, 3].map(TestRecords.bytes))
        #expect(changes.changes.map(\.revocation?.reason) == [4, 1])
    }

    @Test("at the same time as another has one winner", arguments: 0..<5)
    func race(round: Int) async throws {
        let registries = try await ChallengeRaceTests.openTwice()
        let ids = try await registries[0].issue(1...20)
        let outcomes = try await ChallengeRaceTests.all(4) { number in
            let order = RevocationOrder(reason: number, note: "\(number)", by: "anna")
            return try await registries[number % 2].revoke(
                number < 2 ? ids : ids.reversed(), order, at: TestRecords.now)
        }
        for id in ids {
            let won = outcomes.joined().filter { $0.id == id && $0.outcome == .revoked }
            #expect(won.count == 1)
        }
        let events = try await registries[0].events(EventFilter(kinds: [.certificateRevoked]), limit: 100)
        #expect(Set(events.map(\.certificate)) == Set(ids))
        #expect(events.count == 20)
        for event in events {
            let record = try await registries[0].certificate(event.certificate ?? 0)
            #expect(record?.revocation?.reason == Int(event.detail.note))
        }
    }

    @Test("for good at the same time as a release of the hold wins in the end", arguments: 0..<10)
    func releaseRace(round: Int) async throws {
        let registries = try await ChallengeRaceTests.openTwice()
        let ids = try await registries[0].issue(1...1)
        _ = try await registries[0].revoke(ids, TestRecords.hold, at: TestRecords.now)
        let released = try await ChallengeRaceTests.all(2) { number in
            guard number == round % 2 else {
                let outcomes = try await registries[0].revoke(ids, TestRecords.compromise, at: Self.later)
                return outcomes.first?.outcome == .revoked ? nil : false
            }
            let outcomes = try await registries[1].release(ids, by: "bea", note: "", at: Self.later)
            return outcomes.first?.outcome == .released
        }.compactMap(\.self)
        let record = try await registries[0].certificate(ids[0])
        #expect(released.count == 1)
        #expect(record?.revocation?.reason == 1)
        // After a release it is another revocation, otherwise the same from the day of the hold.
        #expect(record?.revocation?.date == (released == [true] ? Self.later : TestRecords.now))
        #expect(try await registries[0].sequence(of: ids[0]) == (released == [true] ? 3 : 2))
    }
}

extension String {
    /// What somebody wrote behind the serial number.
    fileprivate var note: String { self.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? "" }
}
