public import CryptographicMessageSyntax
import SCEP

/// A client's private key, in memory.
public struct ClientKey: MessageSigningKey {
    /// The kinds of key that are made.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// RSA with 2048 bits.
        case rsa2048
        /// RSA with 3072 bits.
        case rsa3072
        /// RSA with 4096 bits.
        case rsa4096
        /// On the curve P-256.
        case p256
        /// On the curve P-384.
        case p384
        /// On the curve P-521.
        case p521

        /// Whether such a key only signs, so that answers come encrypted with the challenge.
        public var onlySigns: Bool {
            switch self {
            case .rsa2048, .rsa3072, .rsa4096: false
            case .p256, .p384, .p521: true
            }
        }
    }

    private enum Backing {
        case rsa(RSAPrivateKey)
        case ellipticCurve(ECPrivateKey)
    }

    private let backing: Backing

    /// Takes an RSA key as PKCS#8 or PKCS#1, or one on an elliptic curve as PKCS#8 or as RFC 5915 has it.
    ///
    /// - Throws: ``SCEPClientError`` with code `input`.
    public init(derEncoded bytes: [UInt8]) throws(SCEPClientError) {
        if let key = try? ECPrivateKey(derEncoded: bytes) {
            self.backing = .ellipticCurve(key)
        } else if let key = try? RSAPrivateKey(derEncoded: bytes) {
            self.backing = .rsa(key)
        } else {
            throw SCEPClientError(
                .input,
                "The private key cannot be used; it has to be an RSA key, or one on P-256, P-384 or P-521, without a password."
            )
        }
    }

    /// Makes a new key.
    ///
    /// - Throws: ``SCEPClientError`` with code `input`.
    public init(generating kind: Kind) throws(SCEPClientError) {
        do throws(CMSError) {
            self.backing =
                switch kind {
                case .rsa2048: .rsa(try RSAPrivateKey(bits: 2048))
                case .rsa3072: .rsa(try RSAPrivateKey(bits: 3072))
                case .rsa4096: .rsa(try RSAPrivateKey(bits: 4096))
                case .p256: .ellipticCurve(try ECPrivateKey(curve: .p256))
                case .p384: .ellipticCurve(try ECPrivateKey(curve: .p384))
                case .p521: .ellipticCurve(try ECPrivateKey(curve: .p521))
                }
        } catch {
            throw SCEPClientError(.input, "No key can be made: \(error.reason)")
        }
    }

    /// The public key.
    public var publicKey: SubjectPublicKeyInfo {
        switch self.backing {
        case .rsa(let key): key.publicKey
        case .ellipticCurve(let key): key.publicKey
        }
    }

    /// The key as PKCS#8: a secret.
    public var pkcs8: [UInt8] {
        switch self.backing {
        case .rsa(let key): key.pkcs8
        case .ellipticCurve(let key): key.pkcs8
        }
    }

    /// The key as one that decrypts content-encryption keys; nil where it only signs.
    public var keyTransportKey: (any KeyTransportKey)? {
        if case .rsa(let key) = self.backing { key } else { nil }
    }

    /// How this key signs with a digest.
    public func signatureAlgorithm(digest: DigestAlgorithm) throws(CMSError) -> SignatureAlgorithm {
        switch self.backing {
        case .rsa(let key): try key.signatureAlgorithm(digest: digest)
        case .ellipticCurve(let key): try key.signatureAlgorithm(digest: digest)
        }
    }

    /// Signs a message.
    public func signature(for message: [UInt8], digest: DigestAlgorithm) throws -> [UInt8] {
        switch self.backing {
        case .rsa(let key): try key.signature(for: message, digest: digest)
        case .ellipticCurve(let key): try key.signature(for: message, digest: digest)
        }
    }

    /// How an answer to a message that this key has signed is opened.
    ///
    /// - Parameter challenge: The challenge in the request, which the answer is encrypted with where the key only signs.
    /// - Returns: How.
    /// - Throws: ``SCEPClientError`` with code `input` where there would be no way.
    func opener(challenge: [UInt8]?) throws(SCEPClientError) -> EnvelopeOpener {
        if let key = self.keyTransportKey { return .key(key) }
        if let challenge, !challenge.isEmpty { return .password(challenge) }
        throw SCEPClientError(
            .input,
            "Nothing can be encrypted to a key on an elliptic curve, so the server encrypts its answer with the challenge in "
                + "the request: a challenge is needed, or an RSA key to sign with."
        )
    }
}
