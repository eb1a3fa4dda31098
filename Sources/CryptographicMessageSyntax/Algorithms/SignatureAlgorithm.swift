import CLibcrypto
import Crypto
import CryptoExtras
import SwiftASN1

/// A signature algorithm: RSASSA-PKCS1-v1_5 with a digest (RFC 8017 §8.2).
public struct SignatureAlgorithm: Hashable, Sendable {
    /// The digest that is signed.
    public var digest: DigestAlgorithm

    /// Finds the algorithm that a certificate, request or SignerInfo names.
    ///
    /// - Parameters:
    ///   - identifier: The signatureAlgorithm; NULL parameters may be absent (RFC 4055 §5).
    ///   - digest: The digest that a SignerInfo names separately, for signers that write just `rsaEncryption`.
    /// - Throws: ``CMSError`` with code `unsupportedAlgorithm`.
    public init(_ identifier: AlgorithmIdentifier, digest: DigestAlgorithm? = nil) throws(CMSError) {
        switch identifier.algorithm {
        case .Algorithm.rsaEncryption where digest != nil: self.digest = digest ?? .sha256
        case .Algorithm.md5WithRSA: self.digest = .md5
        case .Algorithm.sha1WithRSA, .Algorithm.oiwSHA1WithRSA: self.digest = .sha1
        case .Algorithm.sha224WithRSA: self.digest = .sha224
        case .Algorithm.sha256WithRSA: self.digest = .sha256
        case .Algorithm.sha384WithRSA: self.digest = .sha384
        case .Algorithm.sha512WithRSA: self.digest = .sha512
        default:
            throw CMSError(
                .unsupportedAlgorithm,
                "the signature algorithm \(identifier.algorithm) is not supported"
            )
        }
    }

    init(digest: DigestAlgorithm) {
        self.digest = digest
    }

    /// The identifier with the digest in it, as certificates and requests name it.
    public var identifier: AlgorithmIdentifier {
        let algorithm: ASN1ObjectIdentifier =
            switch self.digest {
            case .md5: .Algorithm.md5WithRSA
            case .sha1: .Algorithm.sha1WithRSA
            case .sha224: .Algorithm.sha224WithRSA
            case .sha256: .Algorithm.sha256WithRSA
            case .sha384: .Algorithm.sha384WithRSA
            case .sha512: .Algorithm.sha512WithRSA
            }
        return AlgorithmIdentifier(algorithm, parameters: AlgorithmIdentifier.null)
    }

    /// Whether a signature is right.
    ///
    /// - Parameters:
    ///   - signature: The signature.
    ///   - message: What was signed.
    ///   - key: The signer's key; one that is not RSA never verifies.
    /// - Returns: Whether it is.
    public func isValid(_ signature: [UInt8], for message: [UInt8], under key: SubjectPublicKeyInfo) -> Bool {
        guard let bits = key.rsaBits, bits <= Self.maximumBits else { return false }
        switch self.digest {
        case .md5, .sha224:
            return self.isValidByRecovery(signature, for: message, under: key)
        case .sha1, .sha256, .sha384, .sha512:
            guard bits >= 1024, let rsa = try? key.signingKey() else {
                return self.isValidByRecovery(signature, for: message, under: key)
            }
            let value = _RSA.Signing.RSASignature(rawRepresentation: signature)
            return switch self.digest {
            case .sha1:
                rsa.isValidSignature(value, for: Insecure.SHA1.hash(data: message), padding: .insecurePKCS1v1_5)
                    || self.isValidByRecovery(signature, for: message, under: key)
            case .sha384: rsa.isValidSignature(value, for: SHA384.hash(data: message), padding: .insecurePKCS1v1_5)
            case .sha512: rsa.isValidSignature(value, for: SHA512.hash(data: message), padding: .insecurePKCS1v1_5)
            default: rsa.isValidSignature(value, for: SHA256.hash(data: message), padding: .insecurePKCS1v1_5)
            }
        }
    }

    /// The largest modulus that is worked with; a larger one would be a cheap way to keep the server busy.
    static let maximumBits = 8192

    /// Verifies what swift-crypto does not: MD5, SHA-224, keys below 1024 bits and, with the old digests, a DigestInfo
    /// without NULL, as an old Java client sends it.
    ///
    /// The padded block is recovered by libcrypto and compared whole with the ones that would be right, so there is
    /// nothing lenient to parse (RFC 8017 §8.2.2).
    private func isValidByRecovery(
        _ signature: [UInt8],
        for message: [UInt8],
        under key: SubjectPublicKeyInfo
    ) -> Bool {
        guard let recovered = Self.recover(signature, key: key) else { return false }
        let digest = self.digest.digest(of: message)
        let withNull = self.digest.identifier
        let withoutNull = AlgorithmIdentifier(withNull.algorithm)
        return (self.digest.isSHA2 ? [withNull] : [withNull, withoutNull]).contains { identifier in
            let digestInfo = try? DER.Serializer.encode { coder in
                try coder.appendConstructed(.sequence) { coder in
                    try coder.serialize(identifier)
                    coder.appendOctetString(digest)
                }
            }
            guard let digestInfo, recovered.count >= digestInfo.count + 11 else { return false }
            let filling = [UInt8](repeating: 0xff, count: recovered.count - digestInfo.count - 3)
            return [0x00, 0x01] + filling + [0x00] + digestInfo == recovered
        }
    }

    /// The public operation on a signature, without looking at the padding.
    private static func recover(_ signature: [UInt8], key: SubjectPublicKeyInfo) -> [UInt8]? {
        key.derEncoded.withUnsafeBufferPointer { buffer -> [UInt8]? in
            var pointer = buffer.baseAddress
            guard let publicKey = d2i_PUBKEY(nil, &pointer, buffer.count) else { return nil }
            defer { EVP_PKEY_free(publicKey) }
            guard let context = EVP_PKEY_CTX_new(publicKey, nil) else { return nil }
            defer { EVP_PKEY_CTX_free(context) }
            var length = Int(EVP_PKEY_get_size(publicKey))
            guard length > 0, signature.count == length,
                EVP_PKEY_verify_recover_init(context) == 1,
                EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1
            else { return nil }
            var recovered = [UInt8](repeating: 0, count: length)
            guard EVP_PKEY_verify_recover(context, &recovered, &length, signature, signature.count) == 1,
                length == recovered.count
            else { return nil }
            return recovered
        }
    }
}
