import CryptographicMessageSyntax
import Foundation
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import CertificateAuthority

@Suite("A field of a template")
struct TemplateFieldTests {
    static func issue(
        _ key: SubjectPublicKeyInfo = TestKeys.device.publicKey,
        distribution: Distribution = .none,
        _ change: (inout CertificateTemplate) throws -> Void
    ) throws -> Certificate {
        let root = try TestIssuer.make()
        let issuer = try Issuer(
            certificate: root.certificate.encoded,
            key: TestIssuer.key(.p256),
            distribution: distribution
        )
        var template = CertificateTemplate(name: "Field")
        try change(&template)
        let prepared = try issuer.prepare(
            RequestedCertificate(
                subject: TestName("d").encoded,
                key: try issuer.certifiable(key, rsaBits: 2048...8192),
                extensions: []
            ),
            template: template,
            serialNumber: [1],
            now: TestIssuer.now.addingTimeInterval(86_400 * 365)
        )
        return try Certificate(derEncoded: issuer.issue(prepared).encoded)
    }

    @Test("puts the start back, not before the CA's", arguments: [0, 300, 86_400 * 31])
    func backdating(seconds: Int) throws {
        let certificate = try Self.issue { $0.backdatingSeconds = seconds }
        #expect(
            certificate.notValidBefore == TestIssuer.now.addingTimeInterval(86_400 * 365 - Double(seconds))
        )
    }

    static let usages: [(Set<CertificateTemplate.KeyUsage>, EllipticCurve?, [UInt8])] = [
        ([.digitalSignature], nil, [0x03, 0x02, 0x07, 0x80]),
        ([.contentCommitment], nil, [0x03, 0x02, 0x06, 0x40]),
        ([.digitalSignature, .contentCommitment, .keyEncipherment, .dataEncipherment], nil, [0x03, 0x02, 0x04, 0xf0]),
        ([.dataEncipherment, .keyAgreement, .decipherOnly], nil, [0x03, 0x02, 0x04, 0x10]),
        ([.dataEncipherment, .keyAgreement], .p256, [0x03, 0x02, 0x03, 0x08]),
        ([.digitalSignature, .keyAgreement, .encipherOnly], .p384, [0x03, 0x02, 0x00, 0x89]),
        ([.digitalSignature, .keyAgreement, .decipherOnly], .p521, [0x03, 0x03, 0x07, 0x88, 0x80]),
        ([.digitalSignature, .keyEncipherment, .dataEncipherment], .p256, [0x03, 0x02, 0x07, 0x80]),
    ]

    @Test("sets the bits of keyUsage that the key can have", arguments: usages)
    func keyUsage(usage: Set<CertificateTemplate.KeyUsage>, curve: EllipticCurve?, value: [UInt8]) throws {
        let key = curve.map { TestKeys.onCurve($0).publicKey } ?? TestKeys.device.publicKey
        let certificate = try Self.issue(key) { $0.keyUsage = usage }
        #expect(certificate.extensions[oid: .Extension.keyUsage].map { Array($0.value) } == value)
    }

    @Test("refuses a key of which nothing is left")
    func impossibleKeyUsage() throws {
        let error = #expect(throws: IssuanceError.self) { try Self.issue { $0.keyUsage = [.keyAgreement] } }
        #expect(error?.code == .key)
        let curve = #expect(throws: IssuanceError.self) {
            try Self.issue(TestKeys.onCurve(.p256).publicKey) { $0.keyUsage = [.keyEncipherment, .dataEncipherment] }
        }
        #expect(curve?.code == .key)
    }

    @Test(
        "says which keys are certified",
        arguments: [("rsa", true), ("rsa2048", true), ("rsa3072", false), ("ec", false), ("p256", false)]
    )
    func keys(requirement: String, isAllowed: Bool) throws {
        let requirement = try KeyRequirement(parsing: requirement)
        func issue() throws -> Certificate { try Self.issue { $0.keys = [.curve(.p521), requirement] } }
        if isAllowed {
            _ = try issue()
        } else {
            let error = #expect(throws: IssuanceError.self) { try issue() }
            #expect(error?.code == .key)
        }
    }

    static let distribution = Distribution(baseURL: "http://pki.example.com:8080/", authority: "test-ca")

    @Test("says where CRLs, OCSP and the CA's certificate are")
    func urls() throws {
        let certificate = try Self.issue(distribution: Self.distribution) { _ in }
        let access = try #require(try certificate.extensions.authorityInformationAccess)
        #expect(
            Array(access) == [
                .init(method: .ocspServer, location: .uniformResourceIdentifier("http://pki.example.com:8080/ocsp")),
                .init(
                    method: .issuingCA,
                    location: .uniformResourceIdentifier("http://pki.example.com:8080/ca/test-ca.cer")
                ),
            ]
        )
        let points = try #require(certificate.extensions[oid: .Extension.cRLDistributionPoints])
        let url = Array("http://pki.example.com:8080/crl/test-ca.crl".utf8)
        #expect(!points.critical)
        #expect(
            Array(points.value) == [0x30, 0x33, 0x30, 0x31, 0xa0, 0x2f, 0xa0, 0x2d, 0x86, UInt8(url.count)] + url
        )
    }

    @Test(
        "leaves out a URL that needs what there is not",
        arguments: [
            (Distribution.none, []), (Distribution(baseURL: "", authority: "ca"), ["http://b.example/ca"]),
            (Distribution(baseURL: "http://c.example", authority: ""), ["http://c.example/d"]),
            (
                Distribution(baseURL: "http://c.example", authority: "ca"),
                ["http://c.example/a/ca", "http://b.example/ca", "http://c.example/d"]
            ),
        ]
    )
    func leftOut(distribution: Distribution, urls: [String]) throws {
        #expect(try distribution.filled(["{url}/a/{ca}", "http://b.example/{ca}", "{url}/d"]) == urls)
    }

    @Test("is no URL after it is filled", arguments: ["ftp://a.example", "a.example", "http://a b"])
    func badBase(base: String) throws {
        let error = #expect(throws: IssuanceError.self) {
            try Self.issue(distribution: Distribution(baseURL: base, authority: "ca")) { _ in }
        }
        #expect(error?.code == .distribution)
    }

    @Test("says under which policies")
    func policies() throws {
        let certificate = try Self.issue { $0.policies = [.any, CertificatePolicy([1, 2, 3], cps: "http://a/")] }
        let found = try #require(certificate.extensions[oid: .Extension.certificatePolicies])
        #expect(!found.critical)
        let expected = ASN1Tree(
            tag: 0x30,
            children: [
                ASN1Tree(tag: 0x30, children: [ASN1Tree(tag: 0x06, octets: [0x55, 0x1d, 0x20, 0x00])]),
                ASN1Tree(
                    tag: 0x30,
                    children: [
                        ASN1Tree(tag: 0x06, octets: [0x2a, 0x03]),
                        ASN1Tree(
                            tag: 0x30,
                            children: [
                                ASN1Tree(
                                    tag: 0x30,
                                    children: [
                                        ASN1Tree(tag: 0x06, octets: [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x02, 0x01]),
                                        ASN1Tree(tag: 0x16, octets: Array("http://a/".utf8)),
                                    ]
                                )
                            ]
                        ),
                    ]
                ),
            ]
        )
        #expect(try ASN1Tree(Array(found.value)) == expected)
    }

    @Test("adds nothing to a default certificate without a base URL")
    func nothing() throws {
        let certificate = try Self.issue { _ in }
        #expect(try certificate.extensions.authorityInformationAccess == nil)
        #expect(certificate.extensions.count == 4)
    }
}
