import Foundation
import Testing

@testable import Registry

@Suite("What a CRL says", .freshDatabase)
struct RevocationChangeTests {
    static func order(_ reason: Int) -> RevocationOrder { RevocationOrder(reason: reason, note: "", by: "anna") }

    @Test("is brought up to date by what has changed", arguments: DatabaseDriver.available)
    func increments(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let authority = try await registry.install()
        let other = try await registry.addAuthority("other")
        let ids = try await registry.issue(1...4)
        _ = try await registry.revoke(
            try await registry.issue(1...1, authority: other), Self.order(1), at: TestRecords.now)
        for (id, reason) in zip(ids, [6, 1, 6, 6]) {
            _ = try await registry.revoke([id], Self.order(reason), at: TestRecords.now)
        }
        let later = TestRecords.now.addingTimeInterval(60)
        _ = try await registry.release([ids[0]], by: "anna", note: "", at: later)
        _ = try await registry.revoke([ids[2]], Self.order(1), at: later)
        let all = try await registry.revocationChanges(authority: authority, after: 0)
        let expected: [ChangedRevocation] = [
            ChangedRevocation(serialNumber: TestRecords.bytes(2), revocation: .init(date: TestRecords.now, reason: 1)),
            ChangedRevocation(serialNumber: TestRecords.bytes(4), revocation: .init(date: TestRecords.now, reason: 6)),
            ChangedRevocation(serialNumber: TestRecords.bytes(1), revocation: nil),
            ChangedRevocation(serialNumber: TestRecords.bytes(3), revocation: .init(date: TestRecords.now, reason: 1)),
        ]
        #expect(all == RevocationChanges(changes: expected, sequence: 6, isComplete: true))
        for (sequence, count) in [(-5, 4), (2, 3), (4, 2), (5, 1), (6, 0), (.max, 0)] as [(Int64, Int)] {
            let some = try await registry.revocationChanges(authority: authority, after: sequence)
            #expect(some.changes == Array(expected.suffix(count)))
            #expect(some.sequence == 6)
        }
        // A whole list and what has changed since are the same as the list that is made now.
        let whole = try await registry.eachRevocation(authority: authority, into: [[UInt8]]()) { all, number, _ in
            all.append(number)
        }
        #expect(whole.whole == [2, 4, 3].map(TestRecords.bytes))
        #expect(whole.sequence == 6)
    }

    @Test("is brought up to date in steps, of which none divides a number", arguments: DatabaseDriver.available, 0...6)
    func limits(_ driver: DatabaseDriver, limit: Int) async throws {
        let registry = try await driver.openRegistry()
        let authority = try await registry.install()
        let ids = try await registry.issue(1...6)
        for step in [ids[0...0], ids[1...3], ids[4...4], ids[5...5]] {
            _ = try await registry.revoke(Array(step), Self.order(1), at: TestRecords.now)
        }
        var (found, sequence, steps) = ([[UInt8]](), Int64(0), 0)
        while true {
            let changes = try await registry.revocationChanges(authority: authority, after: sequence, limit: limit)
            found += changes.changes.map(\.serialNumber)
            sequence = changes.sequence
            steps += 1
            if changes.isComplete || steps > 10 { break }
        }
        #expect(found == (1...6).map(TestRecords.bytes))
        #expect(sequence == 4)
        #expect(steps == [4, 4, 2, 2, 2, 2, 1][limit])
    }

    @Test("leaves out what ended before, but not that it was released", arguments: DatabaseDriver.available)
    func ended(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let authority = try await registry.install()
        let ids = try await registry.issue(1...3)
        _ = try await registry.revoke(Array(ids[0...1]), Self.order(6), at: TestRecords.now)
        _ = try await registry.release([ids[0]], by: "anna", note: "", at: TestRecords.now)
        let end = TestRecords.certificate(1).notAfter
        for (date, count) in [(end, 1), (end.addingTimeInterval(0.001), 0)] {
            let listed = try await registry.eachRevocation(authority: authority, endingAfter: date, into: 0) {
                count, _, _ in
                count += 1
            }
            #expect(listed.whole == count)
            let changes = try await registry.revocationChanges(authority: authority, after: 0, endingAfter: date)
            #expect(changes.changes.count == count + 1)
            #expect(changes.changes.last?.revocation == nil)
        }
    }

    @Test("of a CA that is not there is an error, not nothing", arguments: DatabaseDriver.available)
    func unknown(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        await #expect(throws: RegistryError.self) { try await registry.revocationChanges(authority: 9, after: 0) }
        await #expect(throws: RegistryError.self) { try await registry.revocations(authority: 9) }
        #expect(try await registry.revocationListStates().isEmpty)
    }

    private struct Enough: Error {}

    @Test("of 100,000 certificates is read one by one", arguments: DatabaseDriver.available)
    func many(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let authority = try await registry.install()
        let count = 100_000
        try await registry.database.write { connection in
            for number in 0..<count {
                try connection.execute(
                    """
                    INSERT INTO certificate (authority_id, serial_number, subject, not_before, not_after, encoded,
                        created_at, revoked_at, revocation_reason, revocation_sequence)
                    VALUES ($1, $2, '', 0, $3, $4, 0, 5000, 1, $5)
                    """,
                    [
                        .integer(authority), .bytes(TestRecords.bytes(number)), .date(TestRecords.now), .bytes([]),
                        .integer(Int64(number % 7)),
                    ]
                )
            }
        }
        // In the order of the numbers of changes, and within one in that of the certificates.
        let numbers = (0..<count).sorted { ($0 % 7, $0) < ($1 % 7, $1) }
        let seen = try await registry.eachRevocation(authority: authority, into: 0) { seen, number, _ in
            guard numbers[seen] == Self.number(number) else { throw Enough() }
            seen += 1
        }
        #expect(seen.whole == count)
        // Who has enough goes, and others can write meanwhile.
        await #expect(throws: Enough.self) {
            try await registry.eachRevocation(authority: authority, into: 0) { seen, _, _ in
                seen += 1
                if seen == 3 { throw Enough() }
            }
        }
        _ = try await registry.issue([1_000_000])
    }

    private static func number(_ serialNumber: [UInt8]) -> Int { serialNumber.reduce(0) { $0 << 8 | Int($1) } }

    @Test("is what was so when reading began, and keeps nobody from writing", arguments: DatabaseDriver.available)
    func snapshot(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let authority = try await registry.install()
        let ids = try await registry.issue(1...3)
        _ = try await registry.revoke(Array(ids[0...1]), Self.order(1), at: TestRecords.now)
        let (started, isReading) = AsyncStream.makeStream(of: Void.self)
        let mayGoOn = DispatchSemaphore(value: 0)
        async let read = registry.eachRevocation(authority: authority, into: 0) { count, _, _ in
            count += 1
            if count == 1 {
                isReading.finish()
                mayGoOn.wait()
            }
        }
        for await _ in started {}
        let outcomes = try await registry.revoke([ids[2]], Self.order(1), at: TestRecords.now)
        mayGoOn.signal()
        #expect(outcomes.map(\.outcome) == [.revoked])
        let first = try await read
        #expect(first.whole == 2)
        #expect(first.sequence == 1)
        let second = try await registry.eachRevocation(authority: authority, into: 0) { count, _, _ in count += 1 }
        #expect(second.whole == 3)
        #expect(second.sequence == 2)
    }

    @Test("is known of all CAs at once", arguments: DatabaseDriver.available)
    func states(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let authority = try await registry.install()
        let other = try await registry.addAuthority("other")
        let list = RevocationListRecord(
            number: 7, encoded: [1, 2, 3], thisUpdate: TestRecords.now,
            nextUpdate: TestRecords.now.addingTimeInterval(9), revocationChanges: 0)
        #expect(try await registry.insert(list, authority: other))
        _ = try await registry.revoke(try await registry.issue(1...1), Self.order(1), at: TestRecords.now)
        let states = try await registry.revocationListStates()
        let expected = [
            authority: RevocationListState(number: 0, size: 0, revocationChanges: 1),
            other: RevocationListState(
                number: 7, thisUpdate: list.thisUpdate, nextUpdate: list.nextUpdate, size: 3, listedChanges: 0,
                revocationChanges: 0),
        ]
        #expect(states == expected)
        #expect(states[other]?.isLatest == true)
        #expect(states[authority]?.isLatest == false)
        for (id, state) in expected { #expect(try await registry.revocationListState(authority: id) == state) }
        #expect(try await registry.revocationList(authority: other) == list)
    }
}
