import CryptographicMessageSyntax
import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("The names that a request asks for")
struct RequestedNamesTests {
    private static func names(_ subject: TestName, _ alternatives: [ASN1Tree] = []) throws -> RequestedNames {
        let extensions = alternatives.isEmpty ? [] : [AlternativeNamesTests.value(alternatives)]
        return try RequestedNames(subject: subject.encoded, extensions: extensions)
    }

    private static func attribute(_ type: [UInt8], _ text: String = "x") -> TestName.Attribute {
        TestName.Attribute(type: type, tag: 0x0c, octets: Array(text.utf8))
    }

    @Test("are the attributes of the subject in their order, whatever RDN they are in")
    func attributes() throws {
        let names = try Self.names(
            TestName(
                [.organization("Example")],
                [Self.attribute([0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01, 0x19]), .commonName("a")],
                [Self.attribute([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01], "a@example")],
                [.commonName("b", tag: 0x13)],
                [Self.attribute([0x2a, 0x03])]
            )
        )
        #expect(names.subject.map(\.type) == ["O", "DC", "CN", "E", "CN", "1.2.3"])
        #expect(names.subject.map(\.text) == ["Example", "x", "a", "a@example", "b", "x"])
        #expect(names.alternativeNames.isEmpty)
        #expect(try Self.names(TestName()).subject.isEmpty)
        #expect(try Self.names(TestName()).readableSubject == "empty")
    }

    static let texts: [(TestName.Attribute, String?)] = [
        (.commonName("Example"), "Example"),
        (.commonName("Müller"), "Müller"),
        (.commonName(" a  b "), " a  b "),
        (.commonName("*"), "*"),
        (.commonName(""), ""),
        (.commonName("G\u{e9}", tag: 0x14), "GÃ©"),
        (TestName.Attribute(type: [0x55, 4, 3], tag: 0x1e, octets: [0, 0x67, 0x20, 0xac]), "g€"),
        // what may not match
        (.commonName("www.example.com\0.evil.example"), nil),
        (.commonName("a\u{202e}b"), nil),
        (.commonName("a\u{200b}"), nil),
        (.commonName("example。com"), nil),
        (.commonName("example．com"), nil),
        (.commonName("example｡com"), nil),
        (.commonName("a\nb"), nil),
        (.commonName("\u{e000}"), nil),
        (TestName.Attribute(type: [0x55, 4, 3], tag: 0x1e, octets: [0, 0x67, 0, 0]), nil),
        (TestName.Attribute(type: [0x55, 4, 3], tag: 0x14, octets: [0x67, 0x85]), nil),
        // no strings
        (TestName.Attribute(type: [0x55, 4, 3], tag: 0x02, octets: [0x41]), nil),
        (TestName.Attribute(type: [0x55, 4, 3], tag: 0x03, octets: [0x00, 0x41]), nil),
        (TestName.Attribute(type: [0x55, 4, 3], tag: 0x0c, octets: [0xff]), nil),
        (TestName.Attribute(type: [0x55, 4, 3], tag: 0x13, octets: [0xe9]), nil),
        (TestName.Attribute(type: [0x55, 4, 3], tag: 0x1e, octets: [0x41]), nil),
    ]

    @Test("have a text only where that can be seen as it is", arguments: texts)
    func text(attribute: TestName.Attribute, text: String?) throws {
        #expect(try Self.names(TestName([attribute])).subject.map(\.text) == [text])
    }

    static let alternatives: [(ASN1Tree, AlternativeName.Kind, String?, String)] = [
        (AlternativeNamesTests.host("a.example"), .dns, "a.example", "DNS:a.example"),
        (AlternativeNamesTests.host("*.example"), .dns, "*.example", "DNS:*.example"),
        (AlternativeNamesTests.host("a.example\0.b"), .dns, nil, #"DNS:a.example\u{0}.b"#),
        (AlternativeNamesTests.host("a .example"), .dns, nil, "DNS:a .example"),
        (AlternativeNamesTests.host("é.example"), .dns, nil, "DNS:Ã©.example"),
        (AlternativeNamesTests.email("a@example"), .email, "a@example", "email:a@example"),
        (AlternativeNamesTests.email("a@example\n"), .email, nil, #"email:a@example\u{a}"#),
        (AlternativeNamesTests.locator("https://a.example/"), .uri, "https://a.example/", "URI:https://a.example/"),
        (AlternativeNamesTests.name(0x87, [192, 0, 2, 1]), .ip, "192.0.2.1", "IP:192.0.2.1"),
        (
            AlternativeNamesTests.name(0x87, [0x20, 0x01, 0x0d, 0xb8] + .init(repeating: 0, count: 12)), .ip,
            "2001:db8::",
            "IP:2001:db8::"
        ),
        (AlternativeNamesTests.name(0x87, [10, 0, 0, 0, 255, 0, 0, 0]), .ip, nil, "IP:0a000000ff000000"),
        (AlternativeNamesTests.principal("a@example"), .userPrincipalName, "a@example", "UPN:a@example"),
        (AlternativeNamesTests.principal("é@example"), .userPrincipalName, "é@example", "UPN:é@example"),
        (AlternativeNamesTests.principal("a\0@example"), .userPrincipalName, nil, #"UPN:a\u{0}@example"#),
        (AlternativeNamesTests.principal("a＠example"), .userPrincipalName, nil, "UPN:a＠example"),
        (AlternativeNamesTests.directory(TestName("a")), .other, nil, "directory name:CN=a"),
        (AlternativeNamesTests.name(0x88, [0x2a, 0x03]), .other, nil, "registered ID:1.2.3"),
        (AlternativeNamesTests.name(0x83, [0x01]), .other, nil, "x400Address:01"),
        // a host name in pieces, which no certificate may have
        (ASN1Tree(tag: 0xa2, children: [AlternativeNamesTests.name(0x04, [0x61])]), .dns, nil, "DNS a203040161"),
    ]

    @Test("are SANs of a kind, with a text where rules may look at it", arguments: alternatives)
    func alternative(tree: ASN1Tree, kind: AlternativeName.Kind, text: String?, description: String) throws {
        let name = try #require(try Self.names(TestName(), [tree]).alternativeNames.first)
        #expect(name.kind == kind)
        #expect(name.text == text)
        #expect(name.description == description)
    }

    static let otherNames: [ASN1Tree] = [
        // another type
        ASN1Tree(
            tag: 0xa0,
            children: [
                ASN1Tree(tag: 0x06, octets: [0x2a, 0x03]),
                ASN1Tree(tag: 0xa0, children: [ASN1Tree(tag: 0x0c, octets: [0x61])]),
            ]
        ),
        AlternativeNamesTests.principal("x").removing([0]),
        ASN1Tree(tag: 0xa0, children: []),
    ]

    @Test("are of no kind that rules know where an otherName has another type", arguments: otherNames)
    func otherName(tree: ASN1Tree) throws {
        let name = try #require(try Self.names(TestName(), [tree]).alternativeNames.first)
        #expect(name.kind == .other)
        #expect(name.text == nil)
    }

    @Test("are no user principal names where the value is not one UTF8String")
    func badPrincipal() throws {
        let principal = AlternativeNamesTests.principal("a@example")
        var others = [principal.removing([1]), principal.removing([1, 0]), principal, principal, principal]
        others[2][1, 0].tag = 0x13
        others[3][1].children.append(ASN1Tree(tag: 0x0c, octets: [0x61]))
        others[4].children.append(ASN1Tree(tag: 0x0c, octets: [0x61]))
        for other in others {
            let name = try #require(try Self.names(TestName(), [other]).alternativeNames.first)
            #expect(name.kind == .userPrincipalName)
            #expect(name.text == nil)
            #expect(name.description.hasPrefix("UPN:a0"))
        }
    }

    @Test("are unreadable where the subject is no Name or a type no OID")
    func unreadableSubject() {
        let unusual: [UInt8] = [0x30, 0x0c, 0x31, 0x0a, 0x30, 0x08, 0x06, 0x04, 0x55, 0x04, 0x80, 0x03, 0x0c, 0x00]
        for subject in [[], [0x30], [0x31, 0x00], [0x30, 0x00, 0x00], unusual] as [[UInt8]] {
            let error = #expect(throws: IssuanceError.self) { try RequestedNames(subject: subject, extensions: []) }
            #expect(error?.code == .subject)
        }
    }

    @Test("are unreadable where the SANs are, or are there twice, or have bytes behind them")
    func unreadableExtension() {
        let value = AlternativeNamesTests.value([AlternativeNamesTests.host("a")])
        var longer = value
        longer.value.append(0)
        var none = value
        none.value = []
        for extensions in [[value, value], [longer], [none]] {
            let error = #expect(throws: IssuanceError.self) {
                try RequestedNames(subject: TestName("a").encoded, extensions: extensions)
            }
            #expect(error?.code == .badExtension)
        }
    }

    @Test("with bytes cut off or changed never trap")
    func hostile() throws {
        let subject = TestName([.organization("Müller", tag: 0x14)], [.commonName("ab", tag: 0x1e)]).encoded
        let value = AlternativeNamesTests.value([
            AlternativeNamesTests.host("a.b"), AlternativeNamesTests.principal("a@b"),
            AlternativeNamesTests.name(0x87, [1, 2, 3, 4]),
        ])
        for count in 0..<subject.count {
            #expect(throws: IssuanceError.self) {
                try RequestedNames(subject: Array(subject.prefix(count)), extensions: [])
            }
        }
        for count in 0..<value.value.count {
            let cut = CertificateExtension(value.identifier, value: Array(value.value.prefix(count)))
            #expect(throws: IssuanceError.self) { try RequestedNames(subject: subject, extensions: [cut]) }
        }
        for octet in UInt8.min...UInt8.max {
            for index in subject.indices {
                var changed = subject
                changed[index] = octet
                _ = (try? RequestedNames(subject: changed, extensions: []))?.namesDigest
            }
            for index in value.value.indices {
                var changed = value
                changed.value[index] = octet
                _ = (try? RequestedNames(subject: subject, extensions: [changed]))?.namesDigest
            }
        }
    }

    @Test("have the same digest where they are the same bytes, and nowhere else")
    func digest() throws {
        let same = try Self.names(TestName("a"), [AlternativeNamesTests.host("b")])
        #expect(same.namesDigest.count == 32)
        #expect(try Self.names(TestName("a"), [AlternativeNamesTests.host("b")]).namesDigest == same.namesDigest)
        let other = CertificateExtension(.Extension.keyUsage, value: [0x03, 0x02, 0x05, 0xa0])
        let critical = CertificateExtension(
            .Extension.subjectAltName, isCritical: true,
            value: AlternativeNamesTests.value([AlternativeNamesTests.host("b")]).value)
        #expect(
            try RequestedNames(subject: TestName("a").encoded, extensions: [other, critical]).namesDigest
                == same.namesDigest
        )
        let others = [
            try Self.names(TestName("a")), try Self.names(TestName("A"), [AlternativeNamesTests.host("b")]),
            try Self.names(TestName("a"), [AlternativeNamesTests.host("B")]),
            try Self.names(TestName("a"), [AlternativeNamesTests.email("b")]),
            try Self.names(TestName("a", tag: 0x13), [AlternativeNamesTests.host("b")]), try Self.names(TestName()),
            try RequestedNames(subject: TestName("a").encoded, extensions: [AlternativeNamesTests.value([])]),
        ]
        #expect(Set(others.map(\.namesDigest) + [same.namesDigest]).count == others.count + 1)
    }
}
