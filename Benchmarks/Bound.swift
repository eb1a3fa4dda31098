import Crypto
import CryptoExtras
import CryptographicMessageSyntax
import Foundation

/// The least that an enrolment costs when everything is RSA-2048: the RA decrypts the request's key and signs the
/// answer, the CA signs the certificate (three private operations), the client's two signatures are verified, and the
/// answer's key is encrypted.
///
/// With a CA on P-256 only two of the private operations are RSA's, and one is an ECDSA signature.
///
/// There are two bounds, because there are two libraries: swift-crypto's BoringSSL, and libcrypto, which is faster
/// where the processor has AVX-512 and the same elsewhere. UCM does its private operations with libcrypto.
struct Bound: MeasuredOnServersCore {
    static let option = "--bound"

    /// With all operations by swift-crypto, enrolments a second.
    let swiftCrypto: Double
    /// With the private operations by libcrypto, enrolments a second.
    let libcrypto: Double
    /// With the private operations by libcrypto and a CA on P-256, enrolments a second.
    let ellipticCurve: Double

    static func measure() throws -> Bound {
        let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let publicKey = key.publicKey
        let encryption = try _RSA.Encryption.PublicKey(derRepresentation: publicKey.derRepresentation)
        let message: [UInt8] = [1, 2, 3]
        let digest = SHA256.hash(data: message)
        let signature = try key.signature(for: digest, padding: .insecurePKCS1v1_5)
        let secret = [UInt8](repeating: 7, count: 16)
        let verify = try Rate.measure {
            guard publicKey.isValidSignature(signature, for: digest, padding: .insecurePKCS1v1_5) else {
                throw BenchmarkError("a signature does not verify")
            }
        }
        let encrypt = try Rate.measure { _ = try encryption.encrypt(secret, padding: ._WEAK_AND_INSECURE_PKCS_V1_5) }
        let signBySwiftCrypto = try Rate.measure { _ = try key.signature(for: digest, padding: .insecurePKCS1v1_5) }
        let own = try RSAPrivateKey(derEncoded: Array(key.pkcs8DERRepresentation))
        let signByLibcrypto = try Rate.measure { _ = try own.signature(for: message, digest: .sha256) }
        let curve = try ECPrivateKey(curve: .p256)
        let signOnCurve = try Rate.measure { _ = try curve.signature(for: message, digest: .sha256) }
        let publicOperations = 2 / verify + 1 / encrypt
        return Bound(
            swiftCrypto: 1 / (3 / signBySwiftCrypto + publicOperations),
            libcrypto: 1 / (3 / signByLibcrypto + publicOperations),
            ellipticCurve: 1 / (2 / signByLibcrypto + 1 / signOnCurve + publicOperations)
        )
    }

    /// The mean of two measurements, one before and one after what is compared with them.
    static func mean(_ one: Bound, _ other: Bound) -> Bound {
        Bound(
            swiftCrypto: (one.swiftCrypto + other.swiftCrypto) / 2,
            libcrypto: (one.libcrypto + other.libcrypto) / 2,
            ellipticCurve: (one.ellipticCurve + other.ellipticCurve) / 2
        )
    }
}
