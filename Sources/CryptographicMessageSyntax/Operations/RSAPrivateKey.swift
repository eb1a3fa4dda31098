import CryptoExtras
import Foundation

/// An RSA key in memory: what a client has, and the server's registration authority.
public struct RSAPrivateKey: MessageSigningKey, KeyTransportKey {
    private let key: LibcryptoRSAKey

    /// The key as PKCS#8: a secret.
    public let pkcs8: [UInt8]

    /// The public key.
    public let publicKey: SubjectPublicKeyInfo

    /// Takes a key as PKCS#8 or PKCS#1.
    ///
    /// - Throws: ``CMSError`` with code `key`. Keys below 1024 bits are refused.
    public init(derEncoded: [UInt8]) throws(CMSError) {
        do {
            // swift-crypto checks that the parts of the key belong together, and names the public half.
            try self.init(try _RSA.Signing.PrivateKey(unsafeDERRepresentation: derEncoded))
        } catch {
            throw CMSError(.key, "not a usable RSA private key: \(error)")
        }
    }

    /// Makes a new key.
    ///
    /// - Parameter bits: The size of the modulus, at least 1024.
    /// - Throws: ``CMSError`` with code `key`.
    public init(bits: Int) throws(CMSError) {
        do {
            try self.init(try _RSA.Signing.PrivateKey(unsafeKeySize: _RSA.Signing.KeySize(bitCount: bits)))
        } catch {
            throw CMSError(.key, "no RSA key of \(bits) bits can be made: \(error)")
        }
    }

    private init(_ key: _RSA.Signing.PrivateKey) throws {
        self.pkcs8 = Array(key.pkcs8DERRepresentation)
        self.publicKey = try SubjectPublicKeyInfo(derEncoded: Array(key.publicKey.derRepresentation))
        self.key = try LibcryptoRSAKey(derEncoded: self.pkcs8)
    }

    /// RSASSA-PKCS1-v1_5 with the digest.
    ///
    /// - Throws: ``CMSError``: MD5 and SHA-224 are read, never written.
    public func signatureAlgorithm(digest: DigestAlgorithm) throws(CMSError) -> SignatureAlgorithm {
        try digest.checkWritten()
        return try SignatureAlgorithm(.rsaPKCS1, digest: digest)
    }

    /// Signs with RSASSA-PKCS1-v1_5.
    ///
    /// - Throws: ``CMSError``: MD5 and SHA-224 are read, never written.
    public func signature(for message: [UInt8], digest: DigestAlgorithm) throws -> [UInt8] {
        try digest.checkWritten()
        return try self.key.signature(ofDigest: digest.digest(of: message), by: digest)
    }

    /// Decrypts a content-encryption key whose length is known.
    public func decrypt(
        _ encryptedKey: [UInt8],
        transport: KeyTransportAlgorithm,
        orElse substitute: [UInt8]
    ) -> [UInt8] {
        switch transport {
        case .pkcs1:
            guard let block = try? self.key.decryptedBlock(encryptedKey) else { return substitute }
            return PKCS1Padding.key(in: block, orElse: substitute)
        case .oaepSHA1, .oaepSHA256:
            let digest: DigestAlgorithm = transport == .oaepSHA256 ? .sha256 : .sha1
            let key = (try? self.key.decryptOAEP(encryptedKey, digest: digest)) ?? []
            return key.count == substitute.count ? key : substitute
        }
    }
}

/// The padding of RSAES-PKCS1-v1_5 around a key of known length (RFC 8017 §7.2.2, RFC 3218 §2.3.2).
enum PKCS1Padding {
    /// Takes the key out of a block, or the substitute, without branching on anything in the block.
    ///
    /// - Parameters:
    ///   - block: `00 02`, at least eight bytes other than zero, `00`, the key.
    ///   - substitute: What to give otherwise; it has the length that the key should have.
    /// - Returns: The key, or the substitute.
    static func key(in block: [UInt8], orElse substitute: [UInt8]) -> [UInt8] {
        let separator = block.count - substitute.count - 1
        guard separator >= 10 else { return substitute }
        var wrong = block[0] | (block[1] ^ 0x02) | block[separator]
        for index in 2..<separator {
            // 1 where the byte is zero: only zero borrows from the ninth bit.
            wrong |= UInt8(truncatingIfNeeded: (UInt16(block[index]) &- 1) >> 8) & 1
        }
        // 0xff where anything was wrong, 0x00 otherwise.
        let mask = UInt8(truncatingIfNeeded: (0 &- UInt16(wrong)) >> 8)
        return substitute.indices.map { index in
            (block[separator + 1 + index] & ~mask) | (substitute[index] & mask)
        }
    }
}
