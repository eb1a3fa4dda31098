import CertificateAuthority
import Enrollment
import Foundation
import TestSupport
import Testing

@testable import Registry
@testable import Server

@Suite("CRLs that are made from the last one")
struct RevocationListPropertyTests {
    /// What should be on the list, found out in another way: certificate by certificate.
    struct Model {
        var revocations: [Int: Revocation] = [:]
        var listed: [Int: Revocation] = [:]
        var changed: Set<Int> = []
        var thisUpdate: Date?
        var nextUpdate = Date.distantPast

        mutating func revoke(_ number: Int, _ reason: Int, at now: Date) {
            if let old = self.revocations[number] {
                guard old.isHold, reason != Revocation.hold else { return }
                self.revocations[number] = Revocation(date: old.date, reason: reason)
            } else {
                self.revocations[number] = Revocation(date: now, reason: reason)
            }
            self.changed.insert(number)
        }

        mutating func release(_ number: Int) {
            guard self.revocations[number]?.isHold == true else { return }
            self.revocations[number] = nil
            self.changed.insert(number)
        }

        mutating func publish(at now: Date, ends: [Date]) {
            if self.nextUpdate.timeIntervalSince(now) <= 3.5 * 86_400 {
                let earliest = self.thisUpdate ?? .distantPast
                self.listed = self.revocations.filter { ends[$0.key] >= earliest }
            } else if self.changed.isEmpty {
                return
            } else {
                for number in self.changed { self.listed[number] = self.revocations[number] }
            }
            (self.thisUpdate, self.nextUpdate, self.changed) = (now, now.addingTimeInterval(7 * 86_400), [])
        }
    }

    @Test(
        "have what those have that are made from everything, whatever was revoked and released",
        arguments: UInt64(1)...4)
    func random(seed: UInt64) async throws {
        try await LiveInstallation.run { live in
            var generator = SeededGenerator(seed: seed)
            let authority = try live.authority()
            let ends = (0..<40).map { _ in live.day(Double.random(in: 1...40, using: &generator).rounded()) }
            var ids: [Int64] = []
            for (number, end) in ends.enumerated() {
                let certificate = NewCertificate(
                    serialNumber: [1] + withUnsafeBytes(of: Int64(number).bigEndian, Array.init),
                    profile: nil,
                    subject: "CN=\(number)",
                    notBefore: live.now,
                    notAfter: end,
                    encoded: [0]
                )
                let event = NewEvent(.certificateIssued, by: "anna")
                ids.append(
                    try await live.registry.insert(certificate, authority: authority.id, event: event, at: live.now))
            }
            var model = Model()
            var now = live.now
            for _ in 0..<60 {
                now = now.addingTimeInterval(Double(Int.random(in: 0...50_000, using: &generator)))
                for _ in 0..<Int.random(in: 0...4, using: &generator) {
                    let number = Int.random(in: ids.indices, using: &generator)
                    if Int.random(in: 0..<3, using: &generator) == 0 {
                        _ = try await live.registry.release([ids[number]], by: "anna", note: "", at: now)
                        model.release(number)
                    } else {
                        let reason = [0, 1, 4, 6, 6, 6, 9].randomElement(using: &generator) ?? 0
                        let order = RevocationOrder(reason: reason, note: "", by: "anna")
                        _ = try await live.registry.revoke([ids[number]], order, at: now)
                        model.revoke(number, reason, at: now)
                    }
                }
                try await live.publish(at: now)
                model.publish(at: now, ends: ends)
                let list = try await live.list()
                let expected = try authority.issuer.revocationList(
                    number: list.number,
                    entries: model.listed.sorted { $0.key < $1.key }.map { number, revocation in
                        RevokedCertificate(
                            serialNumber: [1] + withUnsafeBytes(of: Int64(number).bigEndian, Array.init), revocation)
                    },
                    thisUpdate: list.thisUpdate,
                    nextUpdate: list.nextUpdate
                )
                #expect(try listedCertificates(list.encoded) == listedCertificates(expected))
                #expect(list.nextUpdate == model.nextUpdate)
                // Nothing that is revoked and has not ended is missing.
                let due = model.revocations.keys.filter { ends[$0] > now }
                #expect(Set(due).isSubset(of: model.listed.keys))
            }
        }
    }
}
