import CryptographicMessageSyntax
import Foundation
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import CertificateAuthority

@Suite("A certificate for one of the server's own keys")
struct OwnCertificateTests {
    let issuer: Issuer

    init() throws {
        self.issuer = try TestIssuer.make()
    }

    func certificate(
        _ template: CertificateTemplate,
        key: any AuthorityKey = TestIssuer.key(.p256),
        hostNames: [String] = []
    ) throws -> Certificate {
        let issued = try self.issuer.issueOwn(
            name: "ca.example",
            key: key,
            hostNames: hostNames,
            template: template,
            serialNumber: [3],
            now: TestIssuer.now
        )
        return try Certificate(derEncoded: issued.encoded)
    }

    @Test("of HTTPS has its names and addresses as SANs, and serverAuth")
    func server() throws {
        let certificate = try self.certificate(
            .server,
            hostNames: ["ca.example", "192.0.2.1", "2001:db8::1", "localhost", "::1"]
        )
        let names = try #require(try certificate.extensions.subjectAlternativeNames)
        #expect(
            Array(names) == [
                .dnsName("ca.example"),
                .ipAddress(ASN1OctetString(contentBytes: [192, 0, 2, 1])),
                .ipAddress(
                    ASN1OctetString(contentBytes: [0x20, 0x01, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11) + [1])),
                .dnsName("localhost"),
                .ipAddress(ASN1OctetString(contentBytes: [UInt8](repeating: 0, count: 15) + [1])),
            ]
        )
        #expect(try certificate.extensions.extendedKeyUsage.map(Array.init) == [.serverAuth])
        // An elliptic curve's key cannot encipher (RFC 5480 §3).
        #expect(try certificate.extensions.keyUsage == KeyUsage(digitalSignature: true))
        #expect(certificate.notValidAfter == TestIssuer.now.addingTimeInterval(90 * 86_400))
        #expect("\(certificate.subject)" == "CN=ca.example")
    }

    @Test("of the RA has digitalSignature and keyEncipherment, and no purpose that could be abused")
    func registrationAuthority() throws {
        let certificate = try self.certificate(.registrationAuthority, key: TestKeys.registrationAuthority)
        #expect(try certificate.extensions.keyUsage == KeyUsage(digitalSignature: true, keyEncipherment: true))
        #expect(try certificate.extensions.extendedKeyUsage == nil)
        #expect(try certificate.extensions.subjectAlternativeNames == nil)
        #expect(try certificate.extensions.basicConstraints == nil)
        let authority = try Certificate(derEncoded: self.issuer.certificate.encoded)
        #expect(authority.publicKey.isValidSignature(certificate.signature, for: certificate))
    }

    @Test("of an OCSP responder speaks for the CA, and need not be looked up")
    func ocspResponder() throws {
        let certificate = try self.certificate(.ocspResponder)
        #expect(try certificate.extensions.extendedKeyUsage.map(Array.init) == [.ocspSigning])
        #expect(try certificate.extensions.keyUsage == KeyUsage(digitalSignature: true))
        let noCheck = try #require(certificate.extensions[oid: .Extension.ocspNoCheck])
        #expect(Array(noCheck.value) == [0x05, 0x00])
        #expect(!noCheck.critical)
        #expect(certificate.notValidAfter == TestIssuer.now.addingTimeInterval(30 * 86_400))
        let other = try self.certificate(.server, hostNames: ["a.example"])
        #expect(other.extensions[oid: .Extension.ocspNoCheck] == nil)
    }

    @Test("names no URLs, whatever the CA's distribution")
    func noURLs() throws {
        let issuer = try Issuer(
            certificate: self.issuer.certificate.encoded,
            key: TestIssuer.key(.p256),
            distribution: Distribution(baseURL: "http://a.example", authority: "a")
        )
        for template in [CertificateTemplate.server, .registrationAuthority, .ocspResponder] {
            let issued = try issuer.issueOwn(
                name: "a.example",
                key: TestKeys.registrationAuthority,
                template: template,
                serialNumber: [5],
                now: TestIssuer.now
            )
            let extensions = try Certificate(derEncoded: issued.encoded).extensions
            #expect(extensions[oid: .Extension.cRLDistributionPoints] == nil)
            #expect(extensions[oid: .Extension.authorityInfoAccess] == nil)
        }
    }

    @Test("is below the Name below which the CA may certify, and for purposes that it grants, OCSP apart")
    func constrained() throws {
        let issuer = try TestHierarchy.root {
            $0.nameConstraints = try AuthorityNameConstraints(["dir:O=Example, OU=PKI"])
            $0.extendedKeyUsage = [[1, 3, 6, 1, 5, 5, 7, 3, 2]]
        }
        func issue(_ template: CertificateTemplate) throws -> IssuedCertificate {
            try issuer.issueOwn(
                name: "CA RA",
                key: TestHierarchy.key,
                template: template,
                serialNumber: [6],
                now: TestIssuer.now
            )
        }
        for template in [CertificateTemplate.registrationAuthority, .ocspResponder] {
            let subject = try issue(template).subject
            #expect(try ASN1Tree(subject).children.count == 3)
            #expect(ReadableText.name(subject) == "CN=CA RA,OU=PKI,O=Example")
        }
        let error = #expect(throws: IssuanceError.self) { try issue(.server) }
        #expect(error?.code == .extendedKeyUsage)
    }

    @Test("may be for a key that nobody else can have certified")
    func reservedKey() throws {
        let certificate = try self.certificate(.registrationAuthority, key: TestKeys.registrationAuthority)
        let error = #expect(throws: IssuanceError.self) {
            try self.issuer.certifiable(TestKeys.registrationAuthority.publicKey, rsaBits: 2048...8192)
        }
        #expect(error?.code == .authorityKey)
        #expect("\(certificate.subject)" == "CN=ca.example")
    }

    @Test("has a subject even where the name is not ASCII", arguments: ["Zertifizierungsstelle Köln", "認証局", "a,b=c"])
    func names(name: String) throws {
        let issued = try self.issuer.issueOwn(
            name: name,
            key: TestIssuer.key(.p256),
            template: .server,
            serialNumber: [4],
            now: TestIssuer.now
        )
        let subject = try Certificate(derEncoded: issued.encoded).subject
        #expect(try subject == DistinguishedName { CommonName(name) })
    }
}
