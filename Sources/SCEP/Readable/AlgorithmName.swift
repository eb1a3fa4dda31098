package import CryptographicMessageSyntax
package import SwiftASN1

/// What people call an algorithm; its object identifier where it has no name here.
package enum AlgorithmName {
    private static let names: [ASN1ObjectIdentifier: String] = [
        [1, 2, 840, 113549, 2, 5]: "MD5",
        [1, 3, 14, 3, 2, 26]: "SHA-1",
        [2, 16, 840, 1, 101, 3, 4, 2, 4]: "SHA-224",
        [2, 16, 840, 1, 101, 3, 4, 2, 1]: "SHA-256",
        [2, 16, 840, 1, 101, 3, 4, 2, 2]: "SHA-384",
        [2, 16, 840, 1, 101, 3, 4, 2, 3]: "SHA-512",
        [1, 2, 840, 113549, 1, 1, 1]: "RSA",
        [1, 2, 840, 113549, 1, 1, 4]: "RSA with MD5",
        [1, 2, 840, 113549, 1, 1, 5]: "RSA with SHA-1",
        [1, 2, 840, 113549, 1, 1, 7]: "RSAES-OAEP",
        [1, 2, 840, 113549, 1, 1, 10]: "RSASSA-PSS",
        [1, 2, 840, 113549, 1, 1, 11]: "RSA with SHA-256",
        [1, 2, 840, 113549, 1, 1, 12]: "RSA with SHA-384",
        [1, 2, 840, 113549, 1, 1, 13]: "RSA with SHA-512",
        [1, 2, 840, 113549, 1, 1, 14]: "RSA with SHA-224",
        [1, 3, 14, 3, 2, 29]: "RSA with SHA-1 (OIW)",
        [1, 2, 840, 10045, 4, 1]: "ECDSA with SHA-1",
        [1, 2, 840, 10045, 4, 3, 1]: "ECDSA with SHA-224",
        [1, 2, 840, 10045, 4, 3, 2]: "ECDSA with SHA-256",
        [1, 2, 840, 10045, 4, 3, 3]: "ECDSA with SHA-384",
        [1, 2, 840, 10045, 4, 3, 4]: "ECDSA with SHA-512",
        [1, 2, 840, 10045, 3, 1, 7]: "P-256",
        [1, 3, 132, 0, 34]: "P-384",
        [1, 3, 132, 0, 35]: "P-521",
        [1, 3, 101, 112]: "Ed25519",
        [1, 2, 840, 113549, 1, 5, 12]: "PBKDF2",
        [1, 2, 840, 113549, 1, 9, 16, 3, 9]: "PWRI-KEK",
        [1, 2, 840, 10045, 2, 1]: "elliptic curve",
        [1, 3, 14, 3, 2, 7]: "DES-CBC",
        [1, 2, 840, 113549, 3, 7]: "3DES-CBC",
        [2, 16, 840, 1, 101, 3, 4, 1, 2]: "AES-128-CBC",
        [2, 16, 840, 1, 101, 3, 4, 1, 22]: "AES-192-CBC",
        [2, 16, 840, 1, 101, 3, 4, 1, 42]: "AES-256-CBC",
    ]

    package static func text(_ identifier: ASN1ObjectIdentifier) -> String {
        self.names[identifier] ?? identifier.dotted
    }

    package static func text(_ identifier: AlgorithmIdentifier) -> String { self.text(identifier.algorithm) }

    package static func text(_ key: SubjectPublicKeyInfo) -> String {
        switch key.kind {
        case .rsa(let bits, let exponent):
            "RSA, \(bits) bits, exponent \(exponent == 0 ? "of more than 64 bits" : "\(exponent)")"
        case .ellipticCurve(let curve): "elliptic curve \(curve.map(self.text) ?? "with parameters of its own")"
        case .other(let identifier): self.text(identifier)
        }
    }
}
