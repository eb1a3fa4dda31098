import CryptographicMessageSyntax
import Foundation
import SwiftASN1
import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("A stored template")
struct TemplateStorageTests {
    static func full() throws -> CertificateTemplate {
        var template = CertificateTemplate(
            name: "Everything",
            validityDays: 42,
            keyUsage: Set(CertificateTemplate.KeyUsage.allCases),
            extendedKeyUsage: [[2, 999, 7], .ExtendedKeyUsage.serverAuth]
        )
        template.backdatingSeconds = 0
        template.subject = try SubjectPolicy(parsing: #"CN={DNS?}, O=Example\, Inc."#)
        template.alternativeNames = AlternativeNamePolicy(
            allowed: [try AlternativeNamePattern(parsing: "DNS:*.example.com")],
            others: .drop
        )
        template.keys = [.rsa(minimumBits: 3072), .anyCurve]
        template.passedExtensions = [.Extension.microsoftTemplate]
        template.authorityRequests = .drop
        template.criticalExtensions = .refuse
        template.crlURLs = ["http://a.example/a.crl"]
        template.issuerURLs = []
        template.ocspURLs = ["{url}/ocsp"]
        template.policies = [CertificatePolicy([1, 2, 3]), CertificatePolicy([2, 999], cps: "http://a.example/")]
        return template
    }

    @Test("is read as it was written")
    func roundTrip() throws {
        let template = try Self.full()
        #expect(try CertificateTemplate(json: try template.json()) == template)
        for template in CertificateTemplate.builtIn + [.server, .registrationAuthority, .ocspResponder] {
            #expect(try CertificateTemplate(json: try template.json()) == template)
        }
        var none = template
        none.alternativeNames.allowed = []
        let stored = try CertificateTemplate(json: try none.json())
        #expect(stored.alternativeNames.allowed?.isEmpty == true)
    }

    @Test("has the default for everything that it does not say")
    func defaults() throws {
        #expect(try CertificateTemplate(json: #"{"name":"Default"}"#) == .default)
        let other = try CertificateTemplate(json: #"{"name":"a","alternativeNames":{},"unknown":1}"#)
        #expect(other.alternativeNames == AlternativeNamePolicy())
    }

    @Test("is text that people can read")
    func text() throws {
        let json = try Self.full().json()
        for part in [
            #""extendedKeyUsage":["2.999.7","1.3.6.1.5.5.7.3.1"]"#, #""keys":["rsa3072","ec"]"#,
            #""subject":"CN={DNS?}, O=Example\\, Inc.""#, #""allowed":["DNS:*.example.com"],"others":"drop""#,
            #""policies":[{"identifier":"1.2.3"},{"cps":"http://a.example/","identifier":"2.999"}]"#,
            #""keyUsage":["digitalSignature","contentCommitment","#,
        ] {
            #expect(json.contains(part), "\(json)")
        }
    }

    @Test(
        "is refused where it says what nobody knows",
        arguments: [
            "", "{", "[]", "{}", #"{"name":1}"#, #"{"name":"a","validityDays":"1"}"#,
            #"{"name":"a","keyUsage":["all"]}"#,
            #"{"name":"a","keyUsage":[5]}"#, #"{"name":"a","extendedKeyUsage":["clientAuth"]}"#,
            #"{"name":"a","extendedKeyUsage":["1.2.99999999999999999999"]}"#, #"{"name":"a","subject":"CN"}"#,
            #"{"name":"a","subject":{}}"#, #"{"name":"a","authorityRequests":"allow"}"#,
            #"{"name":"a","criticalExtensions":"pass"}"#, #"{"name":"a","alternativeNames":{"others":"keep"}}"#,
            #"{"name":"a","alternativeNames":{"allowed":["x"]}}"#, #"{"name":"a","keys":["dsa"]}"#,
            #"{"name":"a","passedExtensions":[""]}"#, #"{"name":"a","crlURLs":"http://a"}"#,
            #"{"name":"a","policies":[{}]}"#, #"{"name":"a","policies":[{"identifier":"1"}]}"#,
        ]
    )
    func unknown(json: String) {
        #expect(throws: (any Error).self) { try CertificateTemplate(json: json) }
    }

    @Test(
        "has bits of keyUsage by their names",
        arguments: [
            ("digitalSignature", .digitalSignature), ("DIGITALSIGNATURE", .digitalSignature),
            ("nonRepudiation", .contentCommitment), ("contentCommitment", .contentCommitment),
            ("decipherOnly", .decipherOnly), ("", nil), ("sign", nil),
        ] as [(String, CertificateTemplate.KeyUsage?)]
    )
    func keyUsage(name: String, bit: CertificateTemplate.KeyUsage?) {
        #expect(CertificateTemplate.KeyUsage(name: name) == bit)
    }
}
