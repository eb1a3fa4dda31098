import Crypto
public import CryptographicMessageSyntax
import Foundation
import SwiftASN1

/// A private key in memory.
public struct SoftwareKey: AuthorityKey {
    private enum Backing {
        case rsa(RSAPrivateKey)
        case p256(P256.Signing.PrivateKey)
        case p384(P384.Signing.PrivateKey)
    }

    private let backing: Backing

    /// The public half.
    public let publicKey: SubjectPublicKeyInfo

    private init(_ backing: Backing) throws(CMSError) {
        self.backing = backing
        switch backing {
        case .rsa(let key): self.publicKey = key.publicKey
        case .p256(let key):
            self.publicKey = try SubjectPublicKeyInfo(derEncoded: Array(key.publicKey.derRepresentation))
        case .p384(let key):
            self.publicKey = try SubjectPublicKeyInfo(derEncoded: Array(key.publicKey.derRepresentation))
        }
    }

    /// Makes a new key.
    ///
    /// - Throws: ``CMSError`` with code `key`.
    public static func generate(_ algorithm: KeyAlgorithm) throws -> SoftwareKey {
        switch algorithm {
        case .rsa2048: try SoftwareKey(.rsa(RSAPrivateKey(bits: 2048)))
        case .rsa3072: try SoftwareKey(.rsa(RSAPrivateKey(bits: 3072)))
        case .rsa4096: try SoftwareKey(.rsa(RSAPrivateKey(bits: 4096)))
        case .p256: try SoftwareKey(.p256(P256.Signing.PrivateKey()))
        case .p384: try SoftwareKey(.p384(P384.Signing.PrivateKey()))
        }
    }

    /// Reads a key that is PKCS#8.
    ///
    /// - Throws: ``CMSError`` with code `key` where it is none, or of a kind that is not used here.
    public init(pkcs8 bytes: [UInt8]) throws(CMSError) {
        if let key = try? P256.Signing.PrivateKey(derRepresentation: bytes) {
            try self.init(.p256(key))
        } else if let key = try? P384.Signing.PrivateKey(derRepresentation: bytes) {
            try self.init(.p384(key))
        } else {
            try self.init(.rsa(try RSAPrivateKey(derEncoded: bytes)))
        }
    }

    /// The key as PKCS#8: a secret.
    public var pkcs8: [UInt8] {
        switch self.backing {
        case .rsa(let key): key.pkcs8
        case .p256(let key): Array(key.derRepresentation)
        case .p384(let key): Array(key.derRepresentation)
        }
    }

    /// sha256WithRSAEncryption, ecdsa-with-SHA256 or ecdsa-with-SHA384.
    public var certificateSignatureAlgorithm: AlgorithmIdentifier {
        switch self.backing {
        case .rsa: AlgorithmIdentifier([1, 2, 840, 113549, 1, 1, 11], parameters: AlgorithmIdentifier.null)
        case .p256: AlgorithmIdentifier([1, 2, 840, 10045, 4, 3, 2])
        case .p384: AlgorithmIdentifier([1, 2, 840, 10045, 4, 3, 3])
        }
    }

    /// Signs a certificate or CRL.
    ///
    /// - Throws: The cryptographic library's error.
    public func signature(forCertificate toBeSigned: [UInt8]) throws -> [UInt8] {
        switch self.backing {
        case .rsa(let key): try key.signature(for: toBeSigned, digest: .sha256)
        case .p256(let key): Array(try key.signature(for: toBeSigned).derRepresentation)
        case .p384(let key): Array(try key.signature(for: toBeSigned).derRepresentation)
        }
    }

    /// Signs a message.
    ///
    /// - Throws: ``CMSError`` with code `key` where the key is not RSA.
    public func signature(for message: [UInt8], digest: DigestAlgorithm) throws -> [UInt8] {
        guard case .rsa(let key) = self.backing else {
            throw CMSError(.key, "an ECDSA key does not sign SCEP messages; use an RA certificate")
        }
        return try key.signature(for: message, digest: digest)
    }

    /// Decrypts a content-encryption key; a key that is not RSA gives the substitute.
    public func decrypt(
        _ encryptedKey: [UInt8],
        transport: KeyTransportAlgorithm,
        orElse substitute: [UInt8]
    ) -> [UInt8] {
        guard case .rsa(let key) = self.backing else { return substitute }
        return key.decrypt(encryptedKey, transport: transport, orElse: substitute)
    }
}
