import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Registry
import SwiftASN1
import TestSupport
import Testing

@testable import Server

@Suite("A CA that is made here")
struct CreatedAuthorityTests {
    @Test("has what it takes to serve, and changes nothing for the others")
    func root() async throws {
        try await LiveInstallation.run { live in
            let authority = try await live.create("Example Root") { order in
                order.subject = "CN=Example Root, O=Example"
                order.validityDays = 20
            }
            #expect(authority.issuer.notAfter == live.day(20))
            #expect(authority.parents.isEmpty)
            #expect(authority.registrationKeys.count == 1)
            let descriptions = try await live.administration.authorityDescriptions(at: live.now)
            #expect(descriptions.map(\.name) == ["UCM CA", "Example Root"])
            #expect(descriptions.map(\.isDefault) == [true, false])
            #expect(descriptions.map(\.profiles) == [["default"], []])
            let made = descriptions[1]
            #expect(made.slug == "example-root")
            #expect(made.subject.contains("O=Example"))
            #expect(made.issuer == nil)
            #expect(made.key == .p256)
            #expect(made.notAfter == live.day(20))
            #expect(made.registrationNotAfter == live.day(20))
            #expect(made.statusSignerNotAfter == live.day(20))
            #expect(made.revocationList == nil)
            #expect(made.warnings.contains { $0.contains("Example Root") && $0.contains("20 days") })
            try await live.publish()
            let list = try await live.administration.authorityDescription("example-root").revocationList
            #expect(list?.number == 1)
            #expect(list?.isLatest == true)
            let event = try await live.registry.events(EventFilter(kinds: [.authorityCreated]), limit: 1).first
            #expect(event?.detail.contains("Example Root") == true)
        }
    }

    @Test("below others is in a chain, whose end none outlives")
    func chain() async throws {
        try await LiveInstallation.run { live in
            try await live.create("Root") { $0.validityDays = 1000 }
            let policy = try await live.create("Policy", under: "Root") { $0.pathLength = .limited(1) }
            let devices = try await live.create("Devices", under: "policy")
            #expect(devices.chain.count == 3)
            #expect(devices.parents == policy.chain)
            #expect(devices.issuer.notAfter == live.day(1000))
            let certificate = try await live.issue(by: "Devices")
            #expect(certificate.chain == devices.chain)
            // What a CA has signed is among what it has issued, and can be revoked.
            let issued = try await live.administration.certificates(
                CertificateFilter(origins: [.authority]), at: live.now, limit: 9)
            #expect(issued.map(\.authority) == ["Policy", "Root"])
            let results = try await live.administration.revoke(
                [issued[0].serialNumber], for: RevocationRequest(reason: .cACompromise, note: "a disk was stolen"),
                by: "anna", at: live.now)
            #expect(results.map(\.obstacle) == [nil])
            try await live.publish()
            let listed = try listedCertificates(try await live.list(of: "Policy").encoded)
            #expect(Array(listed.keys) == [devices.issuer.certificate.identifier.serialNumber])
        }
    }

    static func names(_ text: String) -> [NameSubtree] { [try? NameSubtree(parsing: text)].compactMap(\.self) }

    /// An order for a CA on P-256, changed.
    static func order(_ name: String = "New", _ change: (inout AuthorityOrder) -> Void) -> AuthorityOrder {
        var order = AuthorityOrder(name: name)
        order.key = .p256
        change(&order)
        return order
    }

    static let constrained = [
        Self.order { $0.permittedNames = Self.names("dir:O=Example, C=DE") },
        Self.order { $0.permittedNames = Self.names("DNS:example.com") },
        Self.order { $0.excludedNames = Self.names("DNS:example.com") },
        Self.order { $0.extendedKeyUsage = [.ExtendedKeyUsage.clientAuth] },
        Self.order { $0.extendedKeyUsage = [.ExtendedKeyUsage.serverAuth, .ExtendedKeyUsage.ocspSigning] },
        Self.order { $0.policies = [CertificatePolicy([1, 3, 6, 1, 4, 1, 99999, 1])] },
    ]

    @Test("may be constrained, and still answers SCEP and OCSP")
    func constraints() async throws {
        try await LiveInstallation.run { live in
            for (number, order) in Self.constrained.enumerated() {
                let name = "Constrained \(number)"
                let authority = try await live.create(name) {
                    $0 = order
                    $0.name = name
                }
                #expect(authority.registrationKeys.count == 1)
                let certificate = try CertID(serialNumber: [1], issuer: authority.statusIssuer)
                #expect(try await StatusResponderTests.ask(live, [certificate]).statuses == [.unknown])
            }
            #expect(try live.authority("Constrained 1").issuer.constraints.nameConstraints?.permitted.count == 1)
        }
    }

    static let refused: [(word: String, order: AuthorityOrder)] = [
        ("UCM CA already", order("UCM CA") { _ in }), ("already", order("ucm-ca") { _ in }),
        ("already", order("UCM  (CA)") { _ in }), ("1 to 61", order("") { _ in }), ("1 to 61", order(" x") { _ in }),
        ("1 to 61", order("x\n") { _ in }), ("1 to 61", order("x\u{200b}") { _ in }),
        ("1 to 61", order(String(repeating: "x", count: 62)) { _ in }),
        ("no CA Nobody", order { $0.parent = "Nobody" }),
        ("Retired", order { $0.parent = "Retired" }), ("0 days", order { $0.validityDays = 0 }),
        ("36501 days", order { $0.validityDays = 36_501 }), ("\(Int.max)", order { $0.validityDays = Int.max }),
        ("path length", order { $0.pathLength = .limited(-1) }),
        ("path length", order { $0.pathLength = .limited(101) }),
        ("RSA", order { $0.answersSCEP = true }), ("subject", order { $0.subject = "nonsense" }),
        ("name", order { $0.subject = "" }),
        ("twice", order { $0.extendedKeyUsage = [.ExtendedKeyUsage.clientAuth, .ExtendedKeyUsage.clientAuth] }),
        ("5000 days", below("UCM CA") { $0.validityDays = 5000 }), ("path length 0", below("Below") { _ in }),
        ("name", below("UCM CA") { $0.subject = "CN=UCM CA" }),
        ("name", below("Constrained") { $0.subject = "CN=x, O=Other" }),
    ]

    static func below(_ parent: String, _ change: (inout AuthorityOrder) -> Void) -> AuthorityOrder {
        var order = Self.order("New", change)
        order.parent = parent
        return order
    }

    @Test("is refused in one sentence where it cannot be, and then nothing is made")
    func refused() async throws {
        try await LiveInstallation.run { live in
            try await live.create("Below", under: "UCM CA")
            try await live.create("Retired")
            try await live.administration.retireAuthority("Retired", by: "anna", at: live.now)
            let subtree = try NameSubtree(parsing: "dir:O=Example")
            try await live.create("Constrained") { $0.permittedNames = [subtree] }
            let before = try await live.administration.authorityDescriptions().map(\.name)
            let count = try await live.registry.certificateCount()
            for (word, order) in Self.refused {
                let sentence = await refusal {
                    try await live.administration.createAuthority(order, by: "anna", at: live.now)
                }
                #expect(sentence.contains(word), "\(sentence)")
                #expect(!sentence.contains("\n"))
            }
            #expect(try await live.administration.authorityDescriptions().map(\.name) == before)
            #expect(try await live.registry.certificateCount() == count)
        }
    }

    @Test("cannot be below one that has ended, or does within a day")
    func endingParent() async throws {
        try await LiveInstallation.run { live in
            try await live.create("Short") { $0.validityDays = 2 }
            for day in [1.5, 2, 3] {
                var order = AuthorityOrder(name: "New")
                order.key = .p256
                order.parent = "Short"
                let sentence = await refusal { [order] in
                    try await live.administration.createAuthority(order, by: "anna", at: live.day(day))
                }
                #expect(sentence.contains("ended") && sentence.contains("Short"), "\(sentence)")
            }
        }
    }
}
