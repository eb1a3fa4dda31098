public import CryptographicMessageSyntax
import SwiftASN1

/// A private key in memory.
public struct SoftwareKey: AuthorityKey {
    private enum Backing {
        case rsa(RSAPrivateKey)
        case ellipticCurve(ECPrivateKey)
    }

    private let backing: Backing

    private init(_ backing: Backing) {
        self.backing = backing
    }

    /// The public half.
    public var publicKey: SubjectPublicKeyInfo {
        switch self.backing {
        case .rsa(let key): key.publicKey
        case .ellipticCurve(let key): key.publicKey
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
        case .p256: try SoftwareKey(.ellipticCurve(ECPrivateKey(curve: .p256)))
        case .p384: try SoftwareKey(.ellipticCurve(ECPrivateKey(curve: .p384)))
        }
    }

    /// Reads a key that is PKCS#8.
    ///
    /// - Throws: ``CMSError`` with code `key` where it is none, or of a kind that is not used here.
    public init(pkcs8 bytes: [UInt8]) throws(CMSError) {
        guard let key = try? ECPrivateKey(derEncoded: bytes) else {
            self.init(.rsa(try RSAPrivateKey(derEncoded: bytes)))
            return
        }
        guard key.curve != .p521 else { throw CMSError(.key, "a key on P-521, which no CA of ours has") }
        self.init(.ellipticCurve(key))
    }

    /// The key as PKCS#8: a secret.
    public var pkcs8: [UInt8] {
        switch self.backing {
        case .rsa(let key): key.pkcs8
        case .ellipticCurve(let key): key.pkcs8
        }
    }

    /// sha256WithRSAEncryption, ecdsa-with-SHA256 or ecdsa-with-SHA384.
    public var certificateSignatureAlgorithm: AlgorithmIdentifier {
        switch self.backing {
        case .rsa: AlgorithmIdentifier([1, 2, 840, 113549, 1, 1, 11], parameters: AlgorithmIdentifier.null)
        case .ellipticCurve(let key): AlgorithmIdentifier([1, 2, 840, 10045, 4, 3, key.curve == .p384 ? 3 : 2])
        }
    }

    /// Signs a certificate or CRL.
    ///
    /// - Throws: The cryptographic library's error.
    public func signature(forCertificate toBeSigned: [UInt8]) throws -> [UInt8] {
        try self.signature(for: toBeSigned, digest: self.publicKey.curve == .p384 ? .sha384 : .sha256)
    }

    /// How messages signed with this key are signed.
    ///
    /// - Throws: ``CMSError`` with code `unsupportedAlgorithm` where nothing is signed with the digest.
    public func signatureAlgorithm(digest: DigestAlgorithm) throws(CMSError) -> SignatureAlgorithm {
        switch self.backing {
        case .rsa(let key): try key.signatureAlgorithm(digest: digest)
        case .ellipticCurve(let key): try key.signatureAlgorithm(digest: digest)
        }
    }

    /// Signs a message.
    ///
    /// - Throws: ``CMSError``, or the cryptographic library's error.
    public func signature(for message: [UInt8], digest: DigestAlgorithm) throws -> [UInt8] {
        switch self.backing {
        case .rsa(let key): try key.signature(for: message, digest: digest)
        case .ellipticCurve(let key): try key.signature(for: message, digest: digest)
        }
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

extension SoftwareKey: CustomStringConvertible, CustomReflectable {
    /// What sort of key it is: nothing that writes down a value writes down the secret.
    public var description: String { "private key (\(KeyAlgorithm(self.publicKey)?.readableName ?? "other"))" }

    /// Shows nothing of what is inside.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
