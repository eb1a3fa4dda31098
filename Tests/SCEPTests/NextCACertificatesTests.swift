import CryptographicMessageSyntax
import SwiftASN1
import TestSupport
import Testing

@testable import SCEP

/// The answer to GetNextCACert (RFC 8894 §4.7.1).
@Suite struct NextCACertificatesTests {
    private static func signers() throws -> [CertificateDetails] {
        try [TestPKI.registration, TestPKI.authority].map { try CertificateDetails(encoded: $0.certificate.encoded) }
    }

    private static func content(_ certificates: [[UInt8]]? = nil) throws -> [UInt8] {
        SignedData(certificates: certificates ?? [TestPKI.next.certificate.encoded]).derEncoded()
    }

    /// The answer with some content, signed by some.
    private static func signed(
        _ content: [UInt8],
        by signers: [TestIdentity] = [TestPKI.authority],
        type: ASN1ObjectIdentifier = .CMS.data
    ) throws -> [UInt8] {
        try SignedData.sign(
            content,
            contentType: type,
            signers: signers.map { MessageSigner($0.certificate, key: $0.key) },
            digest: .sha256,
            certificates: signers.map(\.certificate.encoded)
        ).derEncoded()
    }

    private static func read(_ answer: [UInt8]) throws(SCEPError) -> NextCACertificates {
        guard let signers = try? self.signers() else { throw SCEPError(.refused, "no test keys") }
        return try NextCACertificates(berEncoded: answer, signedBy: signers)
    }

    @Test(arguments: [ASN1ObjectIdentifier.CMS.data, .CMS.signedData])
    func `what the CA has signed is believed`(type: ASN1ObjectIdentifier) throws {
        let next = try Self.read(try Self.signed(try Self.content(), type: type))
        #expect(next.certificates.map(\.certificate) == [TestPKI.next.certificate])
        #expect(next.authorities.count == 1)
        #expect(next.signer.certificate == TestPKI.authority.certificate)
        #expect(next.digest == .sha256)
    }

    @Test func `what the RA has signed is believed too`() throws {
        let next = try Self.read(try Self.signed(try Self.content(), by: [TestPKI.registration]))
        #expect(next.signer.certificate == TestPKI.registration.certificate)
    }

    @Test func `of several signers one whom the client knows is enough`() throws {
        let next = try Self.read(try Self.signed(try Self.content(), by: [TestPKI.stranger, TestPKI.authority]))
        #expect(next.signer.certificate == TestPKI.authority.certificate)
    }

    @Test func `the content may be SignedData without a ContentInfo around it`() throws {
        let bare = try ASN1Tree(try Self.content())[1, 0].der
        #expect(try Self.read(try Self.signed(bare, type: .CMS.signedData)).certificates.count == 1)
        let error = #expect(throws: SCEPError.self) { try Self.read(try Self.signed(bare)) }
        #expect(error?.code == .mismatch)
    }

    @Test func `a stranger's signature, a wrong one, or none is not believed`() throws {
        let content = try Self.content()
        let impostor = try TestIdentity("Test CA", key: TestPKI.stranger.key, isAuthority: true)
        let right = try Self.signed(content)
        let tampered = try Self.signed(try Self.content([TestPKI.stranger.certificate.encoded]))
        var tree = try ASN1Tree(right)
        tree[1, 0, 2] = try ASN1Tree(tampered)[1, 0, 2]
        for answer in [
            try Self.signed(content, by: [TestPKI.stranger]), try Self.signed(content, by: [impostor]), content,
            tree.der,
        ] {
            let error = #expect(throws: SCEPError.self) { try Self.read(answer) }
            #expect(error?.code == .integrity)
        }
    }

    @Test func `content that is not certificates of a CA is a mismatch`() throws {
        let device = try TestIdentity("device", key: TestKeys.device, issuer: TestPKI.next, usage: 0x80)
        for content in [
            [], Array("hello".utf8), try Self.content([]), try Self.signed([]),
            try Self.content([device.certificate.encoded]), try Self.content([[0x30, 0x00]]),
        ] {
            let answer = try Self.signed(content)
            let error = #expect(throws: SCEPError.self) { try Self.read(answer) }
            #expect(error?.code == .mismatch)
        }
    }

    @Test func `cut at any byte it is refused, with a bit changed it never traps nor changes`() throws {
        let answer = try Self.signed(try Self.content())
        for count in answer.indices {
            #expect(throws: SCEPError.self) { try Self.read(Array(answer.prefix(count))) }
        }
        for position in answer.indices {
            var changed = answer
            changed[position] ^= 1 << UInt8(position % 8)
            guard let next = try? Self.read(changed) else { continue }
            #expect(next.certificates.map(\.certificate) == [TestPKI.next.certificate], "byte \(position)")
        }
    }
}
