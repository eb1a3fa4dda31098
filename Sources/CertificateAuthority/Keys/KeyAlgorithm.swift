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
}
