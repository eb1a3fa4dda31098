import CryptographicMessageSyntax
import Foundation
import SwiftASN1
import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("A template that cannot be")
struct TemplateCheckTests {
    struct Flaw: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var reason: String
        var change: @Sendable (inout CertificateTemplate) throws -> Void

        init(
            _ name: String,
            _ reason: String,
            _ change: @escaping @Sendable (inout CertificateTemplate) throws -> Void
        ) {
            self.testDescription = name
            self.reason = reason
            self.change = change
        }
    }

    static let flaws: [Flaw] = [
        Flaw("no name", "no letter and no digit") { $0.name = "" },
        Flaw("a name of dashes", "no letter and no digit") { $0.name = " -- " },
        Flaw("a long name", "more than 64") { $0.name = String(repeating: "a", count: 65) },
        Flaw("an invisible name", "cannot be seen") { $0.name = "a\u{200b}b" },
        Flaw("0 days", "0 days") { $0.validityDays = 0 },
        Flaw("negative days", "-1 days") { $0.validityDays = -1 },
        Flaw("101 years", "36501 days") { $0.validityDays = 36_501 },
        Flaw("any number of days", "days is not") { $0.validityDays = .max },
        Flaw("forward", "0 to 2678400") { $0.backdatingSeconds = -1 },
        Flaw("back for more than a month", "0 to 2678400") { $0.backdatingSeconds = 86_400 * 31 + 1 },
        Flaw("no keyUsage", "no keyUsage") { $0.keyUsage = [] },
        Flaw("keyCertSign", "keyCertSign is for CAs") { $0.keyUsage.insert(.keyCertSign) },
        Flaw("cRLSign", "cRLSign is for CAs") { $0.keyUsage = [.cRLSign] },
        Flaw("encipherOnly", "without keyAgreement") { $0.keyUsage = [.digitalSignature, .encipherOnly] },
        Flaw("both onlys", "exclude") { $0.keyUsage = [.keyAgreement, .encipherOnly, .decipherOnly] },
        Flaw("enciphering by curves", "are for RSA keys") {
            $0.keyUsage = [.keyEncipherment, .dataEncipherment]
            $0.keys = [.anyCurve, .curve(.p384)]
        },
        Flaw("agreeing by RSA", "on elliptic curves") {
            $0.keyUsage = [.keyAgreement]
            $0.keys = [.rsa(minimumBits: nil)]
        },
        Flaw("OCSPSigning", "speaks for the CA") { $0.extendedKeyUsage = [[1, 3, 6, 1, 5, 5, 7, 3, 9]] },
        Flaw("request agent", "enrols for others") { $0.extendedKeyUsage.append([1, 3, 6, 1, 4, 1, 311, 20, 2, 1]) },
        Flaw("any purpose", "every purpose") { $0.extendedKeyUsage = [[2, 5, 29, 37, 0]] },
        Flaw("a purpose twice", "1.3.6.1.5.5.7.3.2 is there twice") {
            $0.extendedKeyUsage = [.ExtendedKeyUsage.clientAuth, .ExtendedKeyUsage.clientAuth]
        },
        Flaw("a subject of nothing", "built of nothing") { $0.subject = .built([]) },
        Flaw("a subject of no type", "\"XX\" is no type") {
            $0.subject = .built([SubjectComponent(type: "XX", value: .fixed("a"))])
        },
        Flaw("a subject from no type", "\"cn\" is no type") {
            $0.subject = .built([SubjectComponent(type: "CN", value: .attribute("cn"))])
        },
        Flaw("a subject from other SANs", "no text") {
            $0.subject = .built([SubjectComponent(type: "CN", value: .alternativeName(.other))])
        },
        Flaw("an empty fixed part", "is empty") {
            $0.subject = .built([SubjectComponent(type: "O", value: .fixed(""))])
        },
        Flaw("an invisible fixed part", "cannot be seen") {
            $0.subject = .built([SubjectComponent(type: "O", value: .fixed("a\u{0}"))])
        },
        Flaw("a country", "two letters") { $0.subject = .built([SubjectComponent(type: "C", value: .fixed("DEU"))]) },
        Flaw("a long subject", "more than 32 attributes") {
            $0.subject = .built(.init(repeating: SubjectComponent(type: "O", value: .fixed("a")), count: 33))
        },
        Flaw("no name at all", "no name at all") {
            $0.subject = try SubjectPolicy(parsing: "CN={CN?}")
            $0.alternativeNames.allowed = []
        },
        Flaw("an extension twice", "1.2.3 is there twice") { $0.passedExtensions = [[1, 2, 3], [1, 2, 3]] },
        Flaw("a policy twice", "1.2.3 is there twice") {
            $0.policies = [CertificatePolicy([1, 2, 3]), CertificatePolicy([1, 2, 3], cps: "http://a.example/")]
        },
        Flaw("an ldap CPS", "begins with ldap:") { $0.policies = [CertificatePolicy([1, 2, 3], cps: "ldap://a/")] },
        Flaw("an ftp CRL", "URLs of CRLs") { $0.crlURLs = ["ftp://a.example/a.crl"] },
        Flaw("a relative CRL", "is no URL") { $0.crlURLs = ["/a.crl"] },
        Flaw("a CRL of no host", "has no host") { $0.crlURLs = ["http:///a.crl"] },
        Flaw("a CRL with spaces", "no URL has") { $0.crlURLs = ["{url}/a b.crl"] },
        Flaw("a CRL with umlauts", "no URL has") { $0.crlURLs = ["http://köln.example/"] },
        Flaw("an unknown placeholder", "no URL has") { $0.crlURLs = ["{url}/{name}.crl"] },
        Flaw("a long URL", "more than 1000") { $0.crlURLs = ["{url}/" + String(repeating: "a", count: 1000)] },
        Flaw("a URL twice", "twice") { $0.issuerURLs = ["{url}/a", "{url}/a"] },
        Flaw("many URLs", "more than 10") { $0.issuerURLs = (0...10).map { "{url}/\($0)" } },
        Flaw("OCSP by ldap", "URLs of OCSP") { $0.ocspURLs = ["ldap://a.example/"] },
    ]

    @Test("says in one sentence why", arguments: flaws)
    func flaw(_ flaw: Flaw) throws {
        var template = CertificateTemplate(name: "Wrong")
        try template.check()
        try flaw.change(&template)
        let changed = template
        let error = #expect(throws: IssuanceError.self) { try changed.check() }
        #expect(error?.code == .template)
        #expect(error?.reason.contains(flaw.reason) == true, "\(error?.reason ?? "")")
    }

    @Test("is none of the built-in ones")
    func builtIn() throws {
        for template in CertificateTemplate.builtIn { try template.check() }
    }

    @Test("is not at the edge of what can be")
    func edges() throws {
        var template = CertificateTemplate(name: String(repeating: "ä", count: 64), validityDays: 36_500)
        template.backdatingSeconds = 86_400 * 31
        template.keyUsage = [.digitalSignature, .contentCommitment, .dataEncipherment, .keyAgreement, .decipherOnly]
        template.keys = [.curve(.p256)]
        template.subject = try SubjectPolicy(parsing: "CN={CN?}")
        template.crlURLs = [
            "ldap:///CN=CA?certificateRevocationList", "{url}/crl/{ca}.crl", "https://a.example:8443/x",
        ]
        template.issuerURLs = []
        template.passedExtensions = [.Extension.microsoftTemplate]
        template.policies = [.any, CertificatePolicy([2, 999, 1], cps: "https://a.example/cps")]
        try template.check()
    }
}
