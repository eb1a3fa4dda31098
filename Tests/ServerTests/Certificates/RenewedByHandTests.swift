import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Registry
import SCEP
import TestSupport
import Testing

@testable import Server

@Suite("A certificate that an administrator renews")
struct RenewedByHandTests {
    @Test("has the same names and key, or another key, for as long as its template says")
    func renewed() async throws {
        try await LiveInstallation.run { live in
            let administration = live.administration
            try await administration.createTemplate("Own", from: "Default", by: "anna", at: live.now) {
                $0.validityDays = 20
            }
            let old = try await live.issue("CN=pump, O=Example") {
                $0.alternativeNames = ["DNS:pump.example.com"]
                $0.template = "Own"
            }
            try await administration.changeTemplate("Own", by: "anna", at: live.now) { $0.validityDays = 50 }
            let same = try await administration.renew(old.serialNumber, by: "bert", at: live.day(10))
            #expect(same.key == nil)
            let (oldRead, sameRead) = (
                try SignerCertificate(encoded: old.certificate), try SignerCertificate(encoded: same.certificate)
            )
            #expect(sameRead.subject == oldRead.subject)
            #expect(sameRead.publicKey == oldRead.publicKey)
            #expect(same.serialNumber != old.serialNumber)
            #expect(try HandedCertificateTests.alternativeNames(same.certificate) == ["DNS:pump.example.com"])
            let detail = try await administration.certificate(same.serialNumber).description.summary
            #expect(detail.notAfter == live.day(60))
            #expect(detail.template == "Own")
            #expect(detail.issuedBy == "bert")
            let other = try await administration.renew(
                old.serialNumber, newKey: .generated(.p384), by: "bert", at: live.day(10))
            let key = try #require(other.key)
            #expect(try SignerCertificate(encoded: other.certificate).publicKey.isSameKey(as: key.publicKey))
            #expect(try SignerCertificate(encoded: other.certificate).subject == oldRead.subject)
        }
    }

    @Test("is issued by the CA that has followed its own")
    func heir() async throws {
        try await LiveInstallation.run { live in
            let old = try await live.issue()
            for (name, successor, day) in [("UCM CA", "G2", 10.0), ("G2", "G3", 20.0)] {
                _ = try await live.administration.rollover(
                    name, to: .new(name: successor, key: .p256), switchAt: live.day(day), by: "anna",
                    at: live.day(day - 1))
            }
            for (day, issuer) in [(9.0, "UCM CA"), (11, "G2"), (21, "G3")] {
                let renewed = try await live.administration.renew(old.serialNumber, by: "anna", at: live.day(day))
                let detail = try await live.administration.certificate(renewed.serialNumber)
                #expect(detail.description.authority == issuer)
                #expect(detail.chain == renewed.chain)
            }
        }
    }

    @Test("is none of a CA that is retired and that nobody follows")
    func retired() async throws {
        try await LiveInstallation.run { live in
            try await live.create("Old")
            let old = try await live.issue(by: "Old")
            try await live.administration.retireAuthority("Old", by: "anna", at: live.now)
            let sentence = await refusal {
                try await live.administration.renew(old.serialNumber, by: "anna", at: live.now)
            }
            #expect(sentence.contains("no other one follows"))
        }
    }

    @Test("is none that is revoked or on hold, nor the installation's own")
    func refused() async throws {
        try await LiveInstallation.run { live in
            let administration = live.administration
            try await live.create("Below", under: "UCM CA")
            for reason in [RevocationReason.certificateHold, .superseded] {
                let certificate = try await live.issue()
                try await live.revoke(certificate, reason)
                let sentence = await refusal {
                    try await administration.renew(certificate.serialNumber, by: "anna", at: live.now)
                }
                #expect(sentence.contains("revoked"))
            }
            let own = try await administration.certificates(
                CertificateFilter(origins: [.service, .authority]), at: live.now, limit: 99)
            #expect(own.count == 6)
            for certificate in own {
                let sentence = await refusal {
                    try await administration.renew(certificate.serialNumber, by: "anna", at: live.now)
                }
                #expect(sentence.contains("own"), "\(sentence)")
            }
            let unknown = await refusal { try await administration.renew("abcd", by: "anna", at: live.now) }
            #expect(unknown.contains("abcd"))
            let certificate = try await live.issue()
            let key = try #require(live.served.current.authorities.keys[try live.authority().id])
            let request = try HandedCertificateTests.request("CN=other", key: key)
            let foreign = await refusal {
                try await administration.renew(
                    certificate.serialNumber, newKey: .request(request), by: "anna", at: live.now)
            }
            #expect(foreign.contains("key"))
        }
    }

    @Test("keeps what was decided for its device, also for the renewal after this one")
    func assigned() async throws {
        try await LiveInstallation.run { live in
            let administration = live.administration
            _ = try await administration.changeProfile(
                "default", authority: nil, challenge: .keep, by: "anna", at: live.now
            ) { $0.approval = .manual }
            _ = try await live.served.refresh()
            let id = try #require(try await live.installation.enrol(at: live.now).exchange.request)
            var terms = ApprovalTerms()
            terms.template = "Network Equipment"
            terms.validityDays = 400
            let approved = try await administration.approve(id, on: terms, by: "anna", at: live.now)
            guard case .issued(let serial) = approved else {
                Issue.record("one approval is enough")
                return
            }
            var last = serial
            for step in 1...2 {
                let renewed = try await administration.renew(last, by: "anna", at: live.day(Double(step)))
                let record = try await administration.certificate(renewed.serialNumber).description.summary
                #expect(record.template == "Network Equipment")
                #expect(record.assignedTemplate == "Network Equipment")
                #expect(record.assignedDays == 400)
                #expect(record.profile == "default")
                #expect(record.notAfter == live.day(Double(step) + 400))
                last = renewed.serialNumber
            }
            // Near the end of the CA it ends with it, as every other one.
            let late = try await administration.renew(last, by: "anna", at: live.day(3500))
            let end = try live.authority().issuer.notAfter
            #expect(try await administration.certificate(late.serialNumber).description.summary.notAfter == end)
        }
    }
}
