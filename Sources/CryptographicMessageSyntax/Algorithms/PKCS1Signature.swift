import Crypto
import CryptoExtras
import SwiftASN1

/// Verifies RSASSA-PKCS1-v1_5 (RFC 8017 §8.2.2), also as old and odd clients sign.
enum PKCS1Signature {
    /// Whether a signature is right.
    ///
    /// - Parameters:
    ///   - signature: The signature.
    ///   - message: What was signed.
    ///   - digest: The digest that was signed.
    ///   - key: The signer's key; one that is not RSA never verifies.
    /// - Returns: Whether it is.
    static func isValid(
        _ signature: [UInt8],
        for message: [UInt8],
        by digest: DigestAlgorithm,
        under key: SubjectPublicKeyInfo
    ) -> Bool {
        guard let bits = key.rsaBits, bits <= SignatureAlgorithm.maximumBits else { return false }
        guard digest != .md5, digest != .sha224, bits >= 1024, let rsa = try? key.signingKey() else {
            return Self.isValidByRecovery(signature, for: message, by: digest, under: key)
        }
        let value = _RSA.Signing.RSASignature(rawRepresentation: signature)
        // swift-crypto traps on other digests than these.
        return switch digest {
        case .sha1:
            rsa.isValidSignature(value, for: Insecure.SHA1.hash(data: message), padding: .insecurePKCS1v1_5)
                || Self.isValidByRecovery(signature, for: message, by: digest, under: key)
        case .sha256: rsa.isValidSignature(value, for: SHA256.hash(data: message), padding: .insecurePKCS1v1_5)
        case .sha384: rsa.isValidSignature(value, for: SHA384.hash(data: message), padding: .insecurePKCS1v1_5)
        case .sha512: rsa.isValidSignature(value, for: SHA512.hash(data: message), padding: .insecurePKCS1v1_5)
        case .md5, .sha224: false
        }
    }

    /// Verifies what swift-crypto does not: MD5, SHA-224, keys below 1024 bits and, with the old digests, a DigestInfo
    /// without NULL, as an old Java client sends it.
    ///
    /// The padded block is recovered by libcrypto and compared whole with the ones that would be right, so there is
    /// nothing lenient to parse.
    private static func isValidByRecovery(
        _ signature: [UInt8],
        for message: [UInt8],
        by algorithm: DigestAlgorithm,
        under key: SubjectPublicKeyInfo
    ) -> Bool {
        guard let publicKey = LibcryptoPublicKey(key), let recovered = publicKey.recoveredBlock(signature) else {
            return false
        }
        let digest = algorithm.digest(of: message)
        let withNull = algorithm.identifier
        let withoutNull = AlgorithmIdentifier(withNull.algorithm)
        return (algorithm.isSHA2 ? [withNull] : [withNull, withoutNull]).contains { identifier in
            let digestInfo = DERWriter.encode { coder in
                coder.appendConstructed(.sequence) { coder in
                    coder.serialize(identifier)
                    coder.appendOctetString(digest)
                }
            }
            guard recovered.count >= digestInfo.count + 11 else { return false }
            let filling = [UInt8](repeating: 0xff, count: recovered.count - digestInfo.count - 3)
            return [0x00, 0x01] + filling + [0x00] + digestInfo == recovered
        }
    }
}
