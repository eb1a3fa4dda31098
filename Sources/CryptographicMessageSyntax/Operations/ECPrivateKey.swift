import Crypto
import Foundation

/// A key on an elliptic curve in memory: it signs, and nothing can be encrypted to it.
public struct ECPrivateKey: MessageSigningKey {
    private enum Backing {
        case p256(P256.Signing.PrivateKey)
        case p384(P384.Signing.PrivateKey)
        case p521(P521.Signing.PrivateKey)
    }

    private let backing: Backing

    /// The public key.
    public let publicKey: SubjectPublicKeyInfo

    /// Takes a key as PKCS#8 or as RFC 5915 has it.
    ///
    /// - Throws: ``CMSError`` with code `key` where it is none, or on another curve.
    public init(derEncoded: [UInt8]) throws(CMSError) {
        if let key = try? P256.Signing.PrivateKey(derRepresentation: derEncoded) {
            try self.init(.p256(key))
        } else if let key = try? P384.Signing.PrivateKey(derRepresentation: derEncoded) {
            try self.init(.p384(key))
        } else if let key = try? P521.Signing.PrivateKey(derRepresentation: derEncoded) {
            try self.init(.p521(key))
        } else {
            throw CMSError(.key, "not a private key on P-256, P-384 or P-521")
        }
    }

    /// Makes a new key.
    ///
    /// - Throws: ``CMSError`` with code `key`.
    public init(curve: EllipticCurve) throws(CMSError) {
        switch curve {
        case .p256: try self.init(.p256(P256.Signing.PrivateKey()))
        case .p384: try self.init(.p384(P384.Signing.PrivateKey()))
        case .p521: try self.init(.p521(P521.Signing.PrivateKey()))
        }
    }

    private init(_ backing: Backing) throws(CMSError) {
        self.backing = backing
        let publicKey =
            switch backing {
            case .p256(let key): key.publicKey.derRepresentation
            case .p384(let key): key.publicKey.derRepresentation
            case .p521(let key): key.publicKey.derRepresentation
            }
        self.publicKey = try SubjectPublicKeyInfo(derEncoded: Array(publicKey))
    }

    /// The curve.
    public var curve: EllipticCurve {
        switch self.backing {
        case .p256: .p256
        case .p384: .p384
        case .p521: .p521
        }
    }

    /// The key as PKCS#8: a secret.
    public var pkcs8: [UInt8] {
        switch self.backing {
        case .p256(let key): Array(key.derRepresentation)
        case .p384(let key): Array(key.derRepresentation)
        case .p521(let key): Array(key.derRepresentation)
        }
    }

    /// ECDSA with the digest.
    ///
    /// - Throws: ``CMSError``: MD5 and SHA-224 are read, never written.
    public func signatureAlgorithm(digest: DigestAlgorithm) throws(CMSError) -> SignatureAlgorithm {
        try digest.checkWritten()
        return try SignatureAlgorithm(.ecdsa, digest: digest)
    }

    /// Signs with ECDSA; the signature is an Ecdsa-Sig-Value (RFC 3279 §2.2.3).
    ///
    /// - Throws: ``CMSError``, or the cryptographic library's error.
    public func signature(for message: [UInt8], digest: DigestAlgorithm) throws -> [UInt8] {
        switch digest {
        case .sha1: return try self.signature(of: Insecure.SHA1.hash(data: message))
        case .sha256: return try self.signature(of: SHA256.hash(data: message))
        case .sha384: return try self.signature(of: SHA384.hash(data: message))
        case .sha512: return try self.signature(of: SHA512.hash(data: message))
        case .md5, .sha224: throw CMSError(.unsupportedAlgorithm, "nothing is signed with \(digest.rawValue)")
        }
    }

    private func signature(of digest: some Digest) throws -> [UInt8] {
        switch self.backing {
        case .p256(let key): Array(try key.signature(for: digest).derRepresentation)
        case .p384(let key): Array(try key.signature(for: digest).derRepresentation)
        case .p521(let key): Array(try key.signature(for: digest).derRepresentation)
        }
    }
}
