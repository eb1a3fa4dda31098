import Crypto
import CryptoExtras
import Foundation

extension MasterKey {
    /// The length of the salt that belongs to a passphrase, in bytes.
    public static let saltLength = 16

    /// Makes the salt for a new passphrase; it is no secret, and kept beside what the key seals.
    public static func generateSalt() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<Self.saltLength).map { _ in generator.next() }
    }

    /// Derives a master key from a passphrase, by scrypt (RFC 7914).
    ///
    /// It takes 128 MiB and about half a second, for whoever guesses as well. The passphrase is brought into Unicode's
    /// composed form first (as RFC 8265 §4.2 does): keyboards differ in how they write an umlaut.
    ///
    /// - Parameters:
    ///   - passphrase: The passphrase.
    ///   - salt: From ``generateSalt()``.
    /// - Throws: ``KeyError/passphrase(reason:)`` where the passphrase is empty or the salt has another length, or the
    ///   cryptographic library's error where there is not enough memory.
    public init(passphrase: String, salt: [UInt8]) throws {
        guard !passphrase.isEmpty else {
            throw KeyError.passphrase(reason: "the passphrase is empty: a master key needs one")
        }
        guard salt.count == Self.saltLength else {
            throw KeyError.passphrase(
                reason: "the salt of the passphrase has \(salt.count) bytes instead of \(Self.saltLength): restore it"
            )
        }
        let key = try KDF.Scrypt.deriveKey(
            from: Array(passphrase.precomposedStringWithCanonicalMapping.utf8),
            salt: salt,
            outputByteCount: Self.length,
            rounds: 1 << 17,
            blockSize: 8,
            parallelism: 1
        )
        self.init(key)
    }
}
