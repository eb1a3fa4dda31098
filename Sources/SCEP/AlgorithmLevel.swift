public import CryptographicMessageSyntax

/// How old an algorithm may be: the server's floor, whatever a client says (RFC 8894 §2.9).
public enum AlgorithmLevel: String, Hashable, Sendable, CaseIterable, Comparable, Codable {
    /// AES and SHA-2, RSA from 2048 bits.
    case modern
    /// Also 3DES and SHA-1, which routers and phones still send.
    case compatible
    /// Also single DES, MD5 and RSA from 1024 bits. RFC 8894 §2.9 forbids it: a listed divergence.
    case legacy

    private var age: Int {
        switch self {
        case .modern: 0
        case .compatible: 1
        case .legacy: 2
        }
    }

    /// A level is less than another that accepts more.
    public static func < (one: AlgorithmLevel, other: AlgorithmLevel) -> Bool {
        one.age < other.age
    }

    /// Refuses a digest that is below the level.
    ///
    /// - Throws: ``SCEPError`` with code `algorithm`, and the cure in the reason.
    public func check(_ digest: DigestAlgorithm) throws(SCEPError) {
        let needed: AlgorithmLevel =
            switch digest {
            case .md5: .legacy
            case .sha1: .compatible
            case .sha224, .sha256, .sha384, .sha512: .modern
            }
        try self.require(needed, for: digest.rawValue)
    }

    /// Refuses a content encryption that is below the level.
    ///
    /// - Throws: ``SCEPError`` with code `algorithm`, and the cure in the reason.
    public func check(_ cipher: ContentEncryptionAlgorithm) throws(SCEPError) {
        let needed: AlgorithmLevel =
            switch cipher {
            case .des: .legacy
            case .tripleDES: .compatible
            case .aes128, .aes192, .aes256: .modern
            }
        try self.require(needed, for: cipher.rawValue)
    }

    private func require(_ needed: AlgorithmLevel, for algorithm: String) throws(SCEPError) {
        guard needed <= self else {
            throw SCEPError(
                .algorithm,
                "the client uses \(algorithm), which the profile's algorithm level \(self.rawValue) refuses: "
                    + "switch the client to AES and SHA-256, or set the level to \(needed.rawValue)"
            )
        }
    }

    /// The sizes of RSA keys that may be certified, in bits.
    public var rsaBits: ClosedRange<Int> {
        (self == .legacy ? 1024 : 2048)...8192
    }
}
