import CryptographicMessageSyntax
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import CertificateAuthority

@Suite("What a request asks for in extensions")
struct RequestedExtensionTests {
    let issuer: Issuer
    let subject: [UInt8]

    init() throws {
        self.issuer = try TestIssuer.make()
        self.subject = try TestClient.encoded("CN=device.example")
    }

    static let authority: [(String, CertificateExtension)] = [
        ("CA:TRUE", CertificateExtension(.Extension.basicConstraints, value: [0x30, 0x03, 0x01, 0x01, 0xff])),
        (
            "CA:TRUE, pathlen 0, critical",
            CertificateExtension(
                .Extension.basicConstraints,
                isCritical: true,
                value: [0x30, 0x06, 0x01, 0x01, 0xff, 0x02, 0x01, 0x00]
            )
        ),
        ("keyCertSign", CertificateExtension(.Extension.keyUsage, value: [0x03, 0x02, 0x02, 0x04])),
        ("cRLSign", CertificateExtension(.Extension.keyUsage, value: [0x03, 0x02, 0x01, 0x02])),
        ("all usages", CertificateExtension(.Extension.keyUsage, isCritical: true, value: [0x03, 0x02, 0x00, 0xff])),
    ]

    @Test("to be a CA is refused", arguments: authority)
    func asksForAuthority(_ what: String, asked: CertificateExtension) throws {
        #expect(try self.issuer.refusal(subject: self.subject, extensions: [asked]) == .asksForAuthority)
    }

    static let unreadable: [(String, CertificateExtension)] = [
        ("basicConstraints", CertificateExtension(.Extension.basicConstraints, value: [0x30, 0x03, 0x01])),
        ("keyUsage", CertificateExtension(.Extension.keyUsage, value: [0x04, 0x00])),
        ("subjectAltName", CertificateExtension(.Extension.subjectAltName, value: [0x30, 0x05, 0x82])),
        ("an empty subjectAltName", CertificateExtension(.Extension.subjectAltName, value: [0x30, 0x00])),
    ]

    @Test("unreadable is refused", arguments: unreadable)
    func isUnreadable(_ what: String, asked: CertificateExtension) throws {
        #expect(try self.issuer.refusal(subject: self.subject, extensions: [asked]) == .badExtension)
    }

    @Test("twice, where it is subjectAltName, is refused")
    func doubledAlternativeNames() throws {
        let names = try CertificateExtension.alternativeNames([.dnsName("a.example")])
        #expect(try self.issuer.refusal(subject: self.subject, extensions: [names, names]) == .badExtension)
    }

    @Test("besides subjectAltName is dropped, and the template's stand")
    func othersAreDropped() throws {
        let issued = try self.issuer.issue(
            subject: self.subject,
            extensions: [
                CertificateExtension(.Extension.basicConstraints, isCritical: true, value: [0x30, 0x00]),
                // nonRepudiation
                CertificateExtension(.Extension.keyUsage, value: [0x03, 0x02, 0x06, 0x40]),
                // serverAuth
                CertificateExtension(
                    .Extension.extendedKeyUsage,
                    value: [0x30, 0x0a, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01]
                ),
                CertificateExtension(.Extension.subjectKeyIdentifier, value: [0x04, 0x01, 0x01]),
                CertificateExtension([1, 3, 6, 1, 4, 1, 311, 20, 2], isCritical: true, value: [0x1e, 0x00]),
                // not even read
                CertificateExtension([1, 2, 3, 4], value: [0xff]),
            ]
        )
        let extensions = try Certificate(derEncoded: issued.encoded).extensions
        let plain = try Certificate(derEncoded: self.issuer.issue(subject: self.subject).encoded).extensions
        #expect(extensions == plain)
    }

    @Test("as subjectAltName is there byte for byte")
    func alternativeNames() throws {
        let names = try CertificateExtension.alternativeNames([
            .dnsName("device.example"), .rfc822Name("device@example.com"),
            .uniformResourceIdentifier("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
            .ipAddress(ASN1OctetString(contentBytes: [192, 0, 2, 1])),
            .registeredID([1, 2, 3, 4]),
        ])
        let issued = try self.issuer.issue(subject: self.subject, extensions: [names])
        let found = try Certificate(derEncoded: issued.encoded).extensions[oid: .Extension.subjectAltName]
        #expect(found.map { Array($0.value) } == names.value)
        #expect(found?.critical == false)
    }
}
