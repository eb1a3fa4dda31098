import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import TestSupport
import Testing

@testable import Registry
@testable import Server

@Suite("Making CRLs")
struct RevocationListPublicationTests {
    @Test("adds to the last one what was revoked, and takes away what was released")
    func changes() async throws {
        try await LiveInstallation.run { live in
            let (first, held) = (try await live.issue("CN=1"), try await live.issue("CN=2"))
            try await live.publish()
            #expect(try listedCertificates(try await live.list().encoded).isEmpty)
            try await live.revoke(first)
            try await live.revoke(held, .certificateHold)
            try await live.publish(at: live.day(0.1))
            let both = try await live.list()
            #expect(both.number == 2)
            #expect(Set(try listedCertificates(both.encoded).keys) == [try first.serialOctets, try held.serialOctets])
            // Nothing new, so no new one.
            try await live.publish(at: live.day(0.2))
            #expect(try await live.list() == both)
            try await live.release(held)
            try await live.publish(at: live.day(0.3))
            let last = try await live.list()
            #expect(Array(try listedCertificates(last.encoded).keys) == [try first.serialOctets])
            #expect(try listHeader(last.encoded).thisUpdate == live.day(0.3))
            #expect(try listHeader(last.encoded).nextUpdate == live.day(7.3))
            // A hold that becomes final is there once, with the day of the hold.
            try await live.revoke(held, .certificateHold, at: live.day(0.4))
            try await live.publish(at: live.day(0.4))
            try await live.revoke(held, .superseded, at: live.day(0.5))
            try await live.publish(at: live.day(0.5))
            let entry = try #require(try listedCertificates(try await live.list().encoded)[held.serialOctets])
            #expect(try ASN1Tree(entry)[2, 0, 1].octets == [0x0a, 0x01, 4])
            let date = String(decoding: try ASN1Tree(entry)[1].octets, as: UTF8.self)
            #expect("20" + date == StatusAnswer.text(live.day(0.4)))
        }
    }

    @Test("leaves out what has ended when half of the validity is over, but not before it was on one after its end")
    func ended() async throws {
        try await LiveInstallation.run { live in
            let short = try await live.issue("CN=short") { $0.validityDays = 1 }
            let long = try await live.issue("CN=long")
            try await live.revoke(short)
            try await live.revoke(long)
            var listed: [Int] = []
            for day in [0, 0.5, 3, 3.6, 7.2, 10.8] {
                try await live.publish(at: live.day(day))
                listed.append(try listedCertificates(try await live.list().encoded).count)
            }
            // It ends after a day. The list of day 0 has it, that of 3.6 is the first one made after its end.
            #expect(listed == [2, 2, 2, 2, 1, 1])
            #expect(try await live.list().number == 4)
        }
    }

    @Test("gives the same whether it is made from the last one or from everything")
    func sameBytes() async throws {
        try await LiveInstallation.run { live in
            try await live.publish()
            for number in 0..<3 { try await live.revoke(try await live.issue("CN=\(number)")) }
            try await live.publish()
            let incremental = try await live.list()
            let authority = try live.authority()
            let whole = try authority.issuer.revocationList(
                number: 2,
                entries: try await live.registry.revocations(authority: authority.id).map {
                    RevokedCertificate(serialNumber: $0.serialNumber, $0.revocation)
                },
                thisUpdate: live.now,
                nextUpdate: live.day(7)
            )
            #expect(try ASN1Tree(whole)[0] == ASN1Tree(incremental.encoded)[0])
        }
    }

    @Test("goes on with the other CAs where one cannot sign, and says so")
    func oneFails() async throws {
        try await LiveInstallation.run { live in
            try await live.create("Other")
            try await live.publish()
            _ = try await live.blockRevocationList()
            try await live.revoke(try await live.issue(by: "Other"))
            for _ in 0..<2 {
                let sentence = await refusal { try await live.publish() }
                #expect(sentence.contains("65 octets"))
            }
            #expect(try await live.list().number == 1)
            #expect(try await live.list(of: "Other").number == 2)
            #expect(live.served.revocationLists[try live.authority().id]?.isLatest == false)
            #expect(live.served.revocationLists[try live.authority("Other").id]?.isLatest == true)
        }
    }

    @Test("of two nodes at once loses nothing and gives no number twice")
    func twoNodes() async throws {
        try await LiveInstallation.run { live in
            let events = CollectingLogHandler.Events()
            let other = try await live.test.open(logger: CollectingLogHandler.logger(events))
            defer { try? other.registry.close() }
            let nodes = [
                RevocationListPublication(
                    configuration: live.served, logger: CollectingLogHandler.logger(live.events)),
                RevocationListPublication(
                    configuration: other.configuration, logger: CollectingLogHandler.logger(events)),
            ]
            var certificates: [HandedCertificate] = []
            for number in 0..<20 { certificates.append(try await live.issue("CN=\(number)")) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for node in nodes {
                    group.addTask { for _ in 0..<15 { try await node.run(at: live.now) } }
                }
                for certificate in certificates { group.addTask { try await live.revoke(certificate) } }
                try await group.waitForAll()
            }
            for node in nodes { try await node.run(at: live.now) }
            for node in nodes { try await node.run(at: live.now) }
            let last = try await live.list()
            #expect(Set(try listedCertificates(last.encoded).keys) == Set(try certificates.map { try $0.serialOctets }))
            let made = (live.events.all + events.all).filter { $0.message == "CRL made" }.compactMap {
                $0.values["number"]
            }
            #expect(made.count == Set(made).count)
            #expect(Set(made.compactMap(Int64.init)) == Set(1...last.number))
            let id = try live.authority().id
            for served in [live.served.revocationLists[id], other.configuration.revocationLists[id]] {
                #expect(served?.encoded == last.encoded)
                #expect(served?.isLatest == true)
            }
        }
    }

    @Test("at the end of a CA goes on until its end and no further, without one every second")
    func endOfAuthority() async throws {
        try await LiveInstallation.run { live in
            try await live.create("Short") { $0.validityDays = 10 }
            let end = try live.authority("Short").issuer.notAfter
            try await live.publish()
            try await live.publish(at: live.day(4))
            #expect(try listHeader(try await live.list(of: "Short").encoded).nextUpdate == end)
            for day in [4.1, 6, 7, 9, 9.9, 10.1, 12] { try await live.publish(at: live.day(day)) }
            #expect(try await live.list(of: "Short").number == 2)
            let certificate = try await live.issue(by: "Short", at: live.day(9))
            try await live.revoke(certificate, at: live.day(9))
            try await live.publish(at: live.day(9.5))
            let last = try await live.list(of: "Short")
            #expect(last.number == 3)
            #expect(try listHeader(last.encoded).nextUpdate == end)
            #expect(try listedCertificates(last.encoded).count == 1)
        }
    }

    @Test("follows the settings, also where CRLs are to be valid for less long than the last one is")
    func settings() async throws {
        try await LiveInstallation.run { live in
            func set(hours: Int) async throws {
                try await live.administration.change(PublicationSettings.self, by: "anna", at: live.now) {
                    $0.revocationListHours = hours
                }
                #expect(try await live.served.refresh())
                for _ in 0..<2 { try await live.publish() }
            }
            try await live.publish()
            try await set(hours: 24)
            #expect(try await live.list().number == 2)
            #expect(try listHeader(try await live.list().encoded).nextUpdate == live.day(1))
            try await set(hours: 8760)
            #expect(try await live.list().number == 3)
            #expect(try listHeader(try await live.list().encoded).nextUpdate == live.day(365))
        }
    }
}
