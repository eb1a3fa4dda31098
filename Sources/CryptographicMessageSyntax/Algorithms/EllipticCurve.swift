public import SwiftASN1

/// A curve on which keys are made and signatures verified (RFC 5480 §2.1.1.1).
public enum EllipticCurve: String, Hashable, Sendable, CaseIterable {
    /// secp256r1.
    case p256 = "P-256"
    /// secp384r1.
    case p384 = "P-384"
    /// secp521r1.
    case p521 = "P-521"

    /// Finds the curve that a name means; nil where it is another one.
    public init?(_ name: ASN1ObjectIdentifier) {
        guard let curve = Self.allCases.first(where: { $0.objectIdentifier == name }) else { return nil }
        self = curve
    }

    /// The name of the curve.
    public var objectIdentifier: ASN1ObjectIdentifier {
        switch self {
        case .p256: [1, 2, 840, 10045, 3, 1, 7]
        case .p384: [1, 3, 132, 0, 34]
        case .p521: [1, 3, 132, 0, 35]
        }
    }
}
