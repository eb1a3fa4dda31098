import Foundation
import SwiftASN1
import TestSupport
import Testing

@testable import CryptographicMessageSyntax

@Suite struct ECDSATests {
    static let written: [DigestAlgorithm] = [.sha1, .sha256, .sha384, .sha512]

    /// A key on a curve with the certificate that a client makes for it.
    static func signer(_ curve: EllipticCurve) throws -> (key: ECPrivateKey, certificate: SignerCertificate) {
        let key = TestKeys.onCurve(curve)
        let certificate = try SelfSignedCertificate.make(
            subject: try TestClient.encoded("CN=\(curve.rawValue)"),
            publicKey: key.publicKey,
            key: key,
            notBefore: Date(timeIntervalSince1970: 1_700_000_000),
            notAfter: Date(timeIntervalSince1970: 2_500_000_000)
        )
        return (key, certificate)
    }

    @Test(arguments: EllipticCurve.allCases, Self.written)
    func `what is signed is verified`(curve: EllipticCurve, digest: DigestAlgorithm) throws {
        let key = TestKeys.onCurve(curve)
        let message = Array("a message".utf8)
        let signature = try key.signature(for: message, digest: digest)
        let algorithm = try key.signatureAlgorithm(digest: digest)
        #expect(algorithm.scheme == .ecdsa)
        #expect(algorithm.digest == digest && algorithm.weakestDigest == digest)
        #expect(algorithm.isValid(signature, for: message, under: key.publicKey))
        #expect(!algorithm.isValid(signature, for: message + [0], under: key.publicKey))
        for other in EllipticCurve.allCases where other != curve {
            #expect(!algorithm.isValid(signature, for: message, under: TestKeys.onCurve(other).publicKey))
        }
        for other in DigestAlgorithm.allCases where other != digest && other != .md5 {
            let algorithm = try SignatureAlgorithm(.ecdsa, digest: other)
            #expect(!algorithm.isValid(signature, for: message, under: key.publicKey))
        }
    }

    @Test(.needsOpenSSL, arguments: EllipticCurve.allCases, ["sha1", "sha224", "sha256", "sha384", "sha512"])
    func `a message of OpenSSL's is verified`(curve: EllipticCurve, digest: String) throws {
        let (key, certificate) = try Self.signer(curve)
        let message = try OpenSSL.signed(key: key.pkcs8, certificate: certificate, "-md \(digest)")
        let signer = try message.soleSigner()
        #expect(try signer.signatureAlgorithm.scheme == .ecdsa)
        #expect(try signer.signatureAlgorithm.digest == signer.digest)
        try message.verify(signer)
        // Some signers write the key's algorithm for the signature's, the digest being named beside it.
        var info = signer.info
        info.signatureAlgorithm = AlgorithmIdentifier(.Algorithm.ecPublicKey)
        try message.verify(Signer(info: info, certificate: signer.certificate))
        info.signature[info.signature.count - 1] ^= 1
        let error = #expect(throws: CMSError.self) {
            try message.verify(Signer(info: info, certificate: signer.certificate))
        }
        #expect(error?.code == .signature)
    }

    @Test(.needsOpenSSL, arguments: EllipticCurve.allCases, Self.written)
    func `OpenSSL verifies a message of ours`(curve: EllipticCurve, digest: DigestAlgorithm) throws {
        let (key, certificate) = try Self.signer(curve)
        let message = try SignedData.sign(
            Examples.content,
            attributes: [],
            key: key,
            signer: certificate.identifier,
            digest: digest,
            certificates: [certificate.encoded]
        )
        #expect(message.signerInfos[0].signatureAlgorithm == (try key.signatureAlgorithm(digest: digest).identifier))
        #expect(message.signerInfos[0].signatureAlgorithm.parameters == nil)
        try OpenSSL.with { openssl in
            try openssl.write(["message": message.derEncoded()])
            try openssl.run("cms -verify -noverify -binary -inform DER -in message -out content")
            #expect(try openssl.read("content") == Examples.content)
        }
    }

    /// An ECDSA signature can be valid for RSA no more than the other way round.
    @Test func `a key of another type verifies nothing`() throws {
        let message = Array("a message".utf8)
        let rsa = TestKeys.device
        let ec = TestKeys.onCurve(.p256)
        let byRSA = try rsa.signature(for: message, digest: .sha256)
        let byEC = try ec.signature(for: message, digest: .sha256)
        let schemes: [SignatureAlgorithm.Scheme] = [
            .rsaPKCS1, .rsaPSS(maskDigest: .sha256, saltLength: 32), .ecdsa,
        ]
        for (number, scheme) in schemes.enumerated() {
            let algorithm = try SignatureAlgorithm(scheme, digest: .sha256)
            #expect(algorithm.isValid(byRSA, for: message, under: rsa.publicKey) == (number == 0))
            #expect(!algorithm.isValid(byRSA, for: message, under: ec.publicKey))
            #expect(algorithm.isValid(byEC, for: message, under: ec.publicKey) == (number == 2))
            #expect(!algorithm.isValid(byEC, for: message, under: rsa.publicKey))
        }
    }

    @Test(arguments: EllipticCurve.allCases)
    func `a damaged signature is refused`(curve: EllipticCurve) throws {
        let key = TestKeys.onCurve(curve)
        let signature = try key.signature(for: [1], digest: .sha256)
        let algorithm = try SignatureAlgorithm(.ecdsa, digest: .sha256)
        for index in signature.indices {
            var changed = signature
            changed[index] ^= 0x01
            #expect(!algorithm.isValid(changed, for: [1], under: key.publicKey))
        }
        for changed in [[], [0x30, 0x00], Array(signature.dropLast()), signature + [0]] {
            #expect(!algorithm.isValid(changed, for: [1], under: key.publicKey))
        }
        // r and s of zero would verify everywhere where somebody forgot to look.
        #expect(!algorithm.isValid([0x30, 0x06, 2, 1, 0, 2, 1, 0], for: [1], under: key.publicKey))
    }

    @Test(arguments: EllipticCurve.allCases)
    func `a damaged key verifies nothing`(curve: EllipticCurve) throws {
        let key = TestKeys.onCurve(curve)
        let signature = try key.signature(for: [1], digest: .sha256)
        let algorithm = try SignatureAlgorithm(.ecdsa, digest: .sha256)
        let tree = try ASN1Tree(key.publicKey.derEncoded)
        var offCurve = tree
        offCurve[1].octets[tree[1].octets.count - 1] ^= 1
        var empty = tree
        empty[1].octets = [0]
        var infinity = tree
        infinity[1].octets = [0, 0]
        var otherCurve = tree
        otherCurve[0, 1] = try ASN1Tree(TestKeys.onCurve(curve == .p256 ? .p384 : .p256).publicKey.derEncoded)[0, 1]
        for changed in [offCurve, empty, infinity, otherCurve] {
            let changed = try SubjectPublicKeyInfo(derEncoded: changed.der)
            #expect(changed.curve != nil)
            #expect(!algorithm.isValid(signature, for: [1], under: changed))
        }
    }

    @Test func `ECDSA has no MD5`() throws {
        let error = #expect(throws: CMSError.self) { try SignatureAlgorithm(.ecdsa, digest: .md5) }
        #expect(error?.code == .unsupportedAlgorithm)
        let named = #expect(throws: CMSError.self) {
            try SignatureAlgorithm(AlgorithmIdentifier(.Algorithm.ecPublicKey), digest: .md5)
        }
        #expect(named?.code == .unsupportedAlgorithm)
    }

    @Test(arguments: [DigestAlgorithm.sha1, .sha224, .sha256, .sha384, .sha512])
    func `an algorithm finds itself by its identifier, with NULL or without`(digest: DigestAlgorithm) throws {
        let algorithm = try SignatureAlgorithm(.ecdsa, digest: digest)
        #expect(algorithm.identifier.parameters == nil)
        #expect(try SignatureAlgorithm(algorithm.identifier) == algorithm)
        let withNull = AlgorithmIdentifier(algorithm.identifier.algorithm, parameters: AlgorithmIdentifier.null)
        #expect(try SignatureAlgorithm(withNull) == algorithm)
        #expect(try SignatureAlgorithm(AlgorithmIdentifier(.Algorithm.ecPublicKey), digest: digest) == algorithm)
    }
}
