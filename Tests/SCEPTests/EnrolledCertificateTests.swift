import CryptographicMessageSyntax
import SwiftASN1
import TestSupport
import Testing

@testable import SCEP

/// What a client takes out of a SUCCESS.
@Suite struct EnrolledCertificateTests {
    private static func leaf() throws -> TestIdentity {
        try TestIdentity("device.example", key: TestKeys.device, issuer: TestPKI.authority, serialNumber: 7)
    }

    private static func answer(certificates: [[UInt8]], crls: [[UInt8]] = []) throws -> VerifiedCertRep {
        let request = try Exchange.pkiRequest()
        let answer = try Exchange.answer(
            .success(certificates: certificates, crls: crls),
            to: try Exchange.encoded(request)
        )
        return try Exchange.verified(answer, answering: request)
    }

    @Test func `the certificate is the one with the requested key, wherever it is`() throws {
        let leaf = try Self.leaf().certificate.encoded
        let others = [TestPKI.authority.certificate.encoded, TestPKI.stranger.certificate.encoded]
        for position in 0...2 {
            var certificates = others
            certificates.insert(leaf, at: position)
            let (certificate, rest) = try Self.answer(certificates: certificates).enrolled(TestKeys.device.publicKey)
            #expect(certificate.certificate.encoded == leaf)
            #expect(rest.map(\.certificate.encoded) == others)
        }
    }

    @Test func `a certificate for another key is a mismatch`() throws {
        let answer = try Self.answer(certificates: [TestPKI.authority.certificate.encoded])
        let error = #expect(throws: SCEPError.self) { try answer.enrolled(TestKeys.device.publicKey) }
        #expect(error?.code == .mismatch)
    }

    @Test func `one that cannot be read is passed over`() throws {
        let leaf = try Self.leaf().certificate.encoded
        let answer = try Self.answer(certificates: [[0x30, 0x00], leaf])
        #expect(try answer.enrolled(TestKeys.device.publicKey).certificate.certificate.encoded == leaf)
    }

    @Test func `GetCert's answer has the number that was asked for`() throws {
        let leaf = try Self.leaf()
        let answer = try Self.answer(certificates: [TestPKI.authority.certificate.encoded, leaf.certificate.encoded])
        let found = try answer.certificate(leaf.certificate.identifier).certificate
        #expect(found.certificate == leaf.certificate)
        let other = IssuerAndSerialNumber(issuer: leaf.certificate.identifier.issuer, serialNumber: [8])
        #expect(throws: SCEPError.self) { try answer.certificate(other) }
    }

    @Test func `GetCRL's answer is of the CA that was asked`() throws {
        let crl = try TestPKI.authority.crl(revoking: [3])
        let answer = try Self.answer(certificates: [], crls: [[0x30, 0x00], try TestPKI.stranger.crl(), crl])
        #expect(try answer.crl(of: TestPKI.authority.certificate.subject).encoded == crl)
        #expect(throws: SCEPError.self) { try answer.crl(of: TestPKI.next.certificate.subject) }
    }

    @Test func `PENDING and FAILURE have no certificate`() throws {
        let request = try Exchange.pkiRequest()
        for rep in [CertRep.pending, .failure(.badRequest, text: "no")] {
            let bytes = try Exchange.answer(rep, to: try Exchange.encoded(request))
            let answer = try Exchange.verified(bytes, answering: request)
            let error = #expect(throws: SCEPError.self) { try answer.enrolled(TestKeys.device.publicKey) }
            #expect(error?.code == .mismatch)
            #expect(throws: SCEPError.self) { try answer.crl(of: []) }
        }
    }

    /// A SUCCESS with any content in its envelope.
    private static func answer(containing content: [UInt8]) throws -> VerifiedCertRep {
        let (device, server) = (try Exchange.device.get(), try Exchange.server.get())
        let request = try Exchange.pkiRequest()
        let envelope = try EnvelopedData.seal(content, for: [device.certificate], cipher: .aes128).derEncoded()
        let answer = try SignedData.sign(
            envelope,
            attributes: [
                .printable(.SCEP.messageType, "3".utf8), .printable(.SCEP.transactionID, Exchange.transactionID.utf8),
                .printable(.SCEP.pkiStatus, "0".utf8), .octets(.SCEP.recipientNonce, request.senderNonce),
            ],
            key: server.key,
            signer: server.certificate.identifier,
            digest: .sha256,
            certificates: []
        ).derEncoded()
        return try Exchange.verified(answer, answering: request)
    }

    @Test func `what is enveloped only carries certificates: no signer, and not nothing`() throws {
        let server = try Exchange.server.get()
        let signed = try SignedData.sign(
            [],
            attributes: [],
            key: server.key,
            signer: server.certificate.identifier,
            digest: .sha256,
            certificates: [try Self.leaf().certificate.encoded]
        ).derEncoded()
        for content in [signed, SignedData(certificates: []).derEncoded()] {
            let error = #expect(throws: SCEPError.self) { try Self.answer(containing: content) }
            #expect(error?.code == .mismatch)
        }
        let right = SignedData(certificates: [try Self.leaf().certificate.encoded]).derEncoded()
        #expect(try Self.answer(containing: right).answer.status == .success)
    }
}
