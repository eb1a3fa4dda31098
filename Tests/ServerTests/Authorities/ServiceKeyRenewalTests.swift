import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Logging
import SCEP
import TestSupport
import Testing

@testable import Registry
@testable import Server

@Suite("The certificates of RAs and OCSP signers")
struct ServiceKeyRenewalTests {
    /// How many keys a CA has for its RA and for its OCSP responses.
    static func counts(_ live: LiveInstallation, _ name: String = "UCM CA") async throws -> [Int] {
        let id = try live.authority(name).id
        let purposes: [ServiceKey.Purpose] = [.registrationAuthority, .ocspResponder]
        var counts: [Int] = []
        for purpose in purposes { counts.append(try await live.registry.serviceKeys(purpose, authority: id).count) }
        return counts
    }

    @Test("are renewed when a third of their life is left, once")
    func thirds() async throws {
        try await LiveInstallation.run { live in
            // A signer's life is 30 days, an RA's 730.
            let days: [(day: Double, counts: [Int])] = [
                (0, [1, 1]), (19.9, [1, 1]), (20.1, [1, 2]), (20.2, [1, 2]), (40, [1, 2]), (40.3, [1, 3]),
                (488, [2, 4]),
                (488.1, [2, 4]),
            ]
            for (day, counts) in days {
                try await live.renewKeys(at: live.day(day))
                #expect(try await Self.counts(live) == counts, "day \(day)")
            }
            let signers = try #require(live.served.current.authorities.statusSigners[try live.authority().id])
            #expect(signers.first?.notAfter == live.day(518))
            let renewed = live.events.all.filter { $0.message.hasSuffix("certificate renewed") }.map(\.message)
            #expect(renewed.count { $0.hasPrefix("OCSP signer") } == 3)
            #expect(renewed.count { $0.hasPrefix("RA") } == 1)
        }
    }

    @Test("are replaced where they are revoked, or where a CA has no signer yet", arguments: [0, 1])
    func revoked(purpose: Int) async throws {
        try await LiveInstallation.run { live in
            let authority = try live.authority()
            let signer = try #require(live.served.current.authorities.statusSigners[authority.id]?.first).certificate
            let certificates = [try #require(authority.registrationKeys.first).certificate, signer]
            let serialNumber = certificates[purpose].identifier.serialNumber
            let record = try #require(
                try await live.registry.certificate(serialNumber: serialNumber, authority: authority.id))
            let text = serialNumber.hexadecimal
            let results = try await live.administration.revoke(
                [text], for: RevocationRequest(reason: .keyCompromise), by: "anna", at: live.now)
            #expect(results.map(\.obstacle) == [nil])
            for _ in 0..<2 { try await live.renewKeys(at: live.now) }
            #expect(try await Self.counts(live) == (purpose == 0 ? [2, 1] : [1, 2]))
            try await live.publish()
            #expect(try listedCertificates(try await live.list().encoded)[record.certificate.serialNumber] != nil)
            // The new one answers.
            if purpose == 0 {
                let newest = try #require(try live.authority().registrationKeys.first)
                #expect(newest.certificate.encoded != record.certificate.encoded)
                #expect(try await live.installation.enrol(at: live.now).certificates.count == 1)
            } else {
                let name = try (try await live.issue()).certID()
                #expect(try await StatusResponderTests.ask(live, [name]).signer != record.certificate.encoded)
            }
            let sentence = await refusal { try await live.administration.renew(text, by: "anna", at: live.now) }
            #expect(sentence.contains("revoked"))
        }
    }

    @Test("of a CA from before there were signers are completed, those of a retired one only for what it has issued")
    func retired() async throws {
        try await LiveInstallation.run { live in
            try await live.create("Old")
            try await live.administration.retireAuthority("Old", by: "anna", at: live.now)
            _ = try await live.registry.database.write { connection in
                try connection.execute("DELETE FROM service_key WHERE purpose = 'ocsp'", [])
                try Registry.noteChange(in: connection)
            }
            _ = try await live.served.refresh()
            try await live.renewKeys(at: live.now)
            #expect(try await Self.counts(live) == [1, 1])
            #expect(try await Self.counts(live, "Old") == [1, 1])
            try await live.renewKeys(at: live.day(488))
            #expect(try await Self.counts(live) == [2, 2])
            #expect(try await Self.counts(live, "Old") == [1, 2])
        }
    }

    @Test("end with their CA, and are not renewed for the rest of its life")
    func endOfAuthority() async throws {
        try await LiveInstallation.run { live in
            try await live.create("Short") { $0.validityDays = 25 }
            for day in [1.0, 17, 20, 24.9, 25, 26, 100] {
                try await live.renewKeys(at: live.day(day))
                #expect(try await Self.counts(live, "Short") == [1, 1], "day \(day)")
            }
        }
    }

    @Test("are renewed by one node, and the others take them over")
    func otherNode() async throws {
        try await LiveInstallation.run { live in
            let other = try await live.test.open()
            defer { try? other.registry.close() }
            try await live.renewKeys(at: live.day(21))
            // The other node has not noticed, and looks before it makes one more.
            let renewal = ServiceKeyRenewal(configuration: other.configuration, logger: .quiet)
            try await renewal.run(at: live.day(21))
            #expect(try await Self.counts(live) == [1, 2])
            let id = try live.authority().id
            let mine = live.served.current.authorities.statusSigners[id]?.first?.certificate
            #expect(other.configuration.current.authorities.statusSigners[id]?.first?.certificate == mine)
        }
    }
}
