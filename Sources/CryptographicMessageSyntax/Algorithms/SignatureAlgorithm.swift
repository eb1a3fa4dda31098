import SwiftASN1

/// A signature algorithm with its digest: RSASSA-PKCS1-v1_5, RSASSA-PSS or ECDSA.
public struct SignatureAlgorithm: Hashable, Sendable {
    /// How the digest is signed.
    public enum Scheme: Hashable, Sendable {
        /// RSASSA-PKCS1-v1_5 (RFC 8017 §8.2).
        case rsaPKCS1
        /// RSASSA-PSS with the digest of MGF1 and the number of bytes of the salt (RFC 8017 §8.1, RFC 4055 §3).
        case rsaPSS(maskDigest: DigestAlgorithm, saltLength: Int)
        /// ECDSA on P-256, P-384 or P-521 (RFC 5753 §2.1, RFC 5758 §3.2).
        case ecdsa
    }

    /// How the digest is signed.
    public let scheme: Scheme

    /// The digest that is signed.
    public let digest: DigestAlgorithm

    /// The identifier with the digest in it, as certificates and requests name it.
    public let identifier: AlgorithmIdentifier

    /// The weakest digest involved, by which a policy judges: that of MGF1 may be weaker than the message's.
    public var weakestDigest: DigestAlgorithm {
        if case .rsaPSS(let maskDigest, _) = self.scheme { min(self.digest, maskDigest) } else { self.digest }
    }

    /// The identifier as a SignerInfo names it: plain rsaEncryption, which is what every client reads (RFC 3370 §3.2).
    ///
    /// strongSwan refuses the combined identifier there. With the other schemes there is no choice.
    var signerInfoIdentifier: AlgorithmIdentifier {
        guard case .rsaPKCS1 = self.scheme else { return self.identifier }
        return AlgorithmIdentifier(.Algorithm.rsaEncryption, parameters: AlgorithmIdentifier.null)
    }

    /// Puts a scheme and a digest together.
    ///
    /// - Parameters:
    ///   - scheme: How the digest is signed.
    ///   - digest: The digest.
    /// - Throws: ``CMSError``: `unsupportedAlgorithm` where nobody has named the pair, as ECDSA with MD5; `malformed`
    ///   where a salt has a length that no key has room for.
    public init(_ scheme: Scheme, digest: DigestAlgorithm) throws(CMSError) {
        self.scheme = scheme
        self.digest = digest
        switch scheme {
        case .rsaPKCS1:
            self.identifier = AlgorithmIdentifier(digest.withRSA, parameters: AlgorithmIdentifier.null)
        case .rsaPSS(let maskDigest, let saltLength):
            guard digest != .md5, maskDigest != .md5 else {
                throw CMSError(.unsupportedAlgorithm, "RSASSA-PSS with MD5 is not supported")
            }
            guard (0...Self.maximumBits / 8).contains(saltLength) else {
                throw CMSError(.malformed, "RSASSA-PSS with a salt of \(saltLength) bytes, which no key has room for")
            }
            self.identifier = Self.identifier(
                PSSParameters(digest: digest, maskDigest: maskDigest, saltLength: saltLength)
            )
        case .ecdsa:
            guard let algorithm = digest.withECDSA else {
                throw CMSError(.unsupportedAlgorithm, "ECDSA with \(digest.rawValue) is not supported")
            }
            self.identifier = AlgorithmIdentifier(algorithm)
        }
    }

    private static func identifier(_ parameters: PSSParameters) -> AlgorithmIdentifier {
        AlgorithmIdentifier(.Algorithm.rsassaPSS, parameters: DERWriter.encode { $0.serialize(parameters) })
    }

    /// Finds the algorithm that a certificate, request or SignerInfo names.
    ///
    /// - Parameters:
    ///   - identifier: The signatureAlgorithm; NULL parameters may be absent (RFC 4055 §5).
    ///   - digest: The digest that a SignerInfo names separately, for signers that write just `rsaEncryption` or
    ///     `id-ecPublicKey`.
    /// - Throws: ``CMSError``: `unsupportedAlgorithm`, or `malformed` where the parameters of RSASSA-PSS are.
    public init(_ identifier: AlgorithmIdentifier, digest: DigestAlgorithm? = nil) throws(CMSError) {
        let algorithm = identifier.algorithm
        if algorithm == .Algorithm.rsaEncryption, let digest {
            try self.init(.rsaPKCS1, digest: digest)
        } else if algorithm == .Algorithm.ecPublicKey, let digest {
            try self.init(.ecdsa, digest: digest)
        } else if algorithm == .Algorithm.rsassaPSS {
            let parameters = try PSSParameters(encoded: identifier.parameters)
            try self.init(
                .rsaPSS(maskDigest: parameters.maskDigest, saltLength: parameters.saltLength),
                digest: parameters.digest
            )
        } else if algorithm == .Algorithm.oiwSHA1WithRSA {
            try self.init(.rsaPKCS1, digest: .sha1)
        } else if let digest = DigestAlgorithm.allCases.first(where: { $0.withRSA == algorithm }) {
            try self.init(.rsaPKCS1, digest: digest)
        } else if let digest = DigestAlgorithm.allCases.first(where: { $0.withECDSA == algorithm }) {
            try self.init(.ecdsa, digest: digest)
        } else {
            throw CMSError(.unsupportedAlgorithm, "the signature algorithm \(algorithm) is not supported")
        }
    }

    /// Whether a signature is right.
    ///
    /// - Parameters:
    ///   - signature: The signature.
    ///   - message: What was signed.
    ///   - key: The signer's key; one of another type than the algorithm's never verifies.
    /// - Returns: Whether it is.
    public func isValid(_ signature: [UInt8], for message: [UInt8], under key: SubjectPublicKeyInfo) -> Bool {
        switch self.scheme {
        case .rsaPKCS1:
            return PKCS1Signature.isValid(signature, for: message, by: self.digest, under: key)
        case .rsaPSS(let maskDigest, let saltLength):
            // An exponent of 0 stands for one over 64 bits, which nobody uses and which is slow on purpose.
            guard case .rsa(let bits, let exponent) = key.kind, bits <= Self.maximumBits, exponent > 0,
                let publicKey = LibcryptoPublicKey(key)
            else { return false }
            return publicKey.isValidPSS(
                signature,
                ofDigest: self.digest.digest(of: message),
                by: self.digest,
                maskDigest: maskDigest,
                saltLength: saltLength
            )
        case .ecdsa:
            guard key.curve != nil, let publicKey = LibcryptoPublicKey(key) else { return false }
            return publicKey.isValidECDSA(signature, ofDigest: self.digest.digest(of: message))
        }
    }

    /// The largest modulus that is worked with; a larger one would be a cheap way to keep the server busy.
    static let maximumBits = 8192
}

extension DigestAlgorithm {
    /// RSASSA-PKCS1-v1_5 with this digest (RFC 4055 §5).
    fileprivate var withRSA: ASN1ObjectIdentifier {
        switch self {
        case .md5: .Algorithm.md5WithRSA
        case .sha1: .Algorithm.sha1WithRSA
        case .sha224: .Algorithm.sha224WithRSA
        case .sha256: .Algorithm.sha256WithRSA
        case .sha384: .Algorithm.sha384WithRSA
        case .sha512: .Algorithm.sha512WithRSA
        }
    }

    /// ECDSA with this digest (RFC 5758 §3.2).
    fileprivate var withECDSA: ASN1ObjectIdentifier? {
        switch self {
        case .md5: nil
        case .sha1: .Algorithm.ecdsaWithSHA1
        case .sha224: .Algorithm.ecdsaWithSHA224
        case .sha256: .Algorithm.ecdsaWithSHA256
        case .sha384: .Algorithm.ecdsaWithSHA384
        case .sha512: .Algorithm.ecdsaWithSHA512
        }
    }
}
