import Foundation
import Testing

@testable import Registry

@Suite("A certificate that is looked for", .freshDatabase)
struct CertificateFilterTests {
    static let now = TestRecords.now

    static func day(_ number: Double) -> Date { Self.now.addingTimeInterval(number * 86_400) }

    /// Twelve certificates, each with something of its own.
    static func fill(_ registry: Registry) async throws -> [Int64] {
        let authority = try await registry.install()
        let other = try await registry.addAuthority("other")
        var ids: [Int64] = []
        for number in 1...12 {
            var certificate = TestRecords.certificate(number, profile: number == 2 ? "routers" : TestRecords.profile)
            certificate.template = number == 3 ? "vpn" : "device"
            certificate.origin = number == 4 ? .manual : number == 5 ? .authority : .scep
            certificate.issuedBy = number == 4 ? "anna" : nil
            certificate.keyDigest = TestRecords.bytes(number % 6)
            certificate.notAfter = Self.day(Double(number - 6))
            certificate.names = ["Host\(number).Example"]
            ids.append(
                try await registry.issue(
                    certificate, authority: number == 6 ? other : authority, at: Self.day(-Double(20 - number))))
        }
        _ = try await registry.revoke([ids[6], ids[0]], TestRecords.hold, at: Self.now)
        _ = try await registry.revoke([ids[7], ids[1]], TestRecords.compromise, at: Self.now)
        // The same serial number under the other CA.
        ids.append(try await registry.issue(TestRecords.certificate(1), authority: other, at: Self.day(0)))
        return ids
    }

    /// Filters, and which of the certificates they find; 13 is the one under the other CA, 14 the server's own.
    static let filters: [(filter: CertificateFilter, found: [Int])] = [
        (CertificateFilter(), [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 14]),
        (CertificateFilter(authority: 2), [13, 6]),
        (CertificateFilter(authority: 9), []),
        (CertificateFilter(profile: "routers"), [2]),
        (CertificateFilter(profile: ""), []),
        (CertificateFilter(template: "vpn"), [3]),
        (CertificateFilter(origins: [.manual]), [4]),
        (CertificateFilter(origins: [.manual, .authority, .service]), [5, 4, 14]),
        (CertificateFilter(origins: [.manual, .scep]), [13, 12, 11, 10, 9, 8, 7, 6, 4, 3, 2, 1]),
        (CertificateFilter(origins: CertificateOrigin.allCases, states: [.held]), [7, 1]),
        (CertificateFilter(serialNumber: TestRecords.bytes(1)), [13, 1]),
        (CertificateFilter(authority: 1, serialNumber: TestRecords.bytes(1)), [1]),
        (CertificateFilter(serialNumber: []), []),
        (CertificateFilter(keyDigest: TestRecords.bytes(2)), [8, 2]),
        (CertificateFilter(subject: "CN=device 12"), [12]),
        (CertificateFilter(subject: "CN=device"), []),
        (CertificateFilter(name: "hOST3.eXAMPLE"), [3]),
        (CertificateFilter(name: "host3"), []),
        (CertificateFilter(search: "HOST1"), [12, 11, 10, 1]),
        (CertificateFilter(search: "cn=DEVICE 1"), [13, 12, 11, 10, 1, 14]),
        (CertificateFilter(states: [.valid]), [13, 12, 11, 10, 9, 14]),
        (CertificateFilter(states: [.expired]), [6, 5, 4, 3]),
        (CertificateFilter(states: [.revoked]), [8, 2]),
        (CertificateFilter(states: [.held]), [7, 1]),
        (CertificateFilter(states: [.held, .revoked]), [8, 7, 2, 1]),
        (CertificateFilter(authority: 1, states: [.held, .revoked]), [8, 7, 2, 1]),
        (CertificateFilter(authority: 2, states: [.revoked]), []),
        (CertificateFilter(states: [.expired, .held]), [7, 6, 5, 4, 3, 1]),
        (CertificateFilter(states: CertificateState.allCases), [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 14]),
        (CertificateFilter(endingBefore: Self.day(-4)), [1]),
        (CertificateFilter(endingAfter: Self.day(6)), [13, 12, 14]),
        (CertificateFilter(endingBefore: Self.day(3), endingAfter: Self.day(1)), [8, 7]),
        (CertificateFilter(states: [.valid], endingBefore: Self.day(4)), [9]),
        (CertificateFilter(issuedAfter: Self.day(-10), issuedBefore: Self.day(-8)), [11, 10]),
        (
            CertificateFilter(
                authority: 1, profile: "default", template: "device", origins: [.scep],
                serialNumber: TestRecords.bytes(9),
                name: "host9.example", search: "9", keyDigest: TestRecords.bytes(3), states: [.valid],
                endingBefore: Self.day(4), endingAfter: Self.day(3), issuedAfter: Self.day(-11),
                issuedBefore: Self.day(-10)), [9]
        ),
    ]

    @Test("is found by whatever is known of it, the newest first", arguments: DatabaseDriver.available)
    func filters(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        var ids = try await Self.fill(registry)
        ids.append(try #require(try await registry.certificates(serialNumber: TestRecords.bytes(1_000_001)).first).id)
        for (index, (filter, found)) in Self.filters.enumerated() {
            let page = try await registry.certificates(filter, at: Self.now, limit: 100)
            #expect(page.map(\.id) == found.map { ids[$0 - 1] }, "filter \(index)")
            #expect(try await registry.certificateCount(filter, at: Self.now) == found.count, "filter \(index)")
        }
    }

    @Test("is found on its page", arguments: DatabaseDriver.available, [1, 2, 5, 13, 14, 15, 100])
    func pages(_ driver: DatabaseDriver, limit: Int) async throws {
        let registry = try await driver.openRegistry()
        _ = try await Self.fill(registry)
        let all = try await registry.certificates(CertificateFilter(), at: Self.now, limit: 100)
        var found: [CertificateSummary] = []
        while true {
            let page = try await registry.certificates(
                CertificateFilter(), at: Self.now, after: found.last?.id, limit: limit)
            #expect(page.count <= limit)
            if page.isEmpty { break }
            found += page
        }
        #expect(found == all)
        #expect(all.count == 14)
        #expect(try await registry.certificates(CertificateFilter(), at: Self.now, limit: 0).isEmpty)
        #expect(try await registry.certificates(CertificateFilter(), at: Self.now, limit: -1).isEmpty)
    }

    @Test("is summed up as it is recorded, and in the state that the filter means", arguments: DatabaseDriver.available)
    func summary(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let ids = try await Self.fill(registry)
        for id in ids {
            let record = try #require(try await registry.certificate(id))
            let filter = CertificateFilter(authority: record.authority, serialNumber: record.certificate.serialNumber)
            let summary = try #require(try await registry.certificates(filter, at: Self.now, limit: 9).first)
            #expect(summary.id == id)
            #expect(summary.subject == record.certificate.subject)
            #expect(summary.profile == record.certificate.profile)
            #expect(summary.notBefore == record.certificate.notBefore)
            #expect(summary.notAfter == record.certificate.notAfter)
            #expect(summary.createdAt == record.createdAt)
            #expect(summary.keyDigest == record.certificate.keyDigest)
            #expect(summary.template == record.certificate.template)
            #expect(summary.origin == record.certificate.origin)
            #expect(summary.issuedBy == record.certificate.issuedBy)
            #expect(summary.names == record.certificate.names)
            #expect(summary.revocation == record.revocation)
        }
        for state in CertificateState.allCases {
            let found = try await registry.certificates(CertificateFilter(states: [state]), at: Self.now, limit: 100)
            #expect(found.allSatisfy { $0.state(at: Self.now) == state })
        }
        #expect(try await registry.certificate(99) == nil)
    }

    @Test("is found by the device that its challenge was made for", arguments: DatabaseDriver.available)
    func device(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        for (number, device) in [(1, "tablet"), (2, "phone"), (3, "tablet")] {
            var challenge = TestRecords.challenge(100 + number, uses: 1)
            challenge.device = device
            guard
                case .inserted(let ids) = try await registry.insert([challenge], by: "anna", at: TestRecords.now),
                let id = ids.first
            else { throw RegistryError.failed("a test's challenge is not recorded") }
            let request = TestRecords.request(
                number, transactionID: "\(number)", challenge: ChallengeUse(id: id, isLimited: true))
            _ = try await registry.grant(request, TestRecords.certificate(number), at: TestRecords.now)
        }
        for (device, found) in [("tablet", [3, 1]), ("phone", [2]), ("Tablet", []), ("", [])] {
            let page = try await registry.certificates(CertificateFilter(device: device), at: Self.now, limit: 10)
            #expect(page.map(\.serialNumber) == found.map(TestRecords.bytes))
        }
    }

    @Test("comes back with everything that was recorded of it", arguments: DatabaseDriver.available)
    func record(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        var certificate = TestRecords.certificate(1, profile: nil)
        certificate.keyDigest = [1]
        certificate.assignedTemplate = "assigned"
        certificate.assignedDays = 7
        certificate.template = "device"
        certificate.origin = .manual
        certificate.issuedBy = "anna"
        certificate.names = ["a.example", "", "192.0.2.1", "ü"]
        let id = try await registry.issue(certificate)
        let record = try #require(try await registry.certificate(id))
        #expect(record.certificate == certificate)
        #expect(record.createdAt == TestRecords.now)
        let event = try #require(try await registry.events(limit: 1).first)
        #expect(event.kind == .certificateIssued)
        #expect(event.certificate == id)
        #expect(event.detail == "by hand")
        // The serial number is taken: neither the certificate nor its event is there.
        let before = try await registry.counts()
        await #expect(throws: RegistryError.self) { try await registry.issue(certificate) }
        #expect(try await registry.counts() == before)
    }

    @Test("has the origin that its profile tells, where nobody says another")
    func origins() {
        #expect(TestRecords.certificate(1).origin == .scep)
        #expect(TestRecords.certificate(1, profile: nil).origin == .service)
    }
}
