import CryptographicMessageSyntax
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import CertificateAuthority

@Suite("A name that tries to get round a name constraint")
struct ConstraintEvasionTests {
    /// An otherName with a mail address beyond ASCII (RFC 9598).
    static func mailbox(_ text: String, tag: UInt8 = 0x0c) -> ASN1Tree {
        ASN1Tree(
            tag: 0xa0,
            children: [
                ASN1Tree(tag: 0x06, octets: [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x08, 0x09]),
                ASN1Tree(tag: 0xa0, children: [ASN1Tree(tag: tag, octets: Array(text.utf8))]),
            ]
        )
    }

    static func text(_ tag: UInt8, _ text: String) -> ASN1Tree { ASN1Tree(tag: tag, octets: Array(text.utf8)) }
    static func mail(_ name: String) -> ASN1Tree { Self.text(0x81, name) }
    static func host(_ name: String) -> ASN1Tree { Self.text(0x82, name) }
    static func locator(_ name: String) -> ASN1Tree { Self.text(0x86, name) }

    static let mapped = ASN1Tree(tag: 0x87, octets: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 0, 0, 1])

    static let names: [(permitted: [String], excluded: [String], name: ASN1Tree, isAllowed: Bool)] = [
        ([], ["email:evil.example"], mail("a@evil.example."), false),
        ([], ["email:.evil.example"], mail("a@b.EVIL.example."), false),
        ([], ["email:anna@evil.example"], mail("Anna@evil.example"), false),
        ([], ["email:anna@evil.example"], mail("\"anna\"@evil.example"), false),
        ([], ["email:anna@evil.example"], mail("a\\nna@evil.example"), false),
        ([], ["email:anna@evil.example"], mail("\"anna\"@good.example"), true),
        ([], ["email:anna@evil.example"], mail("bert@evil.example"), true),
        (["email:anna@evil.example"], [], mail("Anna@evil.example"), false),
        ([], ["email:evil.example"], mailbox("änna@evil.example"), false),
        ([], ["email:evil.example"], mailbox("änna@evil.example."), false),
        ([], ["email:evil.example"], mailbox("änna@good.example"), true),
        ([], ["email:evil.example"], mailbox("änna@ëvil.example"), false),
        ([], ["email:evil.example"], mailbox("änna@evil.example", tag: 0x16), false),
        (["email:good.example"], [], mailbox("änna@good.example"), true),
        (["email:good.example"], [], mailbox("änna@evil.example"), false),
        (["email:good.example"], [], mailbox("änna"), false),
        (["DNS:good.example"], [], mailbox("änna@evil.example"), true),
        ([], ["DNS:evil.example.com"], host("e*.example.com"), false),
        ([], ["DNS:evil.example.com"], host("a.*.com"), false),
        ([], ["DNS:evil.example.com"], host("*"), false),
        ([], ["DNS:evil.example.com"], host("*.example.org"), true),
        ([], ["DNS:evil.example.com"], host("*.example.com."), false),
        (["DNS:good.example"], [], host("*.example"), false),
        ([], ["URI:evil.example"], locator("https://evil.example./"), false),
        ([], ["URI:.evil.example"], locator("https://a.EVIL.example.:443/"), false),
        (["URI:good.example"], [], locator("https://evil.example\\@good.example/"), false),
        (["URI:good.example"], [], locator("https://good.example%2eevil.example/"), false),
        ([], ["IP:10.0.0.0/8"], mapped, false),
        (["IP:10.0.0.0/8"], [], mapped, false),
        ([], ["IP:11.0.0.0/8"], mapped, true),
    ]

    @Test("is refused", arguments: names.indices)
    func evasion(index: Int) throws {
        let row = Self.names[index]
        let constraints = try AuthorityNameConstraints(row.permitted, excluded: row.excluded)
        let issuer = try TestHierarchy.root { $0.nameConstraints = constraints }
        let asked = AlternativeNamesTests.value([row.name])
        let code = try issuer.refusal(subject: TestName("d").encoded, extensions: [asked])
        #expect(code == (row.isAllowed ? nil : .nameConstraints), "\(row.name)")
    }

    @Test("is refused by the base of a certificate from elsewhere too, which may end with a dot")
    func dottedBase() throws {
        for (tag, base, name) in [
            (0x82, "evil.example.", Self.host("a.evil.example")), (0x81, "evil.example.", Self.mail("a@evil.example")),
            (0x86, "evil.example.", Self.locator("https://evil.example/")),
        ] as [(UInt8, String, ASN1Tree)] {
            let constraints = try AuthorityNameConstraints(
                value: AuthorityNameConstraintsTests.value([Self.text(tag, base)], tag: 0xa1)
            )
            let asked = try #require(try AlternativeNamesTests.names([name]).names.first)
            #expect(constraints.violation(by: try ConstrainedName(asked)) != nil, "\(base)")
        }
    }
}
