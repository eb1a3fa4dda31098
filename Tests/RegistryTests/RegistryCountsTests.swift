import Foundation
import Testing

@testable import Registry

@Suite("How many certificates there are", .freshDatabase)
struct RegistryCountsTests {
    @Test("is told by state and by CA, as if each was looked at", arguments: DatabaseDriver.available)
    func counts(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let first = try await registry.install()
        let second = try await registry.addAuthority("other")
        let now = TestRecords.now.addingTimeInterval(1_000)
        for number in 0..<40 {
            var certificate = TestRecords.certificate(number)
            certificate.notAfter = now.addingTimeInterval(number % 2 == 0 ? 1_000 : number % 4 == 1 ? -1 : 0)
            let id = try await registry.insert(
                certificate,
                authority: number % 5 == 0 ? second : first,
                event: NewEvent(.certificateIssued, by: "anna"),
                at: TestRecords.now
            )
            if number % 3 == 0 {
                try await registry.revoke(id, reason: number % 6 == 0 ? Revocation.hold : 1, at: TestRecords.now)
            }
            if number == 6 {
                _ = try await registry.release([id], by: "anna", note: "", at: TestRecords.now)
            }
        }
        let counts = try await registry.certificateCounts(at: now)
        let all = try await registry.certificates(CertificateFilter(), at: now, limit: 1_000)
        for state in CertificateState.allCases {
            #expect(counts.states[state] == all.count { $0.state(at: now) == state }, "\(state)")
        }
        for days in [0.0, 0.01, 0.5, 1, 2, 400] {
            let end = now.addingTimeInterval(days * 86_400)
            let soon = try await registry.certificateCounts(at: now, endingSoonBefore: end).endingSoon
            let expected = all.count {
                $0.state(at: now) == .valid && $0.notAfter < end && [.scep, .manual].contains($0.origin)
            }
            #expect(soon == expected, "\(days)")
        }
        #expect(counts.authorities == Dictionary(grouping: all, by: \.authority).mapValues(\.count))
        #expect(counts.states.values.reduce(0, +) == 41)
    }

    @Test("is told without going through them")
    func plans() async throws {
        let registry = try await DatabaseDriver.sqlite.openRegistry()
        let statements: [(String, [SQLValue])] = [
            (Registry.countsOfAll, []), (Registry.countsOfDays, [.integer(0), .integer(1)]),
            (Registry.countsOfPart, [.integer(0), .integer(1)]),
        ]
        for (sql, values) in statements {
            let plan = try await registry.database.read { connection in
                try connection.query("EXPLAIN QUERY PLAN " + sql, values).map { try $0.text(3) }
            }
            #expect(!plan.contains { $0.hasPrefix("SCAN certificate") && !$0.contains("certificate_count") }, "\(plan)")
        }
    }

    @Test("does not count requests that wait for nobody", arguments: DatabaseDriver.available)
    func pending(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        #expect(try await registry.pendingCounts() == [:])
        for number in 0..<3 {
            _ = try await registry.waiting(TestRecords.request(number, transactionID: "\(number)", key: number))
        }
        _ = try await registry.approve(1, TestRecords.certificate(9))
        #expect(try await registry.pendingCounts() == ["default": 2])
        try await registry.ping()
    }
}
