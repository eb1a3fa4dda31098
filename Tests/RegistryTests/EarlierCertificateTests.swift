import Foundation
import Testing

@testable import Registry

@Suite("An earlier certificate", .freshDatabase)
struct EarlierCertificateTests {
    private static func certificate(_ number: Int, subject: String, key: Int?) -> NewCertificate {
        var certificate = TestRecords.certificate(number)
        certificate.subject = subject
        certificate.keyDigest = key.map(TestRecords.bytes)
        return certificate
    }

    @Test("is found by its name or its key, the newest first", arguments: DatabaseDriver.available)
    func found(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let authority = try await registry.install()
        let certificates = [
            Self.certificate(1, subject: "CN=a", key: 1), Self.certificate(2, subject: "CN=b", key: 1),
            Self.certificate(3, subject: "CN=a", key: 2), Self.certificate(4, subject: "CN=b", key: 2),
            Self.certificate(5, subject: "CN=a", key: nil), Self.certificate(6, subject: "CN=A", key: nil),
        ]
        for (number, certificate) in certificates.enumerated() {
            let request = TestRecords.request(number, transactionID: "\(number)")
            #expect(try await registry.grant(request, certificate, at: TestRecords.now).isRecorded)
        }
        let stored = try await registry.certificate(
            serialNumber: certificates[2].serialNumber, authority: authority)
        #expect(stored?.certificate == certificates[2])
        func earlier(_ subject: String, _ key: Int, before id: Int64? = nil, limit: Int = 10) async throws -> [Int] {
            try await registry.earlierCertificates(
                subject: subject, keyDigest: TestRecords.bytes(key), before: id, limit: limit
            ).map { record in 1 + (certificates.firstIndex { $0.encoded == record.certificate.encoded } ?? 99) }
        }
        #expect(try await earlier("CN=a", 1) == [5, 3, 2, 1])
        #expect(try await earlier("CN=a", 9) == [5, 3, 1])
        #expect(try await earlier("CN=c", 2) == [4, 3])
        #expect(try await earlier("CN=c", 9).isEmpty)
        #expect(try await earlier("CN=a", 1, limit: 2) == [5, 3])
        #expect(try await earlier("CN=a", 1, limit: 0).isEmpty)
        #expect(try await earlier("CN=a", 1, before: stored?.id) == [2, 1])
    }

    @Test("of a name that is too long to be kept is found by its beginning", arguments: DatabaseDriver.available)
    func longNames(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let start = "CN=" + String(repeating: "ä", count: 900)
        let ends = ["1", "2", String(repeating: "ö", count: 1_000) + "1", String(repeating: "ö", count: 1_000) + "2"]
        for (number, end) in ends.enumerated() {
            let certificate = Self.certificate(number, subject: start + end, key: nil)
            let request = TestRecords.request(number, transactionID: "\(number)")
            _ = try await registry.grant(request, certificate, at: TestRecords.now)
        }
        for (end, numbers) in [(ends[0], [0]), (ends[1], [1]), (ends[2], [3, 2]), (ends[3], [3, 2])] {
            let found = try await registry.earlierCertificates(subject: start + end, keyDigest: [0], limit: 10)
            #expect(found.map(\.certificate.encoded) == numbers.map { TestRecords.certificate($0).encoded })
        }
    }
}
