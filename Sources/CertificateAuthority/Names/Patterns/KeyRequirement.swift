public import CryptographicMessageSyntax

/// Which keys may be certified: `rsa` of any size, `rsa3072` for that many bits or more, `p256`, `p384`, `p521`, or `ec`
/// for any of these three curves.
public enum KeyRequirement: PolicyNotation {
    /// RSA, of a number of bits or more; nil for any size.
    case rsa(minimumBits: Int?)
    /// A curve.
    case curve(EllipticCurve)
    /// Any curve on which keys are certified.
    case anyCurve

    /// The sizes that can be asked for.
    static let rsaBits = 1024...16_384

    /// Reads a requirement.
    ///
    /// - Parameter text: What somebody wrote, in small letters or capitals.
    /// - Throws: ``PolicySyntaxError``.
    public init(parsing text: String) throws(PolicySyntaxError) {
        let written = text.lowercased()
        if written == "ec" {
            self = .anyCurve
        } else if written == "rsa" {
            self = .rsa(minimumBits: nil)
        } else if let curve = EllipticCurve.allCases.first(where: { Self.name(of: $0) == written }) {
            self = .curve(curve)
        } else if written.hasPrefix("rsa") {
            let digits = written.dropFirst(3)
            guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), digits.first != "0", let bits = Int(digits),
                Self.rsaBits.contains(bits)
            else {
                let sizes = "\(Self.rsaBits.lowerBound) to \(Self.rsaBits.upperBound)"
                throw PolicySyntaxError(text, at: 3, "the bits of an RSA key are a number from \(sizes): rsa3072")
            }
            self = .rsa(minimumBits: bits)
        } else {
            throw PolicySyntaxError(text, at: 0, "no kind of key; write rsa, rsa3072, p256, p384, p521 or ec")
        }
    }

    /// The requirement as it is written.
    public var description: String {
        switch self {
        case .rsa(let bits): "rsa" + (bits.map { "\($0)" } ?? "")
        case .curve(let curve): Self.name(of: curve)
        case .anyCurve: "ec"
        }
    }

    private static func name(of curve: EllipticCurve) -> String {
        switch curve {
        case .p256: "p256"
        case .p384: "p384"
        case .p521: "p521"
        }
    }

    /// Whether a key is of this kind.
    public func allows(_ key: SubjectPublicKeyInfo) -> Bool {
        switch self {
        case .rsa(let minimum): key.rsaBits.map { $0 >= minimum ?? 0 } ?? false
        case .curve(let curve): key.curve == curve
        case .anyCurve: key.curve != nil
        }
    }
}
