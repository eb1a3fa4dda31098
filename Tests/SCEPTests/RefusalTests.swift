import CryptographicMessageSyntax
import SwiftASN1
import TestSupport
import Testing

@testable import SCEP

/// What a server refuses once a message can be answered, by the code that decides on the failInfo.
@Suite struct RefusalTests {
    private static func verify(_ bytes: [UInt8], at level: AlgorithmLevel = .legacy) throws -> PKIMessage {
        try UnverifiedPKIMessage(berEncoded: bytes).verified(at: level)
    }

    @Test func `a wrong signature or digest is an integrity error`() throws {
        let whole = try ASN1Tree(try Exchange.encoded(try Exchange.pkiRequest()))
        var signature = whole
        signature[1, 0, 4, 0, 5].octets[0] ^= 1
        var content = whole
        content[1, 0, 2, 1, 0].octets[200] ^= 1
        var absent = whole
        absent[1, 0, 2].children.removeLast()
        for tree in [signature, content, absent] {
            let error = #expect(throws: SCEPError.self) { try Self.verify(tree.der) }
            #expect(error?.code == .integrity)
        }
    }

    /// Which of several signed attributes is wrong does not matter: all of them belong to the signature.
    @Test func `a changed attribute is an integrity error`() throws {
        let whole = try ASN1Tree(try Exchange.encoded(try Exchange.pkiRequest()))
        var changed = 0
        for number in whole[1, 0, 4, 0, 3].children.indices {
            var tree = whole
            guard tree[1, 0, 4, 0, 3, number, 1, 0].tag == 0x04 else { continue }
            tree[1, 0, 4, 0, 3, number, 1, 0].octets[0] ^= 1
            let error = #expect(throws: SCEPError.self) { try Self.verify(tree.der) }
            #expect(error?.code == .integrity)
            changed += 1
        }
        #expect(changed == 2)
    }

    @Test func `an unknown digest or signature algorithm is an algorithm error`() throws {
        let whole = try ASN1Tree(try Exchange.encoded(try Exchange.pkiRequest()))
        for position in [2, 4] {
            var tree = whole
            tree[1, 0, 4, 0, position, 0].octets = [0x2a, 0x03]
            let error = #expect(throws: SCEPError.self) { try Self.verify(tree.der) }
            #expect(error?.code == .algorithm)
        }
    }

    @Test func `a signer without RSA is an algorithm error`() throws {
        var tree = try ASN1Tree(try Exchange.encoded(try Exchange.pkiRequest()))
        // id-ecPublicKey in place of rsaEncryption
        tree[1, 0, 3, 0, 0, 6, 0, 0].octets = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]
        let error = #expect(throws: SCEPError.self) { try Self.verify(tree.der) }
        #expect(error?.code == .algorithm)
    }

    @Test(arguments: [
        ("nothing", [UInt8]()), ("no CMS", [0x30, 0x00]), ("text", Array("hello".utf8)),
        ("signed data", SignedData(certificates: []).derEncoded()),
    ])
    func `a message without an envelope is bad content`(what: String, content: [UInt8]) throws {
        let bytes = try Exchange.signed(Exchange.attributes(), content: content)
        let error = #expect(throws: SCEPError.self) { try Self.verify(bytes) }
        #expect(error?.code == .badContent)
    }

    @Test func `an encrypted content that is not data is bad content`() throws {
        var tree = try ASN1Tree(try Self.envelope())
        tree[1, 0, 2, 0].octets[8] = 2  // signedData
        let bytes = try Exchange.signed(Exchange.attributes(), content: tree.der)
        let error = #expect(throws: SCEPError.self) { try Self.verify(bytes) }
        #expect(error?.code == .badContent)
    }

    /// A contentType that agrees with its attribute, but is not data (RFC 8894 §3.2).
    @Test func `a signed content that is not data is bad content`() throws {
        let device = try Exchange.device.get()
        var signedData = try SignedData(
            berEncoded: try Exchange.signed(Exchange.attributes(), content: try Self.envelope())
        )
        var tree = try ASN1Tree(signedData.derEncoded())
        let attributes = tree[1, 0, 4, 0, 3].children
        for number in attributes.indices where attributes[number][0].octets.last == 3 {
            guard attributes[number][1, 0].tag == 0x06 else { continue }
            tree[1, 0, 4, 0, 3, number, 1, 0].octets[8] = 3
        }
        tree[1, 0, 2, 0].octets[8] = 3
        let signed = ASN1Tree(tag: 0x31, children: tree[1, 0, 4, 0, 3].children).der
        tree[1, 0, 4, 0, 5].octets = try device.key.signature(for: signed, digest: .sha256)
        signedData = try SignedData(berEncoded: tree.der)
        try signedData.verify(try signedData.soleSigner())
        let error = #expect(throws: SCEPError.self) { try Self.verify(tree.der) }
        #expect(error?.code == .badContent)
    }

    @Test func `an unknown cipher is an algorithm error`() throws {
        var tree = try ASN1Tree(try Self.envelope())
        tree[1, 0, 2, 1, 0].octets = [0x2a, 0x03]
        let bytes = try Exchange.signed(Exchange.attributes(), content: tree.der)
        let error = #expect(throws: SCEPError.self) { try Self.verify(bytes) }
        #expect(error?.code == .algorithm)
    }

    @Test func `an envelope for someone else names no recipient of ours`() throws {
        let message = try Self.verify(try Exchange.encoded(try Exchange.pkiRequest()))
        let device = try Exchange.device.get()
        for certificates in [[], [device.certificate]] {
            let error = #expect(throws: SCEPError.self) { try message.recipient(among: certificates) }
            #expect(error?.code == .recipient)
        }
    }

    @Test func `an unknown key transport is an algorithm error`() throws {
        var tree = try ASN1Tree(try Self.envelope())
        tree[1, 0, 1, 0, 2, 0].octets = [0x2a, 0x03]
        let bytes = try Exchange.signed(Exchange.attributes(), content: tree.der)
        let message = try Self.verify(bytes)
        let error = #expect(throws: SCEPError.self) {
            try message.recipient(among: [try Exchange.server.get().certificate])
        }
        #expect(error?.code == .algorithm)
    }

    @Test func `whatever is wrong inside the envelope has one code`() throws {
        let server = try Exchange.server.get()
        var signature = try ASN1Tree(try Exchange.request().encoded)
        signature[2].octets[1] ^= 1
        let foreign = try CertificationRequest.make(
            subject: server.subject,
            publicKey: server.certificate.publicKey,
            key: server.key
        ).encoded
        let challenge = try Attribute(.PKCS.challengePassword, value: ASN1UTF8String("a"))
        let device = try Exchange.device.get()
        let doubled = try CertificationRequest.make(
            subject: device.subject,
            publicKey: device.certificate.publicKey,
            key: device.key,
            attributes: [challenge, challenge]
        ).encoded
        for content in [[], [0x30, 0x00], Array("garbage".utf8), signature.der, foreign, doubled] {
            let message = try Self.verify(try Exchange.encoded(try Exchange.pkiRequest(content: content)))
            let error = #expect(throws: SCEPError.self) {
                try message.openedRequest(
                    as: server.certificate, with: server.key, allowingOtherKey: false, at: .legacy)
            }
            #expect(error?.code == .envelope)
        }
        // The wrong key, for which the random one in its place may by chance give a padding, but never a request.
        let message = try Self.verify(try Exchange.encoded(try Exchange.pkiRequest()))
        let error = #expect(throws: SCEPError.self) {
            try message.openedRequest(as: server.certificate, with: device.key, allowingOtherKey: false, at: .legacy)
        }
        #expect(error?.code == .envelope)
    }

    /// Nothing may be issued that cannot be delivered: such a key verifies (at `legacy`), but encrypts nothing.
    @Test func `a signer to whom no answer can be encrypted is an algorithm error`() throws {
        let server = try Exchange.server.get()
        let whole = try Self.verify(try Exchange.encoded(try Exchange.pkiRequest()))
        var tree = try ASN1Tree(whole.signerCertificate.encoded)
        var key = try ASN1Tree(Array(tree[0, 6, 1].octets.dropFirst()))
        key[0].octets = key[0].octets.suffix(64)
        key[0].octets[0] &= 0x7f
        tree[0, 6, 1].octets = [0] + key.der
        var message = try ASN1Tree(try Exchange.encoded(try Exchange.pkiRequest()))
        message[1, 0, 3].children = [tree]
        let small = PKIMessage(
            unverified: try UnverifiedPKIMessage(berEncoded: message.der),
            digest: whole.digest,
            contentEncryption: whole.contentEncryption,
            envelope: whole.envelope
        )
        let error = #expect(throws: SCEPError.self) {
            try small.openedRequest(as: server.certificate, with: server.key, allowingOtherKey: false, at: .legacy)
        }
        #expect(error?.code == .algorithm)
    }

    /// A renewal brings a new key, signed for by the old one.
    @Test func `a renewal may ask for another key`() throws {
        let server = try Exchange.server.get()
        let foreign = try CertificationRequest.make(
            subject: server.subject,
            publicKey: server.certificate.publicKey,
            key: server.key
        )
        let bytes = try Exchange.encoded(try Exchange.pkiRequest(.renewalReq, content: foreign.encoded))
        let opened = try Self.verify(bytes)
            .openedRequest(as: server.certificate, with: server.key, allowingOtherKey: true, at: .legacy)
        #expect(opened.request == foreign)
    }

    private static func envelope() throws -> [UInt8] {
        try EnvelopedData.seal(
            try Exchange.request().encoded,
            for: [try Exchange.server.get().certificate],
            cipher: .aes128
        ).derEncoded()
    }
}
