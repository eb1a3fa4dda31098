import CryptographicMessageSyntax
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import CertificateAuthority

@Suite("A subject that a template builds")
struct BuiltSubjectTests {
    let issuer: Issuer

    init() throws {
        self.issuer = try TestIssuer.make()
    }

    static func template(_ subject: String, _ change: (inout CertificateTemplate) -> Void = { _ in }) throws
        -> CertificateTemplate
    {
        var template = CertificateTemplate(name: "Built")
        template.subject = try SubjectPolicy(parsing: subject)
        change(&template)
        return template
    }

    static let names: [GeneralName] = [
        .rfc822Name("anna@example.com"), .dnsName("a.example.com"), .dnsName("b.example.com"),
        .ipAddress(ASN1OctetString(contentBytes: [192, 0, 2, 1])),
    ]

    func subject(_ subject: String, _ requested: TestName, _ names: [GeneralName] = Self.names) throws -> [UInt8] {
        try self.issuer.issue(
            subject: requested.encoded,
            extensions: names.isEmpty ? [] : [try .alternativeNames(names)],
            template: try Self.template(subject)
        ).subject
    }

    static let requested = TestName([.commonName("router-1")], [.organization("Evil")], [.commonName("second")])

    @Test(
        "has what the template says, and nothing else",
        arguments: [
            ("CN={CN}", "CN=router-1"), ("CN={CN}, O=Example", "CN=router-1, O=Example"),
            ("C=DE, CN={DNS}", "C=DE, CN=a.example.com"), ("CN={IP}, E={email}", "CN=192.0.2.1, E=anna@example.com"),
            ("CN={OU?}, O=Example", "O=Example"), ("CN={URI?}, O={O}", "O=Evil"), ("O=Example", "O=Example"),
            ("DC=com, DC=example, CN={CN}", "DC=com, DC=example, CN=router-1"),
        ]
    )
    func built(subject: String, expected: String) throws {
        #expect(try self.subject(subject, Self.requested) == DirectoryName(parsing: expected).encoded)
    }

    @Test(
        "is refused where the request lacks a part, or it does not fit",
        arguments: [
            ("CN={OU}", "the request's OU, which it lacks"), ("CN={URI}", "SAN of the kind URI, which it lacks"),
            ("C={CN}", "has to be a country's two letters"), ("O={1.2.3}", "the request's 1.2.3, which it lacks"),
        ]
    )
    func refused(subject: String, reason: String) throws {
        let error = #expect(throws: IssuanceError.self) { try self.subject(subject, Self.requested) }
        #expect(error?.code == .subject)
        #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
    }

    @Test(
        "has no text that is ambiguous or too long",
        arguments: ["a\u{202e}b", "a\u{0}b", "a\u{ff0e}b", String(repeating: "a", count: 65), ""]
    )
    func ambiguous(text: String) throws {
        let error = #expect(throws: IssuanceError.self) { try self.subject("CN={CN}", TestName(text), []) }
        #expect(error?.code == .subject)
        let optional = #expect(throws: IssuanceError.self) { try self.subject("CN={CN?}, O=a", TestName(text), []) }
        #expect(optional?.code == .subject)
    }

    @Test("is written in the string types of RFC 5280 §A.1")
    func stringTypes() throws {
        let subject = try self.subject("C=DE, DC=example, E={email}, SERIALNUMBER={CN}, CN={CN}", TestName("x1"))
        let tags = try ASN1Tree(subject).children.map { $0[0, 1].tag }
        #expect(tags == [0x13, 0x16, 0x16, 0x13, 0x0c])
    }

    @Test("keeps what any string type says", arguments: [0x0c, 0x13, 0x14, 0x16] as [UInt8])
    func transcoded(tag: UInt8) throws {
        #expect(try self.subject("CN={CN}", TestName("router-1", tag: tag)) == TestName("router-1").encoded)
    }

    @Test("is never the CA's own name")
    func ownName() throws {
        let error = #expect(throws: IssuanceError.self) { try self.subject("CN=Test CA", Self.requested) }
        #expect(error?.code == .authorityName)
    }

    @Test("may be empty where there are SANs, and only there")
    func empty() throws {
        let empty: [UInt8] = [0x30, 0x00]
        #expect(try self.subject("CN={OU?}", TestName("a"), [.dnsName("a.example")]) == empty)
        let error = #expect(throws: IssuanceError.self) { try self.subject("CN={OU?}", TestName("a"), []) }
        #expect(error?.code == .subject)
    }

    @Test("has no SAN in it that the template does not allow")
    func disallowedAlternativeName() throws {
        let template = try Self.template("CN={DNS}") { $0.alternativeNames.others = .drop }
        var restricted = template
        restricted.alternativeNames.allowed = [try AlternativeNamePattern(parsing: "DNS:b.example.com")]
        let issued = try self.issuer.issue(
            subject: TestName("x").encoded,
            extensions: [try .alternativeNames(Self.names)],
            template: restricted
        )
        #expect(issued.subject == TestName("b.example.com").encoded)
    }

    @Test("is not built where somebody has decided on it")
    func decided() throws {
        let key = try self.issuer.certifiable(TestKeys.device.publicKey, rsaBits: 2048...8192)
        let requested = RequestedCertificate(
            subject: Self.requested.encoded,
            key: key,
            extensions: [],
            isSubjectDecided: true
        )
        let prepared = try self.issuer.prepare(
            requested,
            template: try Self.template("CN={OU}"),
            serialNumber: [1],
            now: TestIssuer.now
        )
        #expect(try self.issuer.issue(prepared).subject == Self.requested.encoded)
    }
}
