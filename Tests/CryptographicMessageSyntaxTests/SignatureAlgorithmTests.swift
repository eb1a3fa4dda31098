import Foundation
import SwiftASN1
import TestSupport
import Testing

@testable import CryptographicMessageSyntax

/// Signatures made elsewhere, by digests and keys that we read and never write.
@Suite struct SignatureAlgorithmTests {
    private static func isValid(_ signature: String, _ digest: DigestAlgorithm, key: String) throws -> Bool {
        let signature = try #require(Data(base64Encoded: signature))
        let key = try SubjectPublicKeyInfo(derEncoded: Array(try #require(Data(base64Encoded: key))))
        return try SignatureAlgorithm(.rsaPKCS1, digest: digest).isValid(
            Array(signature),
            for: OpenSSLSignatures.message,
            under: key
        )
    }

    @Test(arguments: OpenSSLSignatures.by1024)
    func `a key of 1024 bits is verified with every digest`(digest: DigestAlgorithm, signature: String) throws {
        #expect(try Self.isValid(signature, digest, key: OpenSSLSignatures.key1024))
    }

    @Test(arguments: OpenSSLSignatures.by512)
    func `a key of 512 bits is verified`(digest: DigestAlgorithm, signature: String) throws {
        #expect(try Self.isValid(signature, digest, key: OpenSSLSignatures.key512))
    }

    /// An old Java client writes DigestInfo so; from SHA-2 on nobody has a reason to.
    @Test(arguments: OpenSSLSignatures.withoutNull)
    func `a DigestInfo without NULL is read with old digests only`(digest: DigestAlgorithm, signature: String) throws {
        #expect(try Self.isValid(signature, digest, key: OpenSSLSignatures.key1024) == !digest.isSHA2)
    }

    @Test(arguments: OpenSSLSignatures.withGarbage + OpenSSLSignatures.blockType2)
    func `a block that is not exactly right is refused`(digest: DigestAlgorithm, signature: String) throws {
        #expect(try !Self.isValid(signature, digest, key: OpenSSLSignatures.key1024))
    }

    @Test(arguments: OpenSSLSignatures.by1024)
    func `another digest, key, message or length is refused`(digest: DigestAlgorithm, signature: String) throws {
        for other in DigestAlgorithm.allCases where other != digest {
            #expect(try !Self.isValid(signature, other, key: OpenSSLSignatures.key1024))
        }
        #expect(try !Self.isValid(signature, digest, key: OpenSSLSignatures.key512))
        let octets = Array(try #require(Data(base64Encoded: signature)))
        let key = try SubjectPublicKeyInfo(
            derEncoded: Array(try #require(Data(base64Encoded: OpenSSLSignatures.key1024)))
        )
        let algorithm = try SignatureAlgorithm(.rsaPKCS1, digest: digest)
        #expect(!algorithm.isValid(octets, for: [], under: key))
        for changed in [octets.dropLast(), octets + [0], [0] + octets, []] {
            #expect(!algorithm.isValid(Array(changed), for: OpenSSLSignatures.message, under: key))
        }
    }

    @Test func `a key that is not RSA verifies nothing`() throws {
        // A point on P-256.
        let key = try SubjectPublicKeyInfo(
            derEncoded: [UInt8](
                hex: """
                    3059301306072a8648ce3d020106082a8648ce3d030107034200046b17d1f2e12c4247f8bce6e563a440f277037d812deb33\
                    a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5
                    """
            )
        )
        #expect(key.kind == .ellipticCurve([1, 2, 840, 10045, 3, 1, 7]))
        for digest in DigestAlgorithm.allCases {
            #expect(try !SignatureAlgorithm(.rsaPKCS1, digest: digest).isValid([1, 2, 3], for: [], under: key))
        }
    }

    @Test(arguments: DigestAlgorithm.allCases)
    func `an algorithm finds itself by its identifier, with NULL or without`(digest: DigestAlgorithm) throws {
        let identifier = try SignatureAlgorithm(.rsaPKCS1, digest: digest).identifier
        #expect(try SignatureAlgorithm(identifier).digest == digest)
        #expect(try SignatureAlgorithm(AlgorithmIdentifier(identifier.algorithm)).digest == digest)
        #expect(try DigestAlgorithm(digest.identifier) == digest)
        #expect(try DigestAlgorithm(AlgorithmIdentifier(digest.identifier.algorithm)) == digest)
        let plain = AlgorithmIdentifier(.Algorithm.rsaEncryption, parameters: AlgorithmIdentifier.null)
        #expect(try SignatureAlgorithm(plain, digest: digest).digest == digest)
    }

    @Test(arguments: [
        AlgorithmIdentifier([1, 2, 840, 10040, 4, 3]),  // DSA with SHA-1
        AlgorithmIdentifier([1, 3, 101, 112]),  // Ed25519
        AlgorithmIdentifier(.Algorithm.rsaEncryption),  // without a digest beside it
        AlgorithmIdentifier(.Algorithm.ecPublicKey),
    ])
    func `an unknown algorithm is named as such`(identifier: AlgorithmIdentifier) {
        let error = #expect(throws: CMSError.self) { try SignatureAlgorithm(identifier) }
        #expect(error?.code == .unsupportedAlgorithm)
    }

    @Test func `the alias of OIW is SHA-1`() throws {
        #expect(try SignatureAlgorithm(AlgorithmIdentifier([1, 3, 14, 3, 2, 29])).digest == .sha1)
    }
}
