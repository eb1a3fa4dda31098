public import CryptographicMessageSyntax
import SwiftASN1

/// The kinds of key that a CA can have.
public enum KeyAlgorithm: String, Hashable, Sendable, CaseIterable {
    /// RSA with a modulus of 2048 bits.
    case rsa2048
    /// RSA with a modulus of 3072 bits.
    case rsa3072
    /// RSA with a modulus of 4096 bits.
    case rsa4096
    /// ECDSA on P-256.
    case p256
    /// ECDSA on P-384.
    case p384

    /// Whether the key can decrypt, and so answer SCEP requests itself.
    public var isRSA: Bool { self != .p256 && self != .p384 }

    /// The name for people.
    public var readableName: String {
        switch self {
        case .rsa2048: "RSA 2048"
        case .rsa3072: "RSA 3072"
        case .rsa4096: "RSA 4096"
        case .p256: "ECDSA P-256"
        case .p384: "ECDSA P-384"
        }
    }
}

extension KeyAlgorithm {
    /// The kind of a key; nil for one that a CA of ours cannot have.
    public init?(_ key: SubjectPublicKeyInfo) {
        switch key.kind {
        case .rsa(bits: 2048, _): self = .rsa2048
        case .rsa(bits: 3072, _): self = .rsa3072
        case .rsa(bits: 4096, _): self = .rsa4096
        case .ellipticCurve([1, 2, 840, 10045, 3, 1, 7]?): self = .p256
        case .ellipticCurve([1, 3, 132, 0, 34]?): self = .p384
        case .rsa, .ellipticCurve, .other: return nil
        }
    }
}
