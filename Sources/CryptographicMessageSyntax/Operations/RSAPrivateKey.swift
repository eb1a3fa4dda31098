import Crypto
import CryptoExtras
import Foundation

/// An RSA key in memory: what a client has, and the server's registration authority.
public struct RSAPrivateKey: MessageSigningKey, KeyTransportKey {
    private let signing: _RSA.Signing.PrivateKey
    private let encryption: UncheckedSendable<_RSA.Encryption.PrivateKey>

    /// swift-crypto does not declare its encryption key Sendable although it is as immutable as the signing key.
    private struct UncheckedSendable<Value>: @unchecked Sendable {
        var value: Value
    }

    /// Takes a key as PKCS#8 or PKCS#1.
    ///
    /// - Throws: ``CMSError`` with code `key`. Keys below 1024 bits are refused.
    public init(derEncoded: [UInt8]) throws(CMSError) {
        do {
            self.signing = try _RSA.Signing.PrivateKey(unsafeDERRepresentation: derEncoded)
            self.encryption = UncheckedSendable(
                value: try _RSA.Encryption.PrivateKey(unsafeDERRepresentation: derEncoded)
            )
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
            let key = try _RSA.Signing.PrivateKey(unsafeKeySize: _RSA.Signing.KeySize(bitCount: bits))
            try self.init(derEncoded: Array(key.derRepresentation))
        } catch {
            throw CMSError(.key, "no RSA key of \(bits) bits can be made: \(error)")
        }
    }

    /// The key as PKCS#8.
    public var pkcs8: [UInt8] { Array(self.signing.pkcs8DERRepresentation) }

    /// The public key.
    public var publicKey: SubjectPublicKeyInfo {
        get throws(CMSError) {
            try SubjectPublicKeyInfo(derEncoded: Array(self.signing.publicKey.derRepresentation))
        }
    }

    /// Signs with RSASSA-PKCS1-v1_5.
    ///
    /// - Throws: ``CMSError``: MD5 and SHA-224 are read, never written.
    public func signature(for message: [UInt8], digest: DigestAlgorithm) throws -> [UInt8] {
        let padding = _RSA.Signing.Padding.insecurePKCS1v1_5
        let signature =
            switch digest {
            case .md5, .sha224: throw CMSError(.unsupportedAlgorithm, "nothing is signed with \(digest.rawValue)")
            case .sha1: try self.signing.signature(for: Insecure.SHA1.hash(data: message), padding: padding)
            case .sha256: try self.signing.signature(for: SHA256.hash(data: message), padding: padding)
            case .sha384: try self.signing.signature(for: SHA384.hash(data: message), padding: padding)
            case .sha512: try self.signing.signature(for: SHA512.hash(data: message), padding: padding)
            }
        return Array(signature.rawRepresentation)
    }

    /// Decrypts a content-encryption key.
    ///
    /// - Throws: swift-crypto's error.
    public func decrypt(_ encryptedKey: [UInt8], transport: KeyTransportAlgorithm) throws -> [UInt8] {
        Array(try self.encryption.value.decrypt(encryptedKey, padding: transport.padding))
    }
}
