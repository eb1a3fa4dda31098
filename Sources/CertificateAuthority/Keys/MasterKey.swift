import Crypto
import Foundation

/// The secret under which all other secrets of a registry are kept.
///
/// Private keys are encrypted under it (AES-256-GCM), challenges are kept as HMACs under a key derived from it
/// (HKDF, RFC 5869), so that a stolen database alone opens nothing.
public struct MasterKey: Sendable {
    private let master: SymmetricKey
    private let sealing: SymmetricKey
    private var challenges: SymmetricKey

    /// The length of a master key in bytes.
    public static let length = 32

    /// Takes a master key.
    ///
    /// - Returns: nil where it has not ``length`` bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.length else { return nil }
        self.init(SymmetricKey(data: bytes))
    }

    /// Derives what is used from a master key of the right length.
    init(_ master: SymmetricKey) {
        func derive(_ purpose: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(inputKeyMaterial: master, info: Array(purpose.utf8), outputByteCount: 32)
        }
        self.master = master
        self.sealing = derive("ucm private keys at rest")
        self.challenges = derive("ucm challenges")
    }

    /// The key itself, as a file of it holds it: a secret, for a backup that is encrypted.
    public var bytes: [UInt8] { self.master.withUnsafeBytes { Array($0) } }

    /// The key under which challenges are kept: a secret, to be sealed where challenges have to outlive this master key.
    public var challengeKey: [UInt8] { self.challenges.withUnsafeBytes { Array($0) } }

    /// The same master key with the challenges of an earlier one.
    ///
    /// Of a challenge only its HMAC is kept, so it cannot be kept anew under another key as a sealed secret can.
    ///
    /// - Parameter challengeKey: The earlier one's ``challengeKey``.
    /// - Returns: A key that seals as this one and knows the challenges of the earlier one.
    public func adopting(challengeKey: [UInt8]) -> MasterKey {
        var key = self
        key.challenges = SymmetricKey(data: challengeKey)
        return key
    }

    /// Makes the bytes of a new master key.
    public static func generate() -> [UInt8] {
        SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
    }

    /// Encrypts a secret.
    ///
    /// - Parameters:
    ///   - secret: The secret.
    ///   - purpose: Where it belongs; it opens only with the same purpose, so that nobody can swap two rows.
    /// - Returns: Nonce, ciphertext and tag.
    /// - Throws: The cryptographic library's error.
    public func seal(_ secret: [UInt8], for purpose: String) throws -> [UInt8] {
        let box = try AES.GCM.seal(secret, using: self.sealing, authenticating: Array(purpose.utf8))
        // The nonce has its usual length, so there is a combined form.
        return Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
    }

    /// Decrypts a secret.
    ///
    /// - Throws: ``KeyError/wrongMasterKey`` where the key or the purpose is another one, or the bytes are damaged.
    public func open(_ sealed: [UInt8], for purpose: String) throws(KeyError) -> [UInt8] {
        do {
            let box = try AES.GCM.SealedBox(combined: sealed)
            return Array(try AES.GCM.open(box, using: self.sealing, authenticating: Array(purpose.utf8)))
        } catch {
            throw KeyError.wrongMasterKey(purpose: purpose)
        }
    }

    /// What is kept of a challenge: fast to check, useless when stolen.
    ///
    /// - Parameters:
    ///   - challenge: The challenge as UTF-8.
    ///   - profile: The profile in which it is valid.
    /// - Returns: The HMAC.
    public func digest(ofChallenge challenge: [UInt8], profile: String) -> [UInt8] {
        var code = HMAC<SHA256>(key: self.challenges)
        code.update(data: Array(profile.utf8) + [0])
        code.update(data: challenge)
        return Array(code.finalize())
    }

    /// Whether a challenge is the one of which this was kept, in constant time.
    public func isChallenge(_ challenge: [UInt8], profile: String, keptAs kept: [UInt8]) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(
            kept,
            authenticating: Array(profile.utf8) + [0] + challenge,
            using: self.challenges
        )
    }
}
