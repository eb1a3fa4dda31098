import Foundation
import Testing

@testable import Registry

@Suite("Forgotten entries of the audit log", .freshDatabase)
struct AuditGapTests {
    @Test("leave gaps that become one where they meet, and the rest is intact", arguments: DatabaseDriver.available)
    func merging(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        try await registry.log(1...30)
        func forget(_ numbers: [Int]) async throws -> [[Int64]] {
            let list = numbers.map { "\($0)" }.joined(separator: ", ")
            let count = try await registry.database.write { try Registry.forget("id IN (\(list))", [], in: $0) }
            #expect(count == numbers.count)
            let verification = try await registry.verifyAudit()
            #expect(verification.faults.map(\.description) == [])
            let gaps = try await registry.gaps()
            #expect(verification.chains.map(\.gaps) == [gaps.count])
            #expect(verification.chains.map(\.forgotten) == [gaps.map { $0[1] - $0[0] + 1 }.reduce(0, +)])
            #expect(try await registry.auditHeads().map(\.entries) == [try await registry.count("event")])
            return gaps
        }
        #expect(try await forget([10]) == [[10, 10]])
        #expect(try await forget([12]) == [[10, 10], [12, 12]])
        #expect(try await forget([11]) == [[10, 12]])
        #expect(try await forget([9]) == [[9, 12]])
        #expect(try await forget([13]) == [[9, 13]])
        #expect(try await forget([1, 3, 2]) == [[1, 3], [9, 13]])
        #expect(try await forget([5, 7, 20, 21, 22]) == [[1, 3], [5, 5], [7, 7], [9, 13], [20, 22]])
        #expect(try await forget([4, 6, 8, 14]) == [[1, 14], [20, 22]])
        #expect(try await forget([30]) == [[1, 14], [20, 22], [30, 30]])
        #expect(try await forget(Array(15...19) + Array(23...29)) == [[1, 30]])
        #expect(try await registry.verifyAudit().chains.map(\.entries) == [0])
        // It goes on where it was.
        try await registry.log(31...32)
        #expect(try await registry.events(limit: 1).first?.link?.sequence == 32)
        #expect(try await registry.auditFault() == nil)
        // The numbers of events begin anew on SQLite, which nothing minds.
        let first = try #require(try await registry.events(order: .oldestFirst, limit: 1).first)
        #expect(first.id == (driver == .sqlite ? 1 : 31))
        #expect(try await forget([Int(first.id)]) == [[1, 31]])
    }

    @Test(
        "that were a flood leave one row, and single ones no more than there are entries",
        arguments: DatabaseDriver.available)
    func flood(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        try await registry.log(1...10)
        try await registry.log(11...3_010) { _ in .refused }
        try await registry.log(3_011...3_020)
        #expect(try await registry.prune(refusalsBefore: .distantFuture, keepingAtMost: 1_000) == 3_000)
        #expect(try await registry.gaps() == [[11, 3_010]])
        try await registry.log(3_021...4_020) { $0.isMultiple(of: 2) ? .signInFailed : .signedIn }
        #expect(try await registry.prune(refusalsBefore: .distantPast, keepingAtMost: 3) == 497)
        #expect(try await registry.gaps().count == 498)
        #expect(try await registry.auditFault() == nil)
    }

    @Test("of one sort are not washed away by a flood of another", arguments: DatabaseDriver.available)
    func sorts(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        try await registry.log(1...5) { _ in .signInFailed }
        try await registry.log(6...7) { _ in .accessDenied }
        try await registry.log(8...107) { _ in .refused }
        #expect(try await registry.prune(refusalsBefore: .distantPast, keepingAtMost: 10) == 90)
        #expect(try await registry.eventKinds().count == 17)
        #expect(try await registry.gaps() == [[8, 97]])
        #expect(try await registry.prune(refusalsBefore: .distantFuture, keepingAtMost: 10) == 17)
        #expect(try await registry.auditFault() == nil)
    }

    @Test("of a request that led to nothing are gaps as well", arguments: DatabaseDriver.available)
    func requests(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        _ = try await PruningTests.replace(0..<6, in: registry)
        #expect(try await registry.prune(idleRequestsBefore: .distantFuture, keepingAtMost: 2) == 5)
        #expect(try await registry.gaps().count == 1)
        #expect(try await registry.auditFault() == nil)
    }

    static let manipulations: [(statement: String, fault: String)] = [
        ("DELETE FROM audit_gap", "entries 5 to 9 are missing"),
        ("UPDATE audit_gap SET first = 6 WHERE first = 5", "entries 5 to 9 are missing"),
        ("UPDATE audit_gap SET first = 4 WHERE first = 5", "entries 5 to 9 are missing"),
        ("UPDATE audit_gap SET last = 8 WHERE first = 5", "entries 5 to 9 are missing"),
        ("UPDATE audit_gap SET last = 10 WHERE first = 5", "entries 5 to 9 are missing"),
        ("UPDATE audit_gap SET last = 9223372036854775807 WHERE first = 5", "entries 5 to 9 are missing"),
        ("UPDATE audit_gap SET chain = 2", "entries 5 to 9 are missing"),
        ("UPDATE audit_gap SET digest = zeroblob(32) WHERE first = 5", "entry 10, event 10: its content or its"),
        ("UPDATE audit_gap SET digest = zeroblob(32) WHERE first = 20", "the last entry is to be 20 with the digest"),
        ("DELETE FROM audit_gap WHERE first = 20", "entry 20 is missing"),
        ("UPDATE audit_gap SET first = 19 WHERE first = 20", "entry 20 is missing"),
    ]

    @Test("have to be written down as they were", arguments: manipulations.indices)
    func manipulation(index: Int) async throws {
        let (statement, fault) = Self.manipulations[index]
        let registry = try await DatabaseDriver.sqlite.openRegistry()
        try await registry.log(1...20) { (5...9).contains($0) || $0 == 20 ? .refused : .issued }
        #expect(try await registry.prune(refusalsBefore: .distantFuture, keepingAtMost: 0) == 6)
        #expect(try await registry.auditFault() == nil)
        try await registry.tamper(statement)
        let found = try #require(try await registry.auditFault())
        #expect(found.hasPrefix(fault), "\(found)")
    }

    @Test(
        "at an end that was noted leave it known where they end there, and unknown otherwise",
        arguments: DatabaseDriver.available)
    func expected(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        try await registry.log(1...20) { (5...9).contains($0) ? .refused : .issued }
        let links = try await registry.events(order: .oldestFirst, limit: 20).compactMap(\.link)
        #expect(try await registry.prune(refusalsBefore: .distantFuture, keepingAtMost: 0) == 5)
        for (number, link) in links.enumerated() {
            let expectation = try await registry.verifyAudit(expecting: link).expectation
            #expect(expectation == ((4...7).contains(number) ? .forgotten : .confirmed))
        }
        var other = links[8]
        other.digest = links[7].digest
        #expect(try await registry.verifyAudit(expecting: other).expectation == .different)
    }

    @Test("that no place in a chain was known of leave none")
    func outside() async throws {
        let registry = try await DatabaseDriver.sqlite.openRegistry()
        try await registry.log(1...3)
        try await registry.tamper(
            "INSERT INTO event (at, kind, actor, detail, explanation) VALUES (1, 'refused', 'x', '', '')")
        #expect(try await registry.prune(refusalsBefore: .distantFuture, keepingAtMost: 0) == 1)
        #expect(try await registry.gaps() == [])
        #expect(try await registry.auditFault() == nil)
    }
}
