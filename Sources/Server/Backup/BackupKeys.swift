import Crypto
import CryptoExtras
import Foundation

/// What a passphrase gives for one backup: each has a salt of its own, so no two have the same keys.
struct BackupKeys {
    /// Encrypts the chunks; the header is bound into it.
    let content: SymmetricKey
    private let confirmation: SymmetricKey
    private let header: [UInt8]

    /// The shortest passphrase with which a backup is made; short ones are tried out in no time, also against scrypt.
    static let shortestPassphrase = 12

    /// Derives the keys by scrypt (RFC 7914) and HKDF (RFC 5869).
    ///
    /// The passphrase is brought into Unicode's composed form first, as that of a master key is.
    init(passphrase: String, header: BackupHeader) throws {
        let key = try KDF.Scrypt.deriveKey(
            from: Array(passphrase.precomposedStringWithCanonicalMapping.utf8),
            salt: header.salt,
            outputByteCount: 32,
            rounds: 1 << Int(header.cost),
            blockSize: Int(header.blockSize),
            parallelism: Int(header.parallelism),
            maxMemory: BackupHeader.maximumMemory + (64 << 20)
        )
        let encoded = header.encoded
        func derive(_ purpose: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: key, info: Array(purpose.utf8) + [0] + encoded, outputByteCount: 32)
        }
        self.header = encoded
        self.content = derive("ucm backup content")
        self.confirmation = derive("ucm backup header")
    }

    /// How many bytes ``proof`` has.
    static let proofLength = SHA256.byteCount

    /// What stands behind the header.
    var proof: [UInt8] { Array(HMAC<SHA256>.authenticationCode(for: self.header, using: self.confirmation)) }

    /// Whether these are the keys with which a backup was made.
    func confirm(_ proof: [UInt8]) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(proof, authenticating: self.header, using: self.confirmation)
    }
}
