import CryptographicMessageSyntax
import Foundation
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import CertificateAuthority

@Suite("Name constraints")
struct AuthorityNameConstraintsTests {
    static let all = [
        "DNS:example.com", "DNS:", "email:example.com", "email:.example.com", "email:anna@example.com",
        "URI:example.com",
        "URI:.example.com", "IP:10.0.0.0/8", "IP:10.128.0.0/9", "IP:2001:db8::/32", "IP:192.0.2.1", "IP:0.0.0.0/0",
        "dir:O=Example, C=DE",
    ]

    @Test("are written critical, and read as they were written")
    func roundTrip() throws {
        for (permitted, excluded) in [(Self.all, Self.all), (Self.all, []), ([], Self.all)] {
            let constraints = try AuthorityNameConstraints(permitted, excluded: excluded)
            let written = constraints.certificateExtension
            #expect(written.isCritical)
            #expect(try AuthorityNameConstraints(value: written.value) == constraints)
            #expect(try AuthorityNameConstraints(json: try constraints.json()) == constraints)
        }
    }

    @Test("are what swift-certificates reads")
    func secondOpinion() throws {
        let written = try AuthorityNameConstraints(
            ["DNS:example.com", "IP:10.0.0.0/8"], excluded: ["email:a@b.example"]
        )
        .certificateExtension
        let read = try NameConstraints(.init(oid: written.identifier, critical: true, value: written.value[...]))
        #expect(Array(read.permittedDNSDomains) == ["example.com"])
        #expect(read.permittedIPRanges.map { Array($0.bytes) } == [[10, 0, 0, 0, 255, 0, 0, 0]])
        #expect(Array(read.excludedEmailAddresses) == ["a@b.example"])
    }

    static let names: [(permitted: [String], excluded: [String], names: [GeneralName], isAllowed: Bool)] = [
        (
            ["DNS:example.com"], [], [.dnsName("example.com"), .dnsName("a.b.EXAMPLE.com"), .dnsName("*.example.com")],
            true
        ),
        (["DNS:example.com"], [], [.dnsName("badexample.com")], false),
        (["DNS:example.com"], [], [.dnsName("example.com.evil.example")], false),
        (["DNS:example.com"], [], [.dnsName("a.example.com"), .dnsName("evil.example")], false),
        (["DNS:example.com", "DNS:example.org"], [], [.dnsName("a.example.org")], true),
        (["DNS:example.com"], [], [.dnsName("a.example.com\u{0}")], false),
        (["DNS:example.com"], [], [.rfc822Name("anna@evil.example")], true),
        ([], ["DNS:"], [.dnsName("example.com")], false),
        ([], ["DNS:secret.example.com"], [.dnsName("www.example.com")], true),
        ([], ["DNS:secret.example.com"], [.dnsName("a.secret.example.com")], false),
        ([], ["DNS:secret.example.com"], [.dnsName("secret.example.com.")], false),
        ([], ["DNS:secret.example.com"], [.dnsName("*.example.com")], false),
        ([], ["DNS:secret.example.com"], [.dnsName("*.example.org")], true),
        (["DNS:example.com"], ["DNS:secret.example.com"], [.dnsName("secret.example.com")], false),
        (["email:example.com"], [], [.rfc822Name("anna@EXAMPLE.com")], true),
        (["email:example.com"], [], [.rfc822Name("anna@a.example.com")], false),
        (["email:.example.com"], [], [.rfc822Name("anna@a.example.com")], true),
        (["email:.example.com"], [], [.rfc822Name("anna@example.com")], false),
        (["email:anna@example.com"], [], [.rfc822Name("anna@Example.com")], true),
        (["email:anna@example.com"], [], [.rfc822Name("bert@example.com")], false),
        (["email:example.com"], [], [.rfc822Name("\"a@example.com\"@evil.example")], false),
        (["email:example.com"], [], [.rfc822Name("anna")], false),
        ([], ["email:example.com"], [.rfc822Name("anna")], false),
        (["URI:example.com"], [], [.uniformResourceIdentifier("https://user@Example.com:8443/a?b#c")], true),
        (["URI:example.com"], [], [.uniformResourceIdentifier("https://a.example.com/")], false),
        (["URI:.example.com"], [], [.uniformResourceIdentifier("spiffe://a.example.com")], true),
        (["URI:example.com"], [], [.uniformResourceIdentifier("https://example.com@evil.example/")], false),
        (["URI:example.com"], [], [.uniformResourceIdentifier("urn:example.com")], false),
        ([], ["URI:example.com"], [.uniformResourceIdentifier("urn:example.com")], false),
        ([], ["URI:example.com"], [.uniformResourceIdentifier("https://192.0.2.1/")], false),
        ([], ["URI:example.com"], [.uniformResourceIdentifier("https://[2001:db8::1]/")], false),
        ([], ["URI:example.com"], [.uniformResourceIdentifier("https://evil.example/")], true),
        (["IP:10.0.0.0/8"], [], [.ipAddress(ASN1OctetString(contentBytes: [10, 255, 0, 1]))], true),
        (["IP:10.0.0.0/8"], [], [.ipAddress(ASN1OctetString(contentBytes: [11, 0, 0, 1]))], false),
        (["IP:10.0.0.0/8"], [], [.ipAddress(ASN1OctetString(contentBytes: [10, 0, 0]))], false),
        (
            ["IP:10.0.0.0/8"], [],
            [.ipAddress(ASN1OctetString(contentBytes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 0, 0, 1]))], false
        ),
        ([], ["IP:10.0.0.0/8"], [.ipAddress(ASN1OctetString(contentBytes: [10, 0, 0, 1]))], false),
        (["IP:2001:db8::/32"], [], [.ipAddress(ASN1OctetString(contentBytes: [10, 0, 0, 1]))], false),
    ]

    @Test("say which SANs there may be", arguments: names.indices)
    func alternativeNames(index: Int) throws {
        let row = Self.names[index]
        let issuer = try TestHierarchy.root {
            $0.nameConstraints = try AuthorityNameConstraints(row.permitted, excluded: row.excluded)
        }
        let code = try issuer.refusal(subject: TestName("d").encoded, extensions: [.alternativeNames(row.names)])
        #expect(code == (row.isAllowed ? nil : .nameConstraints))
    }

    static let subjects: [(permitted: [String], excluded: [String], subject: String, isAllowed: Bool)] = [
        (["dir:O=Example"], [], "O=Example, CN=a", true), (["dir:O=Example"], [], "o=EXAMPLE, CN=a", true),
        (["dir:O=Example"], [], "CN=a, O=Example", false), (["dir:O=Example, C=DE"], [], "O=Example, CN=a", false),
        (["dir:O=Example"], [], "O=Example Two, CN=a", false), ([], ["dir:O=Example"], "O=Example, CN=a", false),
        ([], ["dir:O=Example"], "O=Other, CN=a", true), (["DNS:example.com"], [], "CN=a.example.com", true),
        (["DNS:example.com"], [], "CN=a.evil.example", false), (["DNS:example.com"], [], "CN=router 1", true),
        (["DNS:example.com"], [], "CN=router-1", true), (["email:example.com"], [], "CN=a, E=a@example.com", true),
        (["email:example.com"], [], "CN=a, E=a@evil.example", false), ([], ["email:example.com"], "CN=a", true),
    ]

    @Test("say which subjects there may be", arguments: subjects.indices)
    func subject(index: Int) throws {
        let row = Self.subjects[index]
        let issuer = try TestHierarchy.root {
            $0.nameConstraints = try AuthorityNameConstraints(row.permitted, excluded: row.excluded)
        }
        let subject = try DirectoryName(parsing: row.subject).encoded
        #expect(try issuer.refusal(subject: subject) == (row.isAllowed ? nil : .nameConstraints))
        #expect(
            try issuer.refusal(ofSubordinate: row.subject) == (row.isAllowed ? nil : .nameConstraints)
        )
    }

    @Test("are about directory names among the SANs, and a CN is no host where a SAN is one")
    func directoryNames() throws {
        let issuer = try TestHierarchy.root {
            $0.nameConstraints = try AuthorityNameConstraints(["dir:CN=d", "DNS:example.com"])
        }
        let inside = try DistinguishedName { CommonName("d") }
        let outside = try DistinguishedName { CommonName("e") }
        let subject = TestName("d").encoded
        #expect(try issuer.refusal(subject: subject, extensions: [.alternativeNames([.directoryName(inside)])]) == nil)
        #expect(
            try issuer.refusal(subject: subject, extensions: [.alternativeNames([.directoryName(outside)])])
                == .nameConstraints
        )
        let host = try TestHierarchy.root { $0.nameConstraints = try AuthorityNameConstraints(["DNS:example.com"]) }
        let evil = TestName("evil.example").encoded
        #expect(
            try host.refusal(subject: evil, extensions: [.alternativeNames([.dnsName("a.example.com")])]) == nil
        )
    }

    static func value(_ subtree: [ASN1Tree], tag: UInt8 = 0xa0) -> [UInt8] {
        ASN1Tree(
            tag: 0x30,
            children: [ASN1Tree(tag: tag, children: [ASN1Tree(tag: 0x30, children: subtree)])]
        ).der
    }

    static let uncheckable: [[UInt8]] = [
        // a mask with a gap
        value([ASN1Tree(tag: 0x87, octets: [10, 0, 0, 0, 255, 0, 255, 0])]),
        value([ASN1Tree(tag: 0x87, octets: [10, 0, 0])]),
        // minimum 1
        value([ASN1Tree(tag: 0x87, octets: [10, 0, 0, 0, 255, 0, 0, 0]), ASN1Tree(tag: 0x80, octets: [1])]),
        value(
            [ASN1Tree(tag: 0x87, octets: [10, 0, 0, 0, 255, 0, 0, 0]), ASN1Tree(tag: 0x81, octets: [9])], tag: 0xa1),
    ]

    @Test("that cannot be compared refuse names of that kind, and no others", arguments: uncheckable)
    func isUncheckable(value: [UInt8]) throws {
        let constraints = try AuthorityNameConstraints(value: value)
        let address = try #require(
            try AlternativeNames(in: [.alternativeNames([.ipAddress(ASN1OctetString(contentBytes: [10, 0, 0, 1]))])])
                .names.first
        )
        let host = try #require(try AlternativeNames(in: [.alternativeNames([.dnsName("a")])]).names.first)
        #expect(constraints.violation(by: try ConstrainedName(address)) != nil)
        #expect(constraints.violation(by: try ConstrainedName(host)) == nil)
    }

    static let malformed: [[UInt8]] = [
        [], [0x30], [0x31, 0x00], [0x30, 0x02, 0xa0, 0x00], [0x30, 0x02, 0xa2, 0x00],
        [0x30, 0x04, 0xa0, 0x02, 0x30, 0x00],
        value([ASN1Tree(tag: 0x0c, octets: [0x61])]), value([ASN1Tree(tag: 0x89, octets: [0x61])]),
        value([ASN1Tree(tag: 0x82, octets: [0x00])]), value([ASN1Tree(tag: 0xa4, children: [])]),
        value([ASN1Tree(tag: 0xa4, children: [ASN1Tree(tag: 0x04, octets: [])])]),
        [0x30, 0x0e] + Array(value([ASN1Tree(tag: 0x82, octets: [])])[2...])
            + Array(value([ASN1Tree(tag: 0x82, octets: [])])[2...]),
    ]

    @Test("that are none are refused", arguments: malformed)
    func isMalformed(value: [UInt8]) throws {
        let error = #expect(throws: CMSError.self) { try AuthorityNameConstraints(value: value) }
        #expect(error?.code == .malformed)
    }

    @Test("are read whatever the bytes, without a crash")
    func hostile() throws {
        let value = try AuthorityNameConstraints(Self.all, excluded: Self.all).certificateExtension.value
        for length in 0..<value.count {
            let error = #expect(throws: CMSError.self) {
                try AuthorityNameConstraints(value: Array(value.prefix(length)))
            }
            #expect(error != nil)
        }
        for index in value.indices {
            for flip in [0x01, 0x20, 0x80, 0xff] as [UInt8] {
                var changed = value
                changed[index] ^= flip
                guard let constraints = try? AuthorityNameConstraints(value: changed) else { continue }
                _ = constraints.permitted.map(\.description)
            }
        }
    }

    @Test(
        "that say nothing, or something twice, are none of a new CA",
        arguments: [([], []), (["DNS:a", "DNS:a"], []), (["DNS:a"], ["DNS:A"])] as [([String], [String])]
    )
    func flaws(permitted: [String], excluded: [String]) throws {
        let error = #expect(throws: IssuanceError.self) {
            try TestHierarchy.root {
                $0.nameConstraints = try AuthorityNameConstraints(permitted, excluded: excluded)
            }
        }
        #expect(error?.code == .authorityTerms)
    }
}
