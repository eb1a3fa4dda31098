import SwiftASN1
import TestSupport
import Testing

@testable import CryptographicMessageSyntax

/// Request certificates are carriers of a key; thirty years of clients made them in every way.
@Suite struct SignerCertificateTests {
    struct Oddity: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var change: @Sendable (inout ASN1Tree) throws -> Void

        init(_ description: String, _ change: @escaping @Sendable (inout ASN1Tree) throws -> Void) {
            self.testDescription = description
            self.change = change
        }
    }

    @Test(arguments: [
        Oddity("nothing") { _ in },
        Oddity("version 1, no extensions") { tree in
            tree[0].children.remove(at: 7)
            tree[0].children.remove(at: 0)
        },
        Oddity("version 1 with extensions") { $0[0].children.remove(at: 0) },
        Oddity("version 4") { $0[0, 0, 0].octets = [3] },
        Oddity("dates that are none") { tree in
            tree[0, 4, 0].octets = Array("999999999999Z".utf8)
            tree[0, 4, 1].octets = Array("soon".utf8)
        },
        Oddity("no dates") { $0[0, 4].children = [] },
        Oddity("unique identifiers") { tree in
            tree[0].children.insert(ASN1Tree(tag: 0x82, octets: [0, 1]), at: 7)
            tree[0].children.insert(ASN1Tree(tag: 0x81, octets: [0, 1]), at: 7)
        },
        Oddity("a critical extension that nobody knows") { tree in
            let extensionID = ASN1Tree(tag: 0x06, octets: [0x2a, 0x03])
            let critical = ASN1Tree(tag: 0x01, octets: [0xff])
            tree[0, 7, 0].children.append(
                ASN1Tree(tag: 0x30, children: [extensionID, critical, ASN1Tree(tag: 0x04, octets: [])])
            )
        },
        Oddity("extensions that are none") { $0[0, 7, 0].children = [ASN1Tree(tag: 0x05, octets: [])] },
        Oddity("signature algorithms that do not match") { $0[1, 0].octets = [0x2a, 0x03] },
        Oddity("no signature") { $0.children.removeLast() },
    ])
    func `an odd certificate still has its key`(oddity: Oddity) throws {
        let device = try Examples.device.get()
        let certificate = try SignerCertificate(encoded: try Examples.certificate(oddity.change))
        #expect(certificate.publicKey == device.certificate.publicKey)
        #expect(certificate.subject == device.subject)
        #expect(certificate.identifier == device.certificate.identifier)
        #expect(certificate.isSelfIssued)
        #expect(certificate.subjectKeyIdentifier == nil)
    }

    @Test(arguments: [
        ("zero", "00", "00"), ("one", "01", "01"), ("a leading zero that is needed", "00 80", "00 80"),
        ("leading zeros that are not", "00 00 00 7f", "7f"), ("negative", "ff 7f", "ff 7f"),
        ("negative, in more bytes than needed", "ff ff 80", "80"), ("minus one", "ff ff ff", "ff"),
        ("20 bytes", "7f" + String(repeating: "aa", count: 19), "7f" + String(repeating: "aa", count: 19)),
    ])
    func `a serial number is the same however it is written`(what: String, written: String, read: String) throws {
        let certificate = try SignerCertificate(
            encoded: try Examples.certificate { $0[0, 1].octets = [UInt8](hex: written) }
        )
        #expect(certificate.identifier.serialNumber == [UInt8](hex: read))
        let identifier = IssuerAndSerialNumber(issuer: certificate.subject, serialNumber: [UInt8](hex: written))
        let encoded = DERWriter.encode { $0.serialize(identifier) }
        let again = try decodeBER(encoded[...], as: "identifier", IssuerAndSerialNumber.init(node:))
        #expect(certificate.matches(.issuerAndSerialNumber(again)))
    }

    @Test(arguments: ["", "80"])
    func `numbers that differ do not match`(other: String) throws {
        let certificate = try SignerCertificate(encoded: try Examples.certificate { $0[0, 1].octets = [0x00, 0x80] })
        let identifier = IssuerAndSerialNumber(issuer: certificate.subject, serialNumber: [UInt8](hex: other))
        #expect(!certificate.matches(.issuerAndSerialNumber(identifier)))
    }

    @Test func `a key identifier is read and matched`() throws {
        let certificate = try SignerCertificate(encoded: try Examples.certificate(keyIdentifier: [1, 2, 3]))
        #expect(certificate.subjectKeyIdentifier == [1, 2, 3])
        #expect(certificate.matches(.subjectKeyIdentifier([1, 2, 3])))
        #expect(!certificate.matches(.subjectKeyIdentifier([1, 2])))
        #expect(try !Examples.device.get().certificate.matches(.subjectKeyIdentifier([])))
    }

    /// Not even a name of zero bytes: what is needed has to be there.
    @Test(arguments: [
        Oddity("no key") { $0[0].children.removeSubrange(6...) },
        Oddity("a key that is none") { $0[0, 6].children = [] },
        Oddity("a serial number that is text") { $0[0, 1].tag = 0x0c },
        Oddity("an empty serial number") { $0[0, 1].octets = [] },
        Oddity("nothing in it") { $0.children = [] },
        Oddity("a SET") { $0.tag = 0x31 },
    ])
    func `a certificate without what is needed is malformed`(oddity: Oddity) throws {
        let bytes = try Examples.certificate(oddity.change)
        let error = #expect(throws: CMSError.self) { try SignerCertificate(encoded: bytes) }
        #expect(error?.code == .malformed)
    }

    @Test func `every truncation is malformed`() throws {
        let bytes = try Examples.device.get().certificate.encoded
        for count in 0..<bytes.count {
            let error = #expect(throws: CMSError.self) { try SignerCertificate(encoded: Array(bytes.prefix(count))) }
            #expect(error?.code == .malformed, "cut after \(count) bytes")
        }
    }
}
