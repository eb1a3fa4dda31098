import Crypto
import CryptoExtras
import Foundation

/// What is kept of a password: scrypt (RFC 7914) with its parameters and salt, in one line of text.
enum PasswordHash {
    private static let rounds = 32_768
    private static let blockSize = 8

    /// - Throws: The cryptographic library's error.
    static func make(_ password: String) throws -> String {
        let salt = SymmetricKey(size: .bits128).withUnsafeBytes { Array($0) }
        let key = try KDF.Scrypt.deriveKey(
            from: Array(password.utf8),
            salt: salt,
            outputByteCount: 32,
            rounds: Self.rounds,
            blockSize: Self.blockSize,
            parallelism: 1,
            maxMemory: 64 << 20
        )
        let hash = key.withUnsafeBytes { Data($0) }
        return ["scrypt", "\(Self.rounds)", "\(Self.blockSize)", "1", Data(salt).base64EncodedString()]
            .joined(separator: "$") + "$" + hash.base64EncodedString()
    }
}
