import SwiftASN1
import TestSupport
import Testing
import X509

@testable import CryptographicMessageSyntax

@Suite struct ECPrivateKeyTests {
    @Test(arguments: EllipticCurve.allCases)
    func `a key survives PKCS#8`(curve: EllipticCurve) throws {
        let key = try ECPrivateKey(curve: curve)
        #expect(key.curve == curve)
        #expect(key.publicKey.curve == curve)
        #expect(key.publicKey.kind == .ellipticCurve(curve.objectIdentifier))
        #expect(key.publicKey.rsaBits == nil && !key.publicKey.canReceiveKeys)
        let again = try ECPrivateKey(derEncoded: key.pkcs8)
        #expect(again.pkcs8 == key.pkcs8)
        #expect(again.curve == curve)
        let signature = try again.signature(for: [1], digest: .sha256)
        #expect(try again.signatureAlgorithm(digest: .sha256).isValid(signature, for: [1], under: key.publicKey))
        #expect(try ECPrivateKey(curve: curve).publicKey != key.publicKey)
    }

    @Test(.needsOpenSSL, arguments: EllipticCurve.allCases)
    func `a key of OpenSSL's is read`(curve: EllipticCurve) throws {
        let (pkcs8, rfc5915, publicKey) = try OpenSSL.with { openssl in
            try openssl.run("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:\(curve.rawValue) -outform DER -out key")
            try openssl.run("ec -inform DER -in key -outform DER -out old")
            try openssl.run("pkey -inform DER -in key -pubout -outform DER -out public")
            return (try openssl.read("key"), try openssl.read("old"), try openssl.read("public"))
        }
        for encoded in [pkcs8, rfc5915] {
            let key = try ECPrivateKey(derEncoded: encoded)
            #expect(key.curve == curve)
            #expect(key.publicKey.derEncoded == publicKey)
        }
    }

    @Test(arguments: EllipticCurve.allCases)
    func `what is no key is refused`(curve: EllipticCurve) {
        let bytes = TestKeys.onCurve(curve).pkcs8
        for count in 0..<bytes.count {
            let error = #expect(throws: CMSError.self) { try ECPrivateKey(derEncoded: Array(bytes.prefix(count))) }
            #expect(error?.code == .key)
        }
        for other in [TestKeys.device.pkcs8, TestKeys.onCurve(curve).publicKey.derEncoded] {
            let error = #expect(throws: CMSError.self) { try ECPrivateKey(derEncoded: other) }
            #expect(error?.code == .key)
        }
    }

    @Test(arguments: [DigestAlgorithm.md5, .sha224])
    func `nothing is signed with digests that are only read`(digest: DigestAlgorithm) {
        let keys: [any MessageSigningKey] = [TestKeys.onCurve(.p256), TestKeys.device]
        for key in keys {
            let naming = #expect(throws: CMSError.self) { try key.signatureAlgorithm(digest: digest) }
            #expect(naming?.code == .unsupportedAlgorithm)
            let signing = #expect(throws: CMSError.self) { try key.signature(for: [1], digest: digest) }
            #expect(signing?.code == .unsupportedAlgorithm)
        }
    }

    @Test(arguments: EllipticCurve.allCases, ECDSATests.written)
    func `a request names the algorithm of its key`(curve: EllipticCurve, digest: DigestAlgorithm) throws {
        let key = TestKeys.onCurve(curve)
        let request = try CertificationRequest.make(
            subject: try TestClient.encoded("CN=device.example"),
            publicKey: key.publicKey,
            key: key,
            challengePassword: "correct horse",
            digest: digest
        )
        #expect(request.signatureAlgorithm == (try key.signatureAlgorithm(digest: digest).identifier))
        #expect(try request.verifySignature() == (try key.signatureAlgorithm(digest: digest)))
        let other = try ECPrivateKey(curve: curve).publicKey
        let error = #expect(throws: CMSError.self) { try request.verifySignature(under: other) }
        #expect(error?.code == .signature)
        if digest != .sha1 {
            let read = try CertificateSigningRequest(derEncoded: request.encoded)
            #expect(read.publicKey.isValidSignature(read.signature, for: read))
        }
    }

    /// keyEncipherment would say that something can be encrypted to the key (RFC 8813 §3).
    @Test(arguments: EllipticCurve.allCases)
    func `a self-signed certificate only says digitalSignature`(curve: EllipticCurve) throws {
        let certificate = try Certificate(derEncoded: try ECDSATests.signer(curve).certificate.encoded)
        #expect(try certificate.extensions.keyUsage == KeyUsage(digitalSignature: true))
        #expect(certificate.signatureAlgorithm == .ecdsaWithSHA256)
        #expect(certificate.publicKey.isValidSignature(certificate.signature, for: certificate))
    }
}
