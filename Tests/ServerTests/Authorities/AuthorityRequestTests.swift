import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import SCEP
import SwiftASN1
import TestSupport
import Testing

@testable import Registry
@testable import Server

@Suite("A CA whose certificate is issued elsewhere")
struct AuthorityRequestTests {
    static func order(_ name: String, _ change: (inout AuthorityOrder) -> Void = { _ in }) -> AuthorityOrder {
        var order = AuthorityOrder(name: name)
        order.key = .p256
        change(&order)
        return order
    }

    static func file(_ certificates: [[UInt8]]) throws -> KeyFile {
        try KeyFile(Array(CertificateBundle(certificates).pem.utf8), password: nil)
    }

    @Test("waits for it, and then is one like all others")
    func installed() async throws {
        try await LiveInstallation.run { live in
            let administration = live.administration
            let order = Self.order("Devices") { $0.subject = "CN=Example Devices, O=Example" }
            let request = try await administration.requestAuthority(order, by: "anna", at: live.now)
            let read = try CertificationRequest(encoded: request)
            try read.verifySignature()
            #expect(ReadableText.name(read.subject).contains("Example Devices"))
            #expect(try await administration.authorityRequests().map(\.name) == ["Devices"])
            #expect(try await administration.authorityRequests().map(\.request) == [request])
            var terms = AuthorityOrder(name: "")
            terms.validityDays = 100
            let chain = try await administration.signAuthority(request, terms, by: "anna", at: live.now)
            #expect(chain.count == 2)
            try await administration.installAuthority(
                "Devices", files: [try Self.file(chain.reversed())], by: "anna", at: live.now)
            #expect(try await administration.authorityRequests().isEmpty)
            _ = try await live.served.refresh()
            let authority = try live.authority("Devices")
            #expect(authority.chain == chain)
            #expect(authority.issuer.notAfter == live.day(100))
            let certificate = try await live.issue(by: "Devices")
            #expect(try await StatusResponderTests.ask(live, [try certificate.certID()]).statuses == [.good])
        }
    }

    @Test("asks for what it will be, also where it answers SCEP itself")
    func answering() async throws {
        try await LiveInstallation.run { live in
            let order = Self.order("Answering") {
                $0.key = .rsa2048
                $0.answersSCEP = true
            }
            let request = try await live.administration.requestAuthority(order, by: "anna", at: live.now)
            let usage = try CertificationRequest(encoded: request).requestedExtensions.first {
                $0.identifier == [2, 5, 29, 15]
            }
            // digitalSignature, keyEncipherment, keyCertSign, cRLSign.
            #expect(usage?.value == [0x03, 0x02, 0x01, 0xa6])
            let sentence = await refusal {
                try await live.administration.requestAuthority(
                    Self.order("No RSA") { $0.answersSCEP = true }, by: "anna", at: live.now)
            }
            #expect(sentence.contains("RSA"))
        }
    }

    @Test("is not asked for under a name that is taken, and given up by its name")
    func names() async throws {
        try await LiveInstallation.run { live in
            let administration = live.administration
            _ = try await administration.requestAuthority(Self.order("Devices"), by: "anna", at: live.now)
            for name in ["Devices", "devices", "UCM CA", "ucm ca", ""] {
                let requested = await refusal {
                    try await administration.requestAuthority(Self.order(name), by: "anna", at: live.now)
                }
                #expect(requested.contains("already") || requested.contains("1 to 61"), "\(requested)")
                let created = await refusal {
                    try await administration.createAuthority(Self.order(name), by: "anna", at: live.now)
                }
                #expect(created.contains("already") || created.contains("1 to 61"), "\(created)")
            }
            for name in ["Nobody", "devices", "UCM CA"] {
                let sentence = await refusal {
                    try await administration.cancelAuthorityRequest(name, by: "anna", at: live.now)
                }
                #expect(sentence.contains(name))
            }
            try await administration.cancelAuthorityRequest("Devices", by: "anna", at: live.now)
            #expect(try await administration.authorityRequests().isEmpty)
            try await administration.createAuthority(Self.order("devices"), by: "anna", at: live.now)
        }
    }

    @Test("takes no certificate but one of a CA, for its own key")
    func wrongAnswers() async throws {
        try await LiveInstallation.run { live in
            let administration = live.administration
            let request = try await administration.requestAuthority(Self.order("Devices"), by: "anna", at: live.now)
            let other = try await administration.requestAuthority(Self.order("Other"), by: "anna", at: live.now)
            let sign = AuthorityOrder(name: "")
            let chain = try await administration.signAuthority(request, sign, by: "anna", at: live.now)
            let wrong = try await administration.signAuthority(other, sign, by: "anna", at: live.now)
            let stranger = try ImportedAuthorityTests.Foreign("Stranger")
            let cases: [(String, String, [KeyFile])] = [
                ("Nobody", "Nobody", [try Self.file(chain)]), ("none of the 0", "Devices", []),
                ("none of the 2", "Devices", [try Self.file(wrong)]),
                ("Stranger", "Devices", [try Self.file(chain), try stranger.certificateFile]),
            ]
            for (word, name, files) in cases {
                let sentence = await refusal {
                    try await administration.installAuthority(name, files: files, by: "anna", at: live.now)
                }
                #expect(sentence.contains(word), "\(sentence)")
            }
            let late = await refusal {
                try await administration.installAuthority(
                    "Devices", files: [try Self.file(chain)], by: "anna", at: live.day(4000))
            }
            #expect(late.contains("ended"))
            #expect(try await administration.authorityRequests().count == 2)
            // Its chain may be incomplete.
            try await administration.installAuthority(
                "Devices", files: [try Self.file([chain[0]])], by: "anna", at: live.now)
            #expect(try await administration.authorityDescriptions().map(\.name) == ["UCM CA", "Devices"])
        }
    }

    @Test("is signed here only where its request and its terms are right")
    func signing() async throws {
        try await LiveInstallation.run { live in
            let administration = live.administration
            let key = try SoftwareKey.generate(.p384)
            let subject = try RootAuthority.commonName("Elsewhere")
            let request = try AuthorityRequest.make(subject: subject, key: key)
            func sign(
                _ request: [UInt8],
                _ change: (inout AuthorityOrder) -> Void = { _ in }
            ) async throws -> [[UInt8]] {
                var order = AuthorityOrder(name: "")
                change(&order)
                return try await administration.signAuthority(request, order, by: "anna", at: live.now)
            }
            let signed = try SignerCertificate(encoded: try await sign(request)[0])
            #expect(signed.subject == subject)
            #expect(signed.publicKey.isSameKey(as: key.publicKey))
            let renamed = try SignerCertificate(encoded: try await sign(request) { $0.subject = "CN=Renamed" }[0])
            #expect(ReadableText.name(renamed.subject) == "CN=Renamed")
            let issued = try await administration.certificates(
                CertificateFilter(origins: [.authority]), at: live.now, limit: 9)
            #expect(issued.map(\.summary.subject) == ["CN=Renamed", "CN=Elsewhere"])
            #expect(issued.map(\.summary.issuedBy) == ["anna", "anna"])

            var tampered = request
            tampered[tampered.count - 1] ^= 1
            let ownKey = try #require(live.served.current.authorities.keys[try live.authority().id])
            let own = try AuthorityRequest.make(subject: subject, key: ownKey)
            let nameless = try AuthorityRequest.make(subject: [0x30, 0x00], key: key)
            let cases: [(String, [UInt8], @Sendable (inout AuthorityOrder) -> Void)] = [
                ("request", [], { _ in }), ("request", [0x30, 0x00], { _ in }), ("request", tampered, { _ in }),
                ("key", own, { _ in }), ("name", nameless, { _ in }), ("Nobody", request, { $0.parent = "Nobody" }),
                ("5000 days", request, { $0.validityDays = 5000 }), ("subject", request, { $0.subject = "nonsense" }),
                ("name", request, { $0.subject = "CN=UCM CA" }),
                ("path length", request, { $0.pathLength = .limited(-7) }),
            ]
            for (word, request, change) in cases {
                let sentence = await refusal { try await sign(request, change) }
                #expect(sentence.contains(word), "\(sentence)")
            }
            #expect(
                try await administration.certificateCount(CertificateFilter(origins: [.authority]), at: live.now) == 2)
        }
    }
}
