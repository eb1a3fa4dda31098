import CryptographicMessageSyntax
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import CertificateAuthority

@Suite("The subject of a certificate")
struct SubjectTests {
    static let empty: [UInt8] = [0x30, 0x00]

    /// A Name of one attribute of a given string type.
    static func name(_ type: [UInt8] = [0x55, 0x04, 0x03], tag: UInt8, _ octets: [UInt8]) -> [UInt8] {
        let value = [tag, UInt8(octets.count)] + octets
        let oid = [0x06, UInt8(type.count)] + type
        let attribute = [0x30, UInt8(oid.count + value.count)] + oid + value
        let set = [0x31, UInt8(attribute.count)] + attribute
        return [0x30, UInt8(set.count)] + set
    }

    static let names: [(String, [UInt8])] = [
        ("PrintableString", name(tag: 0x13, Array("device".utf8))),
        ("UTF8String", name(tag: 0x0c, Array("Gerät 7".utf8))),
        ("TeletexString", name(tag: 0x14, [0x47, 0xe9])),
        ("BMPString", name(tag: 0x1e, [0x00, 0x47, 0x20, 0xac])),
        (
            "IA5String, an e-mail address",
            name([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01], tag: 0x16, [0x61])
        ),
        ("an attribute that nobody knows", name([0x2a, 0x03, 0x04], tag: 0x0c, [0x78])),
    ]

    @Test("is the one asked for, byte for byte", arguments: names)
    func isKept(_ what: String, subject: [UInt8]) throws {
        let issued = try TestIssuer.make().issue(subject: subject)
        #expect(issued.subject == subject)
        #expect(try SignerCertificate(encoded: issued.encoded).subject == subject)
        _ = try Certificate(derEncoded: issued.encoded)
    }

    @Test("if empty makes subjectAltName critical (RFC 5280 §4.2.1.6)", arguments: [true, false])
    func emptySubject(asCritical: Bool) throws {
        let names = try CertificateExtension.alternativeNames([.dnsName("device.example")], isCritical: asCritical)
        let issued = try TestIssuer.make().issue(subject: Self.empty, extensions: [names])
        let certificate = try Certificate(derEncoded: issued.encoded)
        #expect(certificate.subject.isEmpty)
        #expect(certificate.extensions[oid: .Extension.subjectAltName]?.critical == true)
    }

    @Test("empty without subjectAltName is refused")
    func nothing() throws {
        #expect(try TestIssuer.make().refusal(subject: Self.empty) == .subject)
    }

    static let broken: [[UInt8]] = [
        [], [0x30], [0x31, 0x00], [0x30, 0x02, 0x05, 0x00], [0x30, 0x80, 0x00, 0x00], [0x30, 0x81, 0x00],
        name(tag: 0x13, [0x61]) + [0x00],
    ]

    @Test("that is no Name is refused", arguments: broken)
    func unreadable(subject: [UInt8]) throws {
        #expect(try TestIssuer.make().refusal(subject: subject) == .subject)
    }

    @Test("that is the CA's own is refused")
    func authority() throws {
        let issuer = try TestIssuer.make()
        #expect(try issuer.refusal(subject: issuer.certificate.subject) == .authorityName)
    }

    @Test(
        "that is the CA's own in another spelling is refused",
        arguments: [
            TestName("TEST ca"), TestName(" Test   CA ", tag: 0x13), TestName("Ｔｅｓｔ\u{a0}CA"),
            TestName(octets: Array("Test CA".utf8).flatMap { [0, $0] }, tag: 0x1e), TestName("Test\u{200b} CA"),
        ]
    )
    func authorityInAnotherSpelling(name: TestName) throws {
        #expect(try TestIssuer.make().refusal(subject: name.encoded) == .authorityName)
    }

    @Test(
        "that only resembles the CA's own is not",
        arguments: [
            TestName("Test CA 2"), TestName("TestCA"), TestName([.organization("Test CA")]),
            TestName([.commonName("Test CA")], [.organization("x")]),
        ]
    )
    func similar(name: TestName) throws {
        #expect(try TestIssuer.make().refusal(subject: name.encoded) == nil)
    }
}
