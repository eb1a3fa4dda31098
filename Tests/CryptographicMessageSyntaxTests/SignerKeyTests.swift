import SwiftASN1
import TestSupport
import Testing

@testable import CryptographicMessageSyntax

/// Signers whose key is none by which anything is verified: they are told so, not that their signature is wrong.
@Suite(.needsOpenSSL) struct SignerKeyTests {
    @Test(arguments: [
        ("RSA-PSS -pkeyopt rsa_keygen_bits:1024", "-md sha256"),
        ("EC -pkeyopt ec_paramgen_curve:secp256k1", "-md sha256"),
        ("EC -pkeyopt ec_paramgen_curve:brainpoolP256r1", "-md sha256"),
        ("EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit", "-md sha256"),
    ])
    func `a key that is not supported is named as such`(algorithm: String, options: String) throws {
        let (message, request) = try OpenSSL.with { openssl in
            try openssl.write(["content": Examples.content])
            try openssl.run("genpkey -algorithm \(algorithm) -out key")
            try openssl.run("req -x509 -key key -subj /CN=device.example -sha256 -out certificate")
            try openssl.run("req -new -key key -subj /CN=device.example -sha256 -outform DER -out request")
            try openssl.run(
                "cms -sign -binary -nodetach -in content -outform DER -out message -signer certificate -inkey key "
                    + options
            )
            return (
                try SignedData(berEncoded: try openssl.read("message")),
                try CertificationRequest(encoded: try openssl.read("request"))
            )
        }
        let signer = try message.soleSigner()
        let signing = #expect(throws: CMSError.self) { try message.verify(signer) }
        #expect(signing?.code == .unsupportedAlgorithm)
        let requesting = #expect(throws: CMSError.self) { try request.verifySignature() }
        #expect(requesting?.code == .unsupportedAlgorithm)
        #expect(signer.certificate.publicKey.curve == nil)
        #expect(!signer.certificate.publicKey.canReceiveKeys)
        for scheme in [
            SignatureAlgorithm.Scheme.rsaPKCS1, .ecdsa, .rsaPSS(maskDigest: .sha256, saltLength: 32),
        ] {
            let algorithm = try SignatureAlgorithm(scheme, digest: .sha256)
            #expect(
                !algorithm.isValid(
                    signer.info.signature,
                    for: signer.info.receivedAttributes,
                    under: signer.certificate.publicKey
                )
            )
        }
    }
}
