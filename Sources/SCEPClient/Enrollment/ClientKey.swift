public import CryptographicMessageSyntax

/// A client's private key, in memory.
public struct ClientKey: MessageSigningKey, KeyTransportKey {
    /// The kinds of key that are made.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// RSA with 2048 bits.
        case rsa2048
        /// RSA with 3072 bits.
        case rsa3072
        /// RSA with 4096 bits.
        case rsa4096

        fileprivate var bits: Int {
            switch self {
            case .rsa2048: 2048
            case .rsa3072: 3072
            case .rsa4096: 4096
            }
        }
    }

    private let key: RSAPrivateKey

    /// Takes a key as PKCS#8 or PKCS#1.
    ///
    /// - Throws: ``SCEPClientError`` with code `input`.
    public init(derEncoded bytes: [UInt8]) throws(SCEPClientError) {
        do throws(CMSError) {
            self.key = try RSAPrivateKey(derEncoded: bytes)
        } catch {
            throw SCEPClientError(.input, "The private key cannot be used; it has to be an RSA key without a password.")
        }
    }

    /// Makes a new key.
    ///
    /// - Throws: ``SCEPClientError`` with code `input`.
    public init(generating kind: Kind) throws(SCEPClientError) {
        do throws(CMSError) {
            self.key = try RSAPrivateKey(bits: kind.bits)
        } catch {
            throw SCEPClientError(.input, "No key can be made: \(error.reason)")
        }
    }

    /// The public key.
    public var publicKey: SubjectPublicKeyInfo { self.key.publicKey }

    /// The key as PKCS#8: a secret.
    public var pkcs8: [UInt8] { self.key.pkcs8 }

    /// Signs a message.
    public func signature(for message: [UInt8], digest: DigestAlgorithm) throws -> [UInt8] {
        try self.key.signature(for: message, digest: digest)
    }

    /// Decrypts a content-encryption key.
    public func decrypt(
        _ encryptedKey: [UInt8],
        transport: KeyTransportAlgorithm,
        orElse substitute: [UInt8]
    ) -> [UInt8] {
        self.key.decrypt(encryptedKey, transport: transport, orElse: substitute)
    }
}
