import CertificateAuthority
import Enrollment
import Foundation
import TestSupport
import Testing

@testable import Registry
@testable import Server

@Suite("Revocation by an administrator")
struct RevocationAdministrationTests {
    static func revoke(
        _ live: LiveInstallation,
        _ serialNumbers: [String],
        _ request: RevocationRequest = RevocationRequest(reason: .superseded)
    ) async throws -> [RevocationResult] {
        try await live.administration.revoke(serialNumbers, for: request, by: "anna", at: live.now)
    }

    static let deviceReasons = RevocationReason.allCases.filter { ![.cACompromise, .aACompromise].contains($0) }

    @Test("has a reason, an invalidity date and a note, which are in the record")
    func reasons() async throws {
        try await LiveInstallation.run { live in
            for reason in Self.deviceReasons { try await Self.checkRecord(of: reason, live) }
        }
    }

    private static func checkRecord(of reason: RevocationReason, _ live: LiveInstallation) async throws {
        let certificate = try await live.issue()
        let request = RevocationRequest(reason: reason, invalidityDate: live.day(-3), note: " ticket 17\n")
        #expect(try await Self.revoke(live, [certificate.serialNumber], request).map(\.obstacle) == [nil])
        let detail = try await live.administration.certificate(certificate.serialNumber)
        let revocation = detail.description.summary.revocation
        #expect(
            revocation == Revocation(date: live.now, reason: Int(reason.rawValue), invalidityDate: live.day(-3)))
        let event = try #require(detail.events.last)
        #expect(event.kind == .certificateRevoked)
        #expect(event.actor == "anna")
        #expect(event.detail.hasSuffix(": \(reason.name): ticket 17"))
        #expect(detail.description.summary.state(at: live.now) == (reason == .certificateHold ? .held : .revoked))
    }

    @Test("is final, unless it is a hold")
    func holds() async throws {
        try await LiveInstallation.run { live in
            let administration = live.administration
            let serialNumbers = [try await live.issue("CN=1").serialNumber, try await live.issue("CN=2").serialNumber]
            let hold = RevocationRequest(reason: .certificateHold)
            #expect(try await Self.revoke(live, serialNumbers, hold).allSatisfy { $0.obstacle == nil })
            let again = try await Self.revoke(live, serialNumbers, hold)
            #expect(again.allSatisfy { $0.obstacle?.contains("certificateHold") == true })
            // The second one for good; after that neither a hold nor another reason changes it.
            #expect(try await Self.revoke(live, [serialNumbers[1]]).map(\.obstacle) == [nil])
            let more = try await Self.revoke(live, serialNumbers, RevocationRequest(reason: .keyCompromise))
            #expect(more.map { $0.obstacle == nil } == [true, false])
            #expect(more[1].obstacle?.contains("superseded") == true)
            let third = try await live.issue("CN=3").serialNumber
            _ = try await Self.revoke(live, [third], hold)
            let released = try await administration.release(
                serialNumbers + [third, third], note: "found again", by: "bert", at: live.now)
            #expect(released.map(\.subject) == ["CN=1", "CN=2", "CN=3"])
            #expect(released.map { $0.obstacle == nil } == [false, false, true])
            let events = try await administration.certificate(third).events
            #expect(events.map(\.kind) == [.certificateIssued, .certificateRevoked, .certificateReleased])
            #expect(events.last?.detail.hasSuffix(": found again") == true)
            let twice = try await administration.release([third], note: "", by: "bert", at: live.now)
            #expect(twice.map(\.obstacle) == ["it is not on hold"])
        }
    }

    @Test("of several is of all or none where one is not there")
    func allOrNone() async throws {
        try await LiveInstallation.run { live in
            let certificate = try await live.issue()
            for missing in ["abcd", "nonsense", ""] {
                let revoked = await refusal { try await Self.revoke(live, [certificate.serialNumber, missing]) }
                #expect(revoked.contains("serial number"), "\(revoked)")
                let released = await refusal {
                    try await live.administration.release(
                        [certificate.serialNumber, missing], note: "", by: "anna", at: live.now)
                }
                #expect(released.contains("serial number"))
            }
            let record = try await live.administration.certificate(certificate.serialNumber)
            #expect(record.description.summary.revocation == nil)
        }
    }

    static let senseless: [(String, RevocationRequest)] = [
        ("cACompromise", RevocationRequest(reason: .cACompromise, note: "stolen")),
        ("aACompromise", RevocationRequest(reason: .aACompromise)),
        (
            "future",
            RevocationRequest(reason: .keyCompromise, invalidityDate: TestInstallation.now.addingTimeInterval(1))
        ),
        ("1950", RevocationRequest(reason: .keyCompromise, invalidityDate: Date(timeIntervalSince1970: -1e12))),
    ]

    @Test("is refused where no CRL could say it, or the reason is a CA's")
    func refused() async throws {
        try await LiveInstallation.run { live in
            let certificate = try await live.issue()
            for (word, request) in Self.senseless {
                let single = await refusal { try await Self.revoke(live, [certificate.serialNumber], request) }
                #expect(single.contains(word), "\(single)")
                let bulk = await refusal {
                    try await live.administration.revokeAll(CertificateFilter(), for: request, by: "anna", at: live.now)
                }
                #expect(bulk == single)
            }
            try await live.publish()
            #expect(try listedCertificates(try await live.list().encoded).isEmpty)
        }
    }

    @Test("needs the CA where two have given the same serial number")
    func sameSerialNumber() async throws {
        try await LiveInstallation.run { live in
            try await live.create("Other")
            for name in ["UCM CA", "Other"] {
                let certificate = NewCertificate(
                    serialNumber: [0x11], profile: nil, subject: "CN=of \(name)", notBefore: live.now,
                    notAfter: live.day(1), encoded: [0], origin: .manual)
                let event = NewEvent(.certificateIssued, by: "anna")
                _ = try await live.registry.insert(
                    certificate, authority: try live.authority(name).id, event: event, at: live.now)
            }
            let request = RevocationRequest(reason: .superseded)
            let sentence = await refusal { try await Self.revoke(live, ["11"], request) }
            #expect(sentence.contains("--ca"))
            let unknown = await refusal {
                try await live.administration.revoke(
                    ["11"], authority: "Nobody", for: request, by: "anna", at: live.now)
            }
            #expect(unknown.contains("no CA Nobody"))
            let results = try await live.administration.revoke(
                ["11", "0x11"], authority: "other", for: request, by: "anna", at: live.now)
            #expect(results.map(\.subject) == ["CN=of Other"])
            let states = try await live.administration.certificates(
                CertificateFilter(serialNumber: [0x11]), at: live.now, limit: 9)
            #expect(states.map { $0.summary.revocation == nil } == [false, true])
        }
    }
}
