import Crypto
import CryptographicMessageSyntax
import SwiftASN1
import TestSupport
import Testing

@testable import CertificateAuthority

@Suite("A private key in memory")
struct SoftwareKeyTests {
    static let algorithms: [KeyAlgorithm] = [.rsa2048, .p256, .p384]

    @Test("survives PKCS#8", arguments: algorithms)
    func roundTrip(_ algorithm: KeyAlgorithm) throws {
        let key = TestIssuer.key(algorithm)
        let again = try SoftwareKey(pkcs8: key.pkcs8)
        #expect(again.publicKey == key.publicKey)
        #expect(again.pkcs8 == key.pkcs8)
        #expect(again.certificateSignatureAlgorithm == key.certificateSignatureAlgorithm)
        // Whether the private half is the same shows in a certificate that verifies under the public one.
        let root = try RootAuthority.make(
            name: "CA",
            key: again,
            answersSCEP: false,
            serialNumber: [1],
            now: TestIssuer.now
        )
        _ = try Issuer(certificate: root, key: key)
    }

    @Test("is of the kind asked for")
    func kinds() {
        #expect(TestIssuer.key(.rsa2048).publicKey.kind == .rsa(bits: 2048, exponent: 65_537))
        #expect(TestIssuer.key(.p256).publicKey.kind == .ellipticCurve([1, 2, 840, 10045, 3, 1, 7]))
        #expect(TestIssuer.key(.p384).publicKey.kind == .ellipticCurve([1, 3, 132, 0, 34]))
    }

    @Test("is not read from what is none", arguments: [0, 1, 10, 60])
    func truncated(count: Int) {
        for algorithm in Self.algorithms {
            let bytes = Array(TestIssuer.key(algorithm).pkcs8.prefix(count))
            let error = #expect(throws: CMSError.self) { try SoftwareKey(pkcs8: bytes) }
            #expect(error?.code == .key)
        }
    }

    @Test("is not read where it is of another kind")
    func otherCurve() {
        let key = Array(P521.Signing.PrivateKey().derRepresentation)
        let error = #expect(throws: CMSError.self) { try SoftwareKey(pkcs8: key) }
        #expect(error?.code == .key)
    }

    @Test("signs messages", arguments: algorithms, [DigestAlgorithm.sha1, .sha256, .sha384, .sha512])
    func signing(_ algorithm: KeyAlgorithm, digest: DigestAlgorithm) throws {
        let key = TestIssuer.key(algorithm)
        let signature = try key.signature(for: [1, 2, 3], digest: digest)
        let used = try key.signatureAlgorithm(digest: digest)
        #expect(used.digest == digest)
        #expect(used.isValid(signature, for: [1, 2, 3], under: key.publicKey))
    }

    @Test("signs certificates with the algorithm that it names", arguments: algorithms)
    func certificates(_ algorithm: KeyAlgorithm) throws {
        let key = TestIssuer.key(algorithm)
        let signature = try key.signature(forCertificate: [1, 2, 3])
        let named = try SignatureAlgorithm(key.certificateSignatureAlgorithm)
        #expect(named.identifier == key.certificateSignatureAlgorithm)
        #expect(named.isValid(signature, for: [1, 2, 3], under: key.publicKey))
    }

    @Test("of an elliptic curve decrypts no messages", arguments: [KeyAlgorithm.p256, .p384])
    func ellipticCurve(_ algorithm: KeyAlgorithm) {
        let key = TestIssuer.key(algorithm)
        #expect(key.decrypt([1], transport: .pkcs1, orElse: [7, 8]) == [7, 8])
    }
}
