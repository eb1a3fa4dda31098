import Crypto
import CryptographicMessageSyntax
import SwiftASN1

/// Which keys are certified.
enum KeyPolicy {
    /// Refuses a key that is too small, of another kind, or known to be weak.
    ///
    /// - Parameters:
    ///   - key: The key to be certified.
    ///   - rsaBits: The sizes of RSA keys that are accepted.
    /// - Throws: ``IssuanceError``: `key` or `weakKey`.
    static func check(_ key: SubjectPublicKeyInfo, rsaBits: ClosedRange<Int>) throws(IssuanceError) {
        switch key.kind {
        case .rsa(let bits, let exponent):
            guard rsaBits.contains(bits) else {
                throw IssuanceError(
                    .key,
                    "the RSA key has \(bits) bits, \(rsaBits.lowerBound) to \(rsaBits.upperBound) are accepted"
                )
            }
            guard Self.isDER(key), let modulus = key.rsaModulus else {
                throw IssuanceError(.key, "the RSA key is not written as DER, so the certificate would not be either")
            }
            // An exponent of 0 stands for one over 64 bits, which no honest client makes. A small one makes sloppy
            // padding fatal (a cube root), which only a large modulus makes unlikely to matter. More than 33 bits, or
            // an even modulus, is nothing that the answer could be encrypted with (BoringSSL refuses both).
            guard exponent >= (bits < 2048 ? 65_537 : 3), exponent < 1 << 33, exponent % 2 == 1 else {
                throw IssuanceError(.weakKey, "the RSA key has the public exponent \(exponent), 65537 is usual")
            }
            guard modulus.last.map({ $0 % 2 == 1 }) ?? false else {
                throw IssuanceError(.weakKey, "the RSA key has an even modulus")
            }
            guard !ROCA.isVulnerable(modulus: modulus) else {
                throw IssuanceError(.weakKey, "the RSA key was made by a chip with the ROCA flaw (CVE-2017-15361)")
            }
        case .ellipticCurve(let curve):
            guard let curve, let name = Self.curves[curve] else {
                throw IssuanceError(
                    .key,
                    "the ECDSA key is on \(curve.map { "the curve \($0)" } ?? "a curve without a name"), accepted are "
                        + "P-256, P-384 and P-521"
                )
            }
            // A point has one encoding here, the uncompressed one, by which a reserved key is recognised.
            guard let encoded = Self.derEncoded(point: key.subjectPublicKey, on: curve) else {
                throw IssuanceError(.key, "the ECDSA key is no uncompressed point of \(name)")
            }
            guard encoded == key.derEncoded else {
                throw IssuanceError(.key, "the ECDSA key is not written as DER, so the certificate would not be either")
            }
        case .other(let algorithm):
            throw IssuanceError(.key, "the key is for the algorithm \(algorithm), accepted are RSA and ECDSA keys")
        }
    }

    /// The curves on which keys are certified (RFC 5480 §2.1.1.1).
    private static let curves: [ASN1ObjectIdentifier: String] = [
        .NamedCurves.secp256r1: "P-256",
        .NamedCurves.secp384r1: "P-384",
        .NamedCurves.secp521r1: "P-521",
    ]

    /// The SubjectPublicKeyInfo of a point, as DER has it; nil where it is not on the curve, or not uncompressed.
    private static func derEncoded(point: [UInt8], on curve: ASN1ObjectIdentifier) -> [UInt8]? {
        switch curve {
        case .NamedCurves.secp256r1:
            (try? P256.Signing.PublicKey(x963Representation: point)).map { Array($0.derRepresentation) }
        case .NamedCurves.secp384r1:
            (try? P384.Signing.PublicKey(x963Representation: point)).map { Array($0.derRepresentation) }
        case .NamedCurves.secp521r1:
            (try? P521.Signing.PublicKey(x963Representation: point)).map { Array($0.derRepresentation) }
        default: nil
        }
    }

    /// Whether an RSA key is DER throughout.
    ///
    /// Requests are read as BER, but the key goes into the certificate as it is. Written in one way only, it is also
    /// sure to be recognised as one that is reserved.
    private static func isDER(_ key: SubjectPublicKeyInfo) -> Bool {
        guard (try? DER.parse(key.derEncoded)) != nil, let numbers = try? DER.parse(key.subjectPublicKey) else {
            return false
        }
        let isSequence: Void? = try? DER.sequence(numbers, identifier: .sequence) { nodes in
            _ = try ArraySlice<UInt8>(derEncoded: &nodes)
            _ = try ArraySlice<UInt8>(derEncoded: &nodes)
        }
        return isSequence != nil
    }
}

/// The fingerprint of keys made by Infineon's library (Nemec et al., "The Return of Coppersmith's Attack", 2017):
/// modulo each of these primes their modulus is a power of 65537.
enum ROCA {
    private static let primes = [
        11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157,
    ]

    /// For each prime, the residues that are powers of 65537.
    private static let powers: [(prime: Int, residues: Set<Int>)] = Self.primes.map { prime in
        var residues: Set<Int> = []
        var power = 1
        while residues.insert(power).inserted { power = power * 65_537 % prime }
        return (prime, residues)
    }

    static func isVulnerable(modulus: [UInt8]) -> Bool {
        self.powers.allSatisfy { prime, residues in
            residues.contains(modulus.reduce(0) { ($0 * 256 + Int($1)) % prime })
        }
    }
}
