import SwiftASN1
import TestSupport
import Testing

@testable import CryptographicMessageSyntax

/// Messages that a CA and its RA both sign, for clients that trust only one of them.
@Suite struct SeveralSignersTests {
    private static let authorities = Result {
        (rsa: try Examples.device.get(), other: try Examples.other.get(), elliptic: try ECDSATests.signer(.p384))
    }

    private static func signed(contentType: ASN1ObjectIdentifier = .CMS.data) throws -> SignedData {
        let (rsa, other, elliptic) = try self.authorities.get()
        let message = try SignedData.sign(
            Examples.content,
            contentType: contentType,
            signers: [
                MessageSigner(rsa.certificate, key: rsa.key),
                MessageSigner(other.certificate.identifier, key: other.key),
                MessageSigner(elliptic.certificate, key: elliptic.key),
            ],
            digest: .sha256,
            certificates: [elliptic.certificate.encoded, rsa.certificate.encoded, other.certificate.encoded]
        )
        return try SignedData(berEncoded: message.derEncoded())
    }

    @Test func `each signer is found and verified`() throws {
        let message = try Self.signed()
        #expect(message.signerInfos.count == 3)
        let (rsa, other, elliptic) = try Self.authorities.get()
        for certificate in [rsa.certificate, other.certificate, elliptic.certificate] {
            let signer = try message.signer(among: [certificate])
            #expect(signer.certificate == certificate)
            try message.verify(signer)
        }
        let error = #expect(throws: CMSError.self) { try message.soleSigner() }
        #expect(error?.code == .signerCount)
    }

    @Test func `each names its own algorithm`() throws {
        let message = try Self.signed()
        let (rsa, _, elliptic) = try Self.authorities.get()
        let byRSA = try message.signer(among: [rsa.certificate])
        #expect(byRSA.info.signatureAlgorithm.algorithm == .Algorithm.rsaEncryption)
        let byCurve = try message.signer(among: [elliptic.certificate])
        #expect(byCurve.info.signatureAlgorithm == AlgorithmIdentifier(.Algorithm.ecdsaWithSHA256))
        #expect(byRSA.info.signedAttributes == byCurve.info.signedAttributes)
        // One digest, however many signers.
        #expect(try ASN1Tree(message.derEncoded())[1, 0, 1].children.count == 1)
    }

    @Test func `the first of the expected certificates is preferred`() throws {
        let message = try Self.signed()
        let (rsa, other, elliptic) = try Self.authorities.get()
        for order in [[rsa.certificate, elliptic.certificate], [elliptic.certificate, rsa.certificate]] {
            #expect(try message.signer(among: order).certificate == order[0])
        }
        let stranger = try ECDSATests.signer(.p521).certificate
        #expect(try message.signer(among: [stranger, other.certificate]).certificate == other.certificate)
    }

    @Test func `a message that nobody expected signed is refused`() throws {
        let message = try Self.signed()
        let stranger = try ECDSATests.signer(.p521).certificate
        let unsigned = SignedData(certificates: [stranger.encoded])
        for (message, expected) in [(message, [stranger]), (message, []), (unsigned, [stranger])] {
            let error = #expect(throws: CMSError.self) { try message.signer(among: expected) }
            #expect(error?.code == .signerCertificate)
        }
    }

    /// Who is expected has to have signed: a certificate that bears the same name and number is not enough.
    @Test func `an impostor's certificate does not verify`() throws {
        let message = try Self.signed()
        let impostor = try SignerCertificate(encoded: try Examples.impostor())
        let signer = try message.signer(among: [impostor])
        let error = #expect(throws: CMSError.self) { try message.verify(signer) }
        #expect(error?.code == .signature)
    }

    @Test func `one wrong signature leaves the others right`() throws {
        var message = try Self.signed()
        let (rsa, other, elliptic) = try Self.authorities.get()
        let index = try #require(message.signerInfos.firstIndex { rsa.certificate.matches($0.signer) })
        message.signerInfos[index].signature[0] ^= 1
        let changed = message
        let signer = try changed.signer(among: [rsa.certificate])
        let error = #expect(throws: CMSError.self) { try changed.verify(signer) }
        #expect(error?.code == .signature)
        for certificate in [other.certificate, elliptic.certificate] {
            try changed.verify(try changed.signer(among: [certificate]))
        }
    }

    /// RFC 5652 §5.1: version 3 for what PKCS#7 did not have.
    @Test func `another type of content is signed, with version 3`() throws {
        let message = try Self.signed(contentType: .CMS.signedData)
        #expect(message.contentType == .CMS.signedData)
        try message.verify(try message.signer(among: [try Examples.device.get().certificate]))
        #expect(try ASN1Tree(message.derEncoded())[1, 0, 0].octets == [3])
        #expect(try Examples.signed()[1, 0, 0].octets == [1])
    }

    @Test func `a message is signed by somebody`() {
        let error = #expect(throws: CMSError.self) {
            try SignedData.sign([1], signers: [], digest: .sha256, certificates: [])
        }
        #expect(error?.code == .signerCount)
    }

    /// RSASSA-PKCS1-v1_5 gives the same signature every time, so the whole message is the same.
    @Test func `the short form for one signer writes the same bytes`() throws {
        let device = try Examples.device.get()
        let attributes = [try Attribute([1, 2, 3], value: ASN1UTF8String("anything"))]
        let short = try SignedData.sign(
            Examples.content,
            attributes: attributes,
            key: device.key,
            signer: device.certificate.identifier,
            digest: .sha256,
            certificates: [device.certificate.encoded]
        )
        let long = try SignedData.sign(
            Examples.content,
            attributes: attributes,
            signers: [MessageSigner(device.certificate, key: device.key)],
            digest: .sha256,
            certificates: [device.certificate.encoded]
        )
        #expect(short.derEncoded() == long.derEncoded())
    }

    @Test(.needsOpenSSL) func `OpenSSL verifies every signer`() throws {
        let bytes = try Self.signed().derEncoded()
        try OpenSSL.with { openssl in
            try openssl.write(["message": bytes])
            try openssl.run("cms -verify -noverify -binary -inform DER -in message -out content")
            #expect(try openssl.read("content") == Examples.content)
        }
    }
}
