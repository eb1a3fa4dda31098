import CertificateAuthority
import Enrollment
import Foundation
import TestSupport
import Testing

@testable import Registry
@testable import Server

@Suite("Certificates that have something in common")
struct BulkRevocationTests {
    /// Records certificates without keys, which are quick to make.
    static func insert(_ live: LiveInstallation, _ names: [String], by authority: String = "UCM CA") async throws {
        let id = try live.authority(authority).id
        let count = try await live.registry.certificateCount()
        for (number, name) in names.enumerated() {
            let certificate = NewCertificate(
                serialNumber: withUnsafeBytes(of: Int64(count + number + 1).bigEndian, Array.init),
                profile: name.hasPrefix("router") ? "routers" : "default",
                subject: "CN=\(name)",
                notBefore: live.now,
                notAfter: live.day(10),
                encoded: [0],
                names: [name]
            )
            _ = try await live.registry.insert(
                certificate, authority: id, event: NewEvent(.certificateIssued, by: "anna"), at: live.now)
        }
    }

    @Test("are found by it, page by page, the newest first")
    func pages() async throws {
        try await LiveInstallation.run { live in
            try await live.create("Other")
            try await Self.insert(live, (0..<25).map { "pump-\($0)" })
            try await Self.insert(live, (0..<3).map { "router-\($0)" }, by: "Other")
            let administration = live.administration
            var found: [String] = []
            var last: Int64?
            while true {
                let page = try await administration.certificates(
                    CertificateFilter(search: "PUMP"), at: live.now, after: last, limit: 10)
                found += page.map(\.summary.subject)
                last = page.last?.summary.id
                guard page.count == 10 else { break }
            }
            #expect(found == (0..<25).reversed().map { "CN=pump-\($0)" })
            let counts: [(CertificateFilter, String?, Int)] = [
                (CertificateFilter(search: "pump"), nil, 25), (CertificateFilter(search: "pump"), "Other", 0),
                (CertificateFilter(profile: "routers"), "other", 3), (CertificateFilter(name: "pump-1"), nil, 1),
                (CertificateFilter(origins: [.service]), "UCM CA", 3), (CertificateFilter(states: [.revoked]), nil, 0),
                (CertificateFilter(search: "%"), nil, 0), (CertificateFilter(search: "_ump"), nil, 0),
                (CertificateFilter(endingBefore: live.day(11)), "Other", 3),
            ]
            for (filter, authority, count) in counts {
                #expect(try await administration.certificateCount(filter, authority: authority, at: live.now) == count)
            }
            let unknown = await refusal {
                try await administration.certificates(CertificateFilter(), authority: "Nobody", at: live.now, limit: 1)
            }
            #expect(unknown.contains("no CA Nobody"))
            let none = try await administration.certificates(CertificateFilter(), at: live.now, limit: 0)
            #expect(none.isEmpty)
        }
    }

    @Test("are revoked at once, but neither the installation's own nor what is over already")
    func revoked() async throws {
        try await LiveInstallation.run { live in
            let administration = live.administration
            try await live.create("Other")
            try await Self.insert(live, (0..<1203).map { "pump-\($0)" })
            try await Self.insert(live, ["router-1", "router-2"], by: "Other")
            func revokeAll(
                _ filter: CertificateFilter,
                authority: String? = nil,
                _ reason: RevocationReason = .superseded,
                at now: Date? = nil
            ) async throws -> [RevocationResult] {
                try await administration.revokeAll(
                    filter, authority: authority, for: RevocationRequest(reason: reason), by: "anna",
                    at: now ?? live.now)
            }
            let held = try await revokeAll(CertificateFilter(name: "pump-7"), .certificateHold)
            #expect(held.map(\.subject) == ["CN=pump-7"])
            // What is on hold is not put on hold again, but revoked for good.
            let all = try await administration.revocable(
                CertificateFilter(search: "pump"), for: RevocationRequest(reason: .certificateHold), at: live.now)
            #expect(all.count == 1202)
            let revoked = try await revokeAll(CertificateFilter(profile: "default"))
            #expect(revoked.count == 1203)
            #expect(Set(revoked.map(\.serialNumber)).count == 1203)
            #expect(revoked.allSatisfy { $0.obstacle == nil })
            try await live.publish()
            #expect(try listedCertificates(try await live.list().encoded).count == 1203)
            #expect(try listedCertificates(try await live.list(of: "Other").encoded).isEmpty)
            let again = await refusal { try await revokeAll(CertificateFilter(profile: "default")) }
            #expect(again.contains("no valid certificate"))
            let ended = await refusal { try await revokeAll(CertificateFilter(), at: live.day(10)) }
            #expect(ended.contains("no valid certificate"))
            #expect(try await revokeAll(CertificateFilter(), authority: "Other").count == 2)
            let own = try await administration.certificateCount(
                CertificateFilter(origins: [.service], states: [.valid]), at: live.now)
            #expect(own == 5)
        }
    }

    @Test("of a device are found by the challenge that was made for it")
    func device() async throws {
        try await LiveInstallation.run { live in
            var orders: [ChallengeOrder] = []
            for device in ["pump-4", "pump-5"] {
                var order = ChallengeOrder(profile: "default", at: live.now)
                order.device = device
                orders.append(order)
            }
            let made = try await live.administration.createChallenges(orders, by: "anna", at: live.now)
            for (number, challenge) in made.enumerated() {
                _ = try await live.installation.enrol(
                    with: challenge.secret, transactionID: "\(number)", at: live.now)
            }
            let results = try await live.administration.revokeAll(
                CertificateFilter(device: "pump-5"), for: RevocationRequest(reason: .keyCompromise, note: "stolen"),
                by: "anna", at: live.now)
            #expect(results.count == 1)
            let filter = CertificateFilter(device: "pump-4", states: [.valid])
            #expect(try await live.administration.certificateCount(filter, at: live.now) == 1)
        }
    }
}
