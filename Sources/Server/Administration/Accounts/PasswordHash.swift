import Crypto
import CryptoExtras
import Foundation

/// What is kept of a password: scrypt (RFC 7914) with its parameters and salt, in one line of text.
struct PasswordHash: Hashable, Sendable {
    /// What it costs to try a password, whoever does.
    struct Cost: Hashable, Sendable {
        /// N, a power of two.
        var rounds: Int
        /// r.
        var blockSize: Int
        /// p.
        var parallelism: Int

        /// 32 MiB, three times over.
        static let standard = Cost(rounds: 32_768, blockSize: 8, parallelism: 3)

        /// How much is computed, in blocks.
        var work: Int { self.rounds * self.blockSize * self.parallelism }

        /// How many bytes of memory it takes, with something to spare.
        var memory: Int { 128 * self.blockSize * (self.rounds + self.parallelism + 2) + (1 << 20) }

        /// Whether it can be computed at all, and does not take more memory or time than anybody has asked for.
        var isReasonable: Bool {
            (2...1 << 20).contains(self.rounds) && self.rounds.nonzeroBitCount == 1
                && (1...32).contains(self.blockSize) && (1...16).contains(self.parallelism)
                && 128 * self.rounds * self.blockSize <= 256 << 20
        }
    }

    var cost: Cost
    var salt: [UInt8]
    var key: [UInt8]

    /// Makes what is kept of a password.
    ///
    /// - Throws: The cryptographic library's error.
    static func make(_ password: String, cost: Cost = .standard) throws -> PasswordHash {
        let salt = SymmetricKey(size: .bits128).withUnsafeBytes { Array($0) }
        return PasswordHash(
            cost: cost,
            salt: salt,
            key: try Self.derive(password, cost: cost, salt: salt, length: 32)
        )
    }

    /// Whether a password is the one of which this was kept, in constant time.
    ///
    /// - Throws: The cryptographic library's error.
    func matches(_ password: String) throws -> Bool {
        let key = try Self.derive(password, cost: self.cost, salt: self.salt, length: self.key.count)
        return zip(key, self.key).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0 && key.count == self.key.count
    }

    /// A password as it counts: in Unicode's composed form (RFC 8265 §4.2), for keyboards differ in how they write an
    /// umlaut.
    static func normalized(_ password: String) -> String { password.precomposedStringWithCanonicalMapping }

    private static func derive(_ password: String, cost: Cost, salt: [UInt8], length: Int) throws -> [UInt8] {
        let key = try KDF.Scrypt.deriveKey(
            from: Array(Self.normalized(password).utf8),
            salt: salt,
            outputByteCount: length,
            rounds: cost.rounds,
            blockSize: cost.blockSize,
            parallelism: cost.parallelism,
            maxMemory: cost.memory
        )
        return key.withUnsafeBytes { Array($0) }
    }
}

extension PasswordHash {
    /// The line of text.
    var text: String {
        [
            "scrypt", "\(self.cost.rounds)", "\(self.cost.blockSize)", "\(self.cost.parallelism)",
            Data(self.salt).base64EncodedString(), Data(self.key).base64EncodedString(),
        ].joined(separator: "$")
    }

    /// Reads the line of text.
    ///
    /// - Returns: nil where it is no such line, or one whose parameters nobody has chosen.
    init?(text: String) {
        let fields = text.split(separator: "$", omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 6, fields[0] == "scrypt", let rounds = Int(fields[1]), let blockSize = Int(fields[2]),
            let parallelism = Int(fields[3]), let salt = Data(base64Encoded: fields[4]),
            let key = Data(base64Encoded: fields[5]), (8...64).contains(salt.count), (32...64).contains(key.count)
        else { return nil }
        let cost = Cost(rounds: rounds, blockSize: blockSize, parallelism: parallelism)
        guard cost.isReasonable else { return nil }
        self.init(cost: cost, salt: Array(salt), key: Array(key))
    }
}
