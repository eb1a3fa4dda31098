import Foundation
import Testing

@testable import Registry

@Suite("A list that is longer than one looks through at once", .freshDatabase)
struct LongListTests {
    private static let count = 4_600
    private static let minute: TimeInterval = 60
    /// When a third of them has ended.
    private static let now = TestRecords.now.addingTimeInterval(3_000 * Self.minute)

    private static func fill(_ registry: Registry, _ numbers: Range<Int> = 0..<Self.count) async throws {
        try await registry.database.write { connection in
            for number in numbers {
                let date = TestRecords.now.addingTimeInterval(Double(number) * Self.minute)
                var certificate = TestRecords.certificate(number, profile: number % 900 == 7 ? "lab" : "default")
                certificate.names = ["Host\(number).example"]
                certificate.notAfter = date.addingTimeInterval(Double(number % 3) * 1_500 * Self.minute + 60)
                certificate.template = number % 2 == 0 ? "Default" : "VPN"
                let id = try Registry.insert(certificate, authority: 1, at: date, in: connection)
                if number % 50 == 3 {
                    try Registry.revoke(id, reason: number % 100 == 3 ? 6 : 1, at: date, in: connection)
                }
            }
        }
    }

    private static func time(_ minutes: Int) -> Date {
        TestRecords.now.addingTimeInterval(Double(minutes) * Self.minute)
    }

    /// Filters, and what fulfils them.
    private static let filters: [(CertificateFilter, @Sendable (CertificateSummary) -> Bool)] = [
        (CertificateFilter(), { _ in true }),
        (CertificateFilter(profile: "lab"), { $0.profile == "lab" }),
        (
            CertificateFilter(template: "VPN", states: [.held]),
            { $0.template == "VPN" && $0.state(at: Self.now) == .held }
        ),
        (CertificateFilter(name: "HOST77.example"), { $0.names == ["host77.example"] }),
        (CertificateFilter(search: "Ost123"), { $0.names.contains { $0.contains("ost123") } }),
        (CertificateFilter(search: "t4"), { $0.names.contains { $0.contains("t4") } }),
        (CertificateFilter(profile: "lab", search: "example"), { $0.profile == "lab" }),
        (CertificateFilter(search: "nothing"), { _ in false }),
        (CertificateFilter(states: [.expired]), { $0.state(at: Self.now) == .expired }),
        (CertificateFilter(states: [.valid]), { $0.state(at: Self.now) == .valid }),
        (CertificateFilter(states: [.revoked, .held]), { $0.revocation != nil }),
        (CertificateFilter(endingBefore: Self.time(40)), { $0.notAfter < Self.time(40) }),
        (
            CertificateFilter(endingBefore: Self.time(2_000), endingAfter: Self.time(1_990)),
            { $0.notAfter < Self.time(2_000) && $0.notAfter >= Self.time(1_990) }
        ),
        (
            CertificateFilter(endingBefore: Self.time(5_000), endingAfter: Self.time(10)),
            { $0.notAfter < Self.time(5_000) && $0.notAfter >= Self.time(10) }
        ),
        (
            CertificateFilter(issuedAfter: Self.time(1_000), issuedBefore: Self.time(1_100)),
            { $0.createdAt >= Self.time(1_000) && $0.createdAt < Self.time(1_100) }
        ),
        (CertificateFilter(issuedAfter: Self.time(4_590)), { $0.createdAt >= Self.time(4_590) }),
    ]

    private static func walk(
        _ registry: Registry,
        _ filter: CertificateFilter,
        _ order: ListOrder,
        by limit: Int
    ) async throws -> [Int64] {
        var ids: [Int64] = []
        var last: Int64?
        repeat {
            let page = try await registry.certificatePage(
                filter, at: Self.now, order: order, after: last, limit: limit, patience: .zero)
            #expect(page.items.count <= limit)
            ids += page.items.map(\.id)
            last = page.next
        } while last != nil
        return ids
    }

    @Test("has everything once, page by page, before and after it is indexed", arguments: DatabaseDriver.available)
    func walks(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        try await Self.fill(registry)
        let all = try await registry.certificates(CertificateFilter(), at: Self.now, limit: 10_000)
        #expect(all.count == Self.count + 1)
        for isIndexed in [false, true] {
            if isIndexed {
                #expect(try await registry.indexLists(for: .seconds(600)) == 3)
                #expect(try await registry.indexLists(for: .seconds(600)) == 0)
            }
            for (index, (filter, isMeant)) in Self.filters.enumerated() {
                let expected = all.filter(isMeant).map(\.id)
                let newest = try await Self.walk(registry, filter, .newestFirst, by: 200)
                #expect(newest == expected, "\(index), \(isIndexed)")
                let oldest = try await Self.walk(registry, filter, .oldestFirst, by: 200)
                #expect(oldest == expected.reversed(), "\(index), \(isIndexed)")
                let whole = try await registry.certificates(filter, at: Self.now, limit: 10_000)
                #expect(whole.map(\.id) == expected, "\(index), \(isIndexed)")
                #expect(try await registry.certificateCount(filter, at: Self.now) == expected.count, "\(index)")
                #expect(
                    try await registry.certificateCount(filter, at: Self.now, atMost: 3) == min(expected.count, 3))
            }
        }
    }

    @Test("ends a page where the patience is over, and says where it goes on", arguments: DatabaseDriver.available)
    func patience(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        try await Self.fill(registry)
        let filter = CertificateFilter(search: "host0.")
        let first = try await registry.certificatePage(filter, at: Self.now, limit: 10, patience: .zero)
        #expect(first.items.isEmpty && first.next != nil)
        #expect(try await registry.certificatePage(filter, at: Self.now, limit: 10, patience: nil).items.count == 1)
        try await registry.indexLists(for: .seconds(600))
        let second = try await registry.certificatePage(filter, at: Self.now, limit: 10, patience: .seconds(600))
        #expect(second.items.count == 1 && second.next == nil)
    }

    @Test("finds what comes under numbers that were used before", arguments: DatabaseDriver.available)
    func reuse(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        try await Self.fill(registry)
        try await registry.indexLists(for: .seconds(600))
        try await registry.database.write { connection in
            let ids = try connection.query("SELECT id FROM certificate WHERE id > 500", []).map {
                SQLValue.integer(try $0.integer(0))
            }
            try Registry.forgetTexts(ids, of: .certificates, in: connection)
            try connection.execute("DELETE FROM certificate WHERE id > 500", [])
            try Registry.forgetBlocks(of: .certificates, in: connection)
        }
        try await Self.fill(registry, 10_000..<14_000)
        try await registry.indexLists(for: .seconds(600))
        for (search, count) in [("host10300.", 1), ("host3000", 0), ("host12999.ex", 1), ("host400.", 1)] {
            let found = try await registry.certificates(
                CertificateFilter(search: search), at: Self.now, limit: 10)
            #expect(found.count == count, "\(search)")
        }
        let late = CertificateFilter(issuedAfter: Self.time(10_000))
        #expect(try await registry.certificateCount(late, at: Self.now) == 4_000)
        #expect(try await Self.walk(registry, late, .newestFirst, by: 1_000).count == 4_000)
    }
}
