import CryptographicMessageSyntax
import SwiftASN1
import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("Alternative names (RFC 5280 §4.2.1.6)")
struct AlternativeNamesTests {
    /// One name, by its tag and content.
    static func name(_ tag: UInt8, _ octets: [UInt8]) -> ASN1Tree { ASN1Tree(tag: tag, octets: octets) }
    static func email(_ text: String) -> ASN1Tree { Self.name(0x81, Array(text.utf8)) }
    static func host(_ text: String) -> ASN1Tree { Self.name(0x82, Array(text.utf8)) }
    static func locator(_ text: String) -> ASN1Tree { Self.name(0x86, Array(text.utf8)) }
    static func directory(_ name: TestName) -> ASN1Tree { ASN1Tree(tag: 0xa4, children: [name.tree]) }

    static func value(_ names: [ASN1Tree]) -> CertificateExtension {
        CertificateExtension(.Extension.subjectAltName, value: ASN1Tree(tag: 0x30, children: names).der)
    }

    static func names(_ names: [ASN1Tree]) throws -> AlternativeNames { try AlternativeNames(in: [Self.value(names)]) }

    /// An otherName: a user principal name.
    static func principal(_ text: String) -> ASN1Tree {
        ASN1Tree(
            tag: 0xa0,
            children: [
                ASN1Tree(tag: 0x06, octets: [0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x14, 0x02, 0x03]),
                ASN1Tree(tag: 0xa0, children: [ASN1Tree(tag: 0x0c, octets: Array(text.utf8))]),
            ]
        )
    }

    static let same: [(ASN1Tree, ASN1Tree)] = [
        (host("device.example"), host("DEVICE.Example")),
        (email("Someone@Example.COM"), email("Someone@example.com")),
        (email("a@b@EXAMPLE"), email("a@b@example")),
        (locator("HTTPS://Example.COM:8443/Path?Q#F"), locator("https://example.com:8443/Path?Q#F")),
        (locator("ldap://User@HOST/dc=x"), locator("LDAP://User@host/dc=x")),
        (locator("URN:uuid:F81D"), locator("urn:uuid:F81D")),
        (locator("https://HOST"), locator("https://host")),
        (directory(TestName("Example")), directory(TestName("EXAMPLE ", tag: 0x13))),
        (name(0x87, [192, 0, 2, 1]), name(0x87, [192, 0, 2, 1])),
        (name(0x88, [0x2a, 0x03]), name(0x88, [0x2a, 0x03])),
        (principal("a@example"), principal("a@example")),
    ]

    @Test("are the same by their kind's rules", arguments: same)
    func areSame(one: ASN1Tree, other: ASN1Tree) throws {
        #expect(try Self.names([one]).isSubset(of: Self.names([other])))
        #expect(try Self.names([other]).isSubset(of: Self.names([one])))
    }

    static let different: [(ASN1Tree, ASN1Tree)] = [
        (host("a.example"), host("b.example")),
        (host("a.example"), host("a.example.")),
        (host("a.example"), email("a.example")),
        (host("xn--mller-kva.example"), host("müller.example")),
        (host("é.example"), host("É.example")),
        (email("someone@example.com"), email("Someone@example.com")),
        (email("EXAMPLE.COM"), email("example.com")),
        (locator("https://example.com/path"), locator("https://example.com/Path")),
        (locator("https://user@example.com"), locator("https://User@example.com")),
        (locator("https://example.com?Q"), locator("https://example.com?q")),
        (locator("https://example.com#F"), locator("https://example.com#f")),
        (locator("urn:uuid:F81D"), locator("urn:uuid:f81d")),
        (locator("no scheme"), locator("No scheme")),
        (directory(TestName("a")), directory(TestName("b"))),
        (name(0x87, [192, 0, 2, 1]), name(0x87, [192, 0, 2, 2])),
        (name(0x88, [0x2a, 0x03]), name(0x88, [0x2a, 0x04])),
        (principal("a@example"), principal("A@example")),
    ]

    @Test("differ in what may differ in meaning", arguments: different)
    func differ(one: ASN1Tree, other: ASN1Tree) throws {
        #expect(try !Self.names([one]).isSubset(of: Self.names([other])))
        #expect(try !Self.names([other]).isSubset(of: Self.names([one])))
    }

    @Test("may be fewer, in any order, and twice, but not more")
    func subset() throws {
        let (one, two, three) = (Self.host("a.example"), Self.host("b.example"), Self.email("c@example"))
        let all = try Self.names([one, two, three])
        #expect(try Self.names([three, one]).isSubset(of: all))
        #expect(try Self.names([one, one]).isSubset(of: all))
        #expect(try AlternativeNames(in: []).isSubset(of: all))
        #expect(try !all.isSubset(of: Self.names([one, three])))
        #expect(try !all.isSubset(of: AlternativeNames(in: [])))
        #expect(try AlternativeNames(in: []).isSubset(of: AlternativeNames(in: [])))
    }

    @Test("are found in a certificate, also in one that swift-certificates does not read")
    func certificate() throws {
        let asked = Self.value([Self.host("device.example")])
        let issued = try TestIssuer.make().issue(subject: TestClient.encoded("CN=d"), extensions: [asked])
        let names = try AlternativeNames(certificate: issued.encoded)
        #expect(names.names.map(\.description) == ["DNS:device.example"])
        let old = try TestClient(key: TestKeys.smallDevice).certificate.encoded
        #expect(try AlternativeNames(certificate: old).names.isEmpty)
    }

    @Test(
        "that cannot be read are refused",
        arguments: [
            [], [0x30], [0x31, 0x00], [0x30, 0x05, 0x82], [0x30, 0x02, 0x0c, 0x00], [0x30, 0x02, 0x89, 0x00],
            // a directoryName that is none
            [0x30, 0x04, 0xa4, 0x02, 0x05, 0x00], [0x30, 0x03, 0xa4, 0x01, 0x30],
        ] as [[UInt8]]
    )
    func unreadable(value: [UInt8]) {
        let error = #expect(throws: IssuanceError.self) {
            try AlternativeNames(in: [CertificateExtension(.Extension.subjectAltName, value: value)])
        }
        #expect(error?.code == .badExtension)
        let certificate = #expect(throws: IssuanceError.self) { try AlternativeNames(certificate: value) }
        #expect(certificate?.code == .badExtension)
    }

    @Test("twice are refused")
    func doubled() {
        let asked = Self.value([Self.host("a.example")])
        let error = #expect(throws: IssuanceError.self) { try AlternativeNames(in: [asked, asked]) }
        #expect(error?.code == .badExtension)
    }

    @Test("with bytes cut off or changed never trap")
    func hostile() throws {
        let whole = Self.value([
            Self.host("a.example"), Self.email("a@b"), Self.locator("a://b@c/d"), Self.directory(TestName("x")),
            Self.name(0x87, [1, 2, 3, 4]), Self.name(0x88, [0x2a]), Self.principal("x"),
        ])
        let names = try AlternativeNames(in: [whole])
        for count in 0..<whole.value.count {
            let cut = CertificateExtension(whole.identifier, value: Array(whole.value.prefix(count)))
            #expect(throws: IssuanceError.self) { try AlternativeNames(in: [cut]) }
        }
        for index in whole.value.indices {
            for value in UInt8.min...UInt8.max {
                var changed = whole
                changed.value[index] = value
                _ = (try? AlternativeNames(in: [changed]))?.isSubset(of: names)
            }
        }
    }

    @Test(
        "are named in words",
        arguments: [
            (host("a.example"), "DNS:a.example"),
            (email("a@example"), "email:a@example"),
            (locator("https://a.example/"), "URI:https://a.example/"),
            (name(0x87, [192, 0, 2, 1]), "IP:192.0.2.1"),
            (name(0x87, [1, 2, 3]), "IP:010203"),
            (name(0x88, [0x2a, 0x03]), "registered ID:1.2.3"),
            (name(0x88, [0xff]), "registered ID:ff"),
            (directory(TestName("a")), "directory name:CN=a"),
            (host("a\n\u{0}é"), #"DNS:a\u{a}\u{0}Ã©"#),
            (host(String(repeating: "a", count: 300)), "DNS:" + String(repeating: "a", count: 200) + "…"),
            (name(0x83, [0x01]), "x400Address:01"),
        ]
    )
    func description(name: ASN1Tree, text: String) throws {
        #expect(try Self.names([name]).names.map(\.description) == [text])
    }
}
