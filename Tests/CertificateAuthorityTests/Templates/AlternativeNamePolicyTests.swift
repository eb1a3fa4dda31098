import CryptographicMessageSyntax
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import CertificateAuthority

@Suite("What a template says about SANs")
struct AlternativeNamePolicyTests {
    static let names: [GeneralName] = [
        .dnsName("a.example.com"), .dnsName("a.evil.example"), .rfc822Name("anna@example.com"),
        .ipAddress(ASN1OctetString(contentBytes: [10, 0, 0, 1])),
    ]

    static func issued(
        _ allowed: [String]?,
        _ others: Excess,
        _ names: [GeneralName] = Self.names,
        areDecided: Bool = false
    ) throws -> [GeneralName]? {
        let issuer = try TestIssuer.make()
        var template = CertificateTemplate(name: "SANs")
        template.alternativeNames = AlternativeNamePolicy(
            allowed: try allowed?.map(AlternativeNamePattern.init(parsing:)),
            others: others
        )
        let prepared = try issuer.prepare(
            RequestedCertificate(
                subject: TestName("d").encoded,
                key: try issuer.certifiable(TestKeys.device.publicKey, rsaBits: 2048...8192),
                extensions: [try .alternativeNames(names)],
                areAlternativeNamesDecided: areDecided
            ),
            template: template,
            serialNumber: [1],
            now: TestIssuer.now
        )
        return try Certificate(derEncoded: issuer.issue(prepared).encoded).extensions.subjectAlternativeNames.map(
            Array.init)
    }

    @Test(
        "keeps those that a pattern matches",
        arguments: [
            (nil, [0, 1, 2, 3]), (["*"], [0, 1, 2, 3]), (["DNS:**.example.com"], [0]), (["IP:10.0.0.0/8"], [3]),
            (["email:**@example.com", "DNS:**"], [0, 1, 2]), (["UPN:**"], []), ([], []),
        ] as [([String]?, [Int])]
    )
    func dropped(allowed: [String]?, kept: [Int]) throws {
        let expected = kept.map { Self.names[$0] }
        #expect(try Self.issued(allowed, .drop) == (expected.isEmpty ? nil : expected))
    }

    @Test("refuses others, and says which", arguments: [["DNS:**.example.com"], []])
    func refused(allowed: [String]) throws {
        let error = #expect(throws: IssuanceError.self) { try Self.issued(allowed, .refuse) }
        #expect(error?.code == .alternativeName)
        #expect(error?.reason.contains(allowed.isEmpty ? "DNS:a.example.com" : "DNS:a.evil.example") == true)
    }

    @Test("does not matter where somebody has decided on them")
    func decided() throws {
        #expect(try Self.issued([], .refuse, areDecided: true) == Self.names)
    }

    @Test("compares a limited number")
    func many() throws {
        let many = (0...250).map { GeneralName.dnsName("\($0).example.com") }
        let error = #expect(throws: IssuanceError.self) { try Self.issued(["*"], .drop, many) }
        #expect(error?.code == .alternativeName)
        #expect(try Self.issued(["*"], .drop, Array(many.dropLast()))?.count == 250)
        #expect(try Self.issued(nil, .drop, many)?.count == 251)
    }

    @Test("lets nothing ambiguous pass")
    func ambiguous() throws {
        let names: [GeneralName] = [.dnsName("a.example.com\u{0}.evil.example")]
        let error = #expect(throws: IssuanceError.self) { try Self.issued(["DNS:**"], .refuse, names) }
        #expect(error?.code == .alternativeName)
    }
}
