import SwiftASN1
import TestSupport
import Testing

@testable import CryptographicMessageSyntax

/// RSASSA-PSS as OpenSSL signs it; nothing of ours does.
@Suite(.needsOpenSSL) struct PSSSignatureTests {
    private static func name(_ digest: DigestAlgorithm) -> String {
        digest.rawValue.replacing("-", with: "").lowercased()
    }

    private static func signature(
        of message: [UInt8],
        by key: RSAPrivateKey,
        _ digest: DigestAlgorithm,
        mask: DigestAlgorithm,
        saltLength: Int
    ) throws -> [UInt8] {
        try OpenSSL.with { openssl in
            try openssl.write(["key": key.pkcs8, "message": message])
            try openssl.run(
                "dgst -\(Self.name(digest)) -sign key -keyform DER -sigopt rsa_padding_mode:pss "
                    + "-sigopt rsa_mgf1_md:\(Self.name(mask)) -sigopt rsa_pss_saltlen:\(saltLength) "
                    + "-out signature message"
            )
            return try openssl.read("signature")
        }
    }

    @Test(arguments: PSSParametersTests.digests, PSSParametersTests.digests)
    func `every pair of digests is verified`(digest: DigestAlgorithm, mask: DigestAlgorithm) throws {
        let key = TestKeys.device
        let message = Array("a message".utf8)
        let signature = try Self.signature(of: message, by: key, digest, mask: mask, saltLength: 20)
        for other in PSSParametersTests.digests {
            let byDigest = try SignatureAlgorithm(.rsaPSS(maskDigest: mask, saltLength: 20), digest: other)
            #expect(byDigest.isValid(signature, for: message, under: key.publicKey) == (other == digest))
            let byMask = try SignatureAlgorithm(.rsaPSS(maskDigest: other, saltLength: 20), digest: digest)
            #expect(byMask.isValid(signature, for: message, under: key.publicKey) == (other == mask))
        }
        let algorithm = try SignatureAlgorithm(.rsaPSS(maskDigest: mask, saltLength: 20), digest: digest)
        #expect(!algorithm.isValid(signature, for: message + [0], under: key.publicKey))
        #expect(!algorithm.isValid(signature, for: message, under: TestKeys.otherDevice.publicKey))
        for changed in [[], Array(signature.dropLast()), [0] + signature, signature.map { $0 ^ 1 }] {
            #expect(!algorithm.isValid(changed, for: message, under: key.publicKey))
        }
    }

    /// The longest salt that a key of 2048 bits has room for is 222 bytes with SHA-256.
    @Test(arguments: [0, 1, 20, 32, 64, 222])
    func `every length of salt is verified, and no other`(saltLength: Int) throws {
        let key = TestKeys.device
        let signature = try Self.signature(of: [1], by: key, .sha256, mask: .sha256, saltLength: saltLength)
        for other in [0, 1, 20, 32, 64, 222, 223, 1024] {
            let algorithm = try SignatureAlgorithm(.rsaPSS(maskDigest: .sha256, saltLength: other), digest: .sha256)
            #expect(algorithm.isValid(signature, for: [1], under: key.publicKey) == (other == saltLength))
        }
    }

    @Test(arguments: [
        ("-md sha256", SignatureAlgorithm.Scheme.rsaPSS(maskDigest: .sha256, saltLength: 222)),
        ("-md sha256 -keyopt rsa_pss_saltlen:digest", .rsaPSS(maskDigest: .sha256, saltLength: 32)),
        ("-md sha512 -keyopt rsa_pss_saltlen:20 -keyopt rsa_mgf1_md:sha1", .rsaPSS(maskDigest: .sha1, saltLength: 20)),
        ("-md sha1 -keyopt rsa_pss_saltlen:20", .rsaPSS(maskDigest: .sha1, saltLength: 20)),
        ("-md sha384 -keyopt rsa_pss_saltlen:0", .rsaPSS(maskDigest: .sha384, saltLength: 0)),
    ])
    func `a message is verified`(options: String, scheme: SignatureAlgorithm.Scheme) throws {
        let device = try Examples.device.get()
        let message = try OpenSSL.signed(
            key: device.key.pkcs8,
            certificate: device.certificate,
            "-keyopt rsa_padding_mode:pss \(options)"
        )
        let signer = try message.soleSigner()
        #expect(try signer.signatureAlgorithm.scheme == scheme)
        #expect(try signer.signatureAlgorithm.digest == signer.digest)
        try message.verify(signer)
        var info = signer.info
        info.signature[7] ^= 1
        let error = #expect(throws: CMSError.self) {
            try message.verify(Signer(info: info, certificate: signer.certificate))
        }
        #expect(error?.code == .signature)
    }

    @Test func `a request is verified`() throws {
        let request = try OpenSSL.with { openssl in
            try openssl.write(["key": TestKeys.device.pkcs8])
            try openssl.run(
                "req -new -key key -keyform DER -subj /CN=device.example -sha256 -sigopt rsa_padding_mode:pss "
                    + "-outform DER -out request"
            )
            return try CertificationRequest(encoded: try openssl.read("request"))
        }
        #expect(try request.verifySignature().digest == .sha256)
        var tree = try ASN1Tree(request.encoded)
        tree[2].octets[9] ^= 1
        let changed = try CertificationRequest(encoded: tree.der)
        let error = #expect(throws: CMSError.self) { try changed.verifySignature() }
        #expect(error?.code == .signature)
    }
}
