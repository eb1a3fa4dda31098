import CLibcrypto
import Crypto
import SwiftASN1

/// A message digest.
public enum DigestAlgorithm: String, Hashable, Sendable, CaseIterable {
    /// MD5, broken; read from clients of the nineties.
    case md5 = "MD5"
    /// SHA-1, broken for signatures by strangers; still what many routers send.
    case sha1 = "SHA-1"
    /// SHA-224.
    case sha224 = "SHA-224"
    /// SHA-256.
    case sha256 = "SHA-256"
    /// SHA-384.
    case sha384 = "SHA-384"
    /// SHA-512.
    case sha512 = "SHA-512"

    /// Whether it is a member of the SHA-2 family.
    public var isSHA2: Bool { self != .md5 && self != .sha1 }

    /// Finds the digest that an identifier names, with NULL parameters or without (RFC 5754 §2).
    ///
    /// - Throws: ``CMSError`` with code `unsupportedAlgorithm`.
    public init(_ identifier: AlgorithmIdentifier) throws(CMSError) {
        guard let digest = Self.allCases.first(where: { $0.objectIdentifier == identifier.algorithm }) else {
            throw CMSError(.unsupportedAlgorithm, "the digest algorithm \(identifier.algorithm) is not supported")
        }
        self = digest
    }

    /// The identifier, with NULL parameters, which every client reads.
    public var identifier: AlgorithmIdentifier {
        AlgorithmIdentifier(self.objectIdentifier, parameters: AlgorithmIdentifier.null)
    }

    var objectIdentifier: ASN1ObjectIdentifier {
        switch self {
        case .md5: .Algorithm.md5
        case .sha1: .Algorithm.sha1
        case .sha224: .Algorithm.sha224
        case .sha256: .Algorithm.sha256
        case .sha384: .Algorithm.sha384
        case .sha512: .Algorithm.sha512
        }
    }

    /// The digest of some bytes.
    public func digest(of bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .md5: Array(Insecure.MD5.hash(data: bytes))
        case .sha1: Array(Insecure.SHA1.hash(data: bytes))
        case .sha224: Self.sha224(bytes)
        case .sha256: Array(SHA256.hash(data: bytes))
        case .sha384: Array(SHA384.hash(data: bytes))
        case .sha512: Array(SHA512.hash(data: bytes))
        }
    }

    /// SHA-224, which swift-crypto does not have.
    private static func sha224(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 28) { buffer, count in
            let result = EVP_Digest(bytes, bytes.count, buffer.baseAddress, nil, EVP_sha224(), nil)
            // EVP_Digest of a built-in digest fails only where memory runs out, as an allocation here would.
            precondition(result == 1, "libcrypto has no SHA-224")
            count = 28
        }
    }
}

extension DigestAlgorithm: Comparable {
    /// Whether one is weaker than another.
    public static func < (one: DigestAlgorithm, other: DigestAlgorithm) -> Bool {
        one.strength < other.strength
    }

    private var strength: Int {
        switch self {
        case .md5: 0
        case .sha1: 1
        case .sha224: 224
        case .sha256: 256
        case .sha384: 384
        case .sha512: 512
        }
    }
}

extension DigestAlgorithm {
    /// The same in libcrypto's terms.
    var libcrypto: OpaquePointer? {
        switch self {
        case .md5: EVP_md5()
        case .sha1: EVP_sha1()
        case .sha224: EVP_sha224()
        case .sha256: EVP_sha256()
        case .sha384: EVP_sha384()
        case .sha512: EVP_sha512()
        }
    }

    /// Refuses a digest that is read and never written.
    ///
    /// - Throws: ``CMSError`` with code `unsupportedAlgorithm`.
    func checkWritten() throws(CMSError) {
        guard self != .md5, self != .sha224 else {
            throw CMSError(.unsupportedAlgorithm, "nothing is signed with \(self.rawValue)")
        }
    }
}
