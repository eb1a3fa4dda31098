import CLibcrypto
import SwiftASN1

/// The derivation of a key from a password.
///
/// ```
/// PBKDF2-params ::= SEQUENCE {
///     salt            CHOICE { specified OCTET STRING, otherSource AlgorithmIdentifier },
///     iterationCount  INTEGER (1..MAX),
///     keyLength       INTEGER (1..MAX) OPTIONAL,
///     prf             AlgorithmIdentifier DEFAULT algid-hmacWithSHA1 }
/// ```
/// RFC 8018 §5.2 and §A.2.
struct PBKDF2: Hashable, Sendable {
    /// How often the function is applied to make a new key.
    ///
    /// The password of an answer is the challenge of its request, which may be one that all devices share: whoever
    /// listens can try guesses on what he has recorded. 100,000 cost a server about twenty milliseconds, and only where a
    /// client has an ECDSA key; somebody who guesses pays as much for each guess.
    static let usualIterations = 100_000

    /// The most that is computed for somebody else, before whom we have no reason to work for long.
    static let maximumIterations = 1_000_000

    /// The salt.
    var salt: [UInt8]
    /// How often the function is applied.
    var iterations: Int
    /// The length of the key, where the parameters say it.
    var keyLength: Int?
    /// The digest of the HMAC.
    var digest: DigestAlgorithm

    /// A derivation with a new salt, as we write it.
    init(iterations: Int = Self.usualIterations) {
        self.salt = .random(count: 16)
        self.iterations = iterations
        self.digest = .sha256
    }

    /// Finds the derivation that an identifier names.
    ///
    /// - Throws: ``CMSError``: `unsupportedAlgorithm`, `malformed`, or `tooComplex` where it has too many iterations.
    init(_ identifier: AlgorithmIdentifier) throws(CMSError) {
        guard identifier.algorithm == .Algorithm.pbkdf2, let parameters = identifier.parameters else {
            throw CMSError(
                .unsupportedAlgorithm,
                "the key derivation algorithm \(identifier.algorithm) is not supported, PBKDF2 with parameters is"
            )
        }
        self = try decodeBER(parameters[...], as: "PBKDF2-params", PBKDF2.init(node:))
        guard self.iterations >= 1 else { throw CMSError(.malformed, "PBKDF2 with \(self.iterations) iterations") }
        guard self.iterations <= Self.maximumIterations else {
            throw CMSError(
                .tooComplex,
                "PBKDF2 with \(self.iterations) iterations, at most \(Self.maximumIterations) are computed"
            )
        }
    }

    private init(node: ASN1Node) throws {
        var nodes = try node.children(tagged: .sequence, of: "PBKDF2-params")
        let salt = try nodes.require("salt")
        guard salt.identifier != .sequence else {
            throw CMSError(.unsupportedAlgorithm, "PBKDF2 with a salt from another source")
        }
        self.salt = Array(try ASN1OctetString(berEncoded: salt).bytes)
        self.iterations = try Int(berEncoded: try nodes.require("iterationCount"))
        self.keyLength = try nodes.next(tagged: .integer).map { try Int(berEncoded: $0) }
        let function = try nodes.next(tagged: .sequence).map { try AlgorithmIdentifier(node: $0).algorithm }
        guard let digest = DigestAlgorithm.allCases.first(where: { $0.hmac == function ?? .Algorithm.hmacWithSHA1 })
        else {
            throw CMSError(.unsupportedAlgorithm, "PBKDF2 with a function other than HMAC with SHA-1 or SHA-2")
        }
        self.digest = digest
    }

    /// The identifier with all parameters.
    ///
    /// - Throws: ``CMSError`` with code `unsupportedAlgorithm`, or an ASN.1 error.
    var identifier: AlgorithmIdentifier {
        get throws {
            guard let function = self.digest.hmac else {
                throw CMSError(.unsupportedAlgorithm, "PBKDF2 with \(self.digest.rawValue) is not supported")
            }
            let parameters = DERWriter.encode { coder in
                coder.appendConstructed(.sequence) { coder in
                    coder.appendOctetString(self.salt)
                    coder.serialize(self.iterations)
                    if let keyLength = self.keyLength { coder.serialize(keyLength) }
                    // The default is left out (X.690 §11.5).
                    if self.digest != .sha1 {
                        coder.serialize(AlgorithmIdentifier(function, parameters: AlgorithmIdentifier.null))
                    }
                }
            }
            return AlgorithmIdentifier(.Algorithm.pbkdf2, parameters: parameters)
        }
    }

    /// Derives a key.
    ///
    /// - Parameters:
    ///   - password: The password.
    ///   - length: How many bytes the key has.
    /// - Returns: The key.
    /// - Throws: ``CMSError``: `malformed` where the parameters say another length, `key` where libcrypto refuses.
    func key(from password: [UInt8], length: Int) throws(CMSError) -> [UInt8] {
        guard self.keyLength ?? length == length else {
            throw CMSError(.malformed, "PBKDF2 for \(self.keyLength ?? 0) bytes, but the cipher's key has \(length)")
        }
        var key = [UInt8](repeating: 0, count: length)
        guard let passwordLength = CInt(exactly: password.count), let saltLength = CInt(exactly: self.salt.count),
            let iterations = CInt(exactly: self.iterations), let keyLength = CInt(exactly: length),
            PKCS5_PBKDF2_HMAC(
                password.map { CChar(bitPattern: $0) },
                passwordLength,
                self.salt,
                saltLength,
                iterations,
                self.digest.libcrypto,
                keyLength,
                &key
            ) == 1
        else {
            ERR_clear_error()
            throw CMSError(.key, "libcrypto derives no key from the password")
        }
        return key
    }
}

extension DigestAlgorithm {
    /// HMAC with this digest (RFC 8018 §B.1.2).
    fileprivate var hmac: ASN1ObjectIdentifier? {
        switch self {
        case .md5: nil
        case .sha1: .Algorithm.hmacWithSHA1
        case .sha224: .Algorithm.hmacWithSHA224
        case .sha256: .Algorithm.hmacWithSHA256
        case .sha384: .Algorithm.hmacWithSHA384
        case .sha512: .Algorithm.hmacWithSHA512
        }
    }
}
