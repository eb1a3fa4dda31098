import CryptoExtras
import Foundation
public import SwiftASN1

/// A public key as certificates and requests carry it.
///
/// ```
/// SubjectPublicKeyInfo ::= SEQUENCE {
///     algorithm         AlgorithmIdentifier,
///     subjectPublicKey  BIT STRING }
/// ```
/// RFC 5280 §4.1.
public struct SubjectPublicKeyInfo: Sendable {
    /// What sort of key it is.
    public enum Kind: Hashable, Sendable {
        /// RSA, with the number of bits of its modulus and its public exponent (0 where it exceeds 64 bits).
        case rsa(bits: Int, exponent: UInt64)
        /// An elliptic curve, by its name; nil where it has none.
        case ellipticCurve(ASN1ObjectIdentifier?)
        /// Something else.
        case other(ASN1ObjectIdentifier)
    }

    /// The whole structure as it was received.
    public let derEncoded: [UInt8]

    /// What sort of key it is.
    public let kind: Kind

    /// The bits of the key, without the algorithm, whose parameters some clients write and some leave out.
    package let subjectPublicKey: [UInt8]

    /// What swift-crypto makes of it.
    private let keys: PublicRSAKeys

    /// Whether it is RSA and its algorithm has no NULL behind it, as some clients write it (RFC 3279 §2.3.1 wants one).
    private let lacksNull: Bool

    /// The same key as RFC 3279 §2.3.1 has it, which is how it is certified and how libraries read it.
    package var normalized: SubjectPublicKeyInfo {
        guard self.lacksNull else { return self }
        let encoded = DERWriter.encode { coder in
            coder.appendConstructed(.sequence) { coder in
                coder.serialize(AlgorithmIdentifier(.Algorithm.rsaEncryption, parameters: AlgorithmIdentifier.null))
                coder.appendBitString(self.subjectPublicKey)
            }
        }
        return (try? SubjectPublicKeyInfo(derEncoded: encoded)) ?? self
    }

    /// The modulus of an RSA key, big-endian without leading zeros; nil for other keys.
    package var rsaModulus: [UInt8]? {
        guard case .rsa = self.kind else { return nil }
        return try? decodeBER(self.subjectPublicKey[...], as: "RSAPublicKey") { root in
            var nodes = try root.children(tagged: .sequence, of: "RSAPublicKey")
            return Array(try ArraySlice<UInt8>(berEncoded: try nodes.require("modulus")).drop { $0 == 0 })
        }
    }

    /// Whether this is the same key, however its algorithm is written.
    public func isSameKey(as other: SubjectPublicKeyInfo) -> Bool {
        self.kind == other.kind && self.subjectPublicKey == other.subjectPublicKey
    }

    /// Reads a public key.
    ///
    /// - Throws: ``CMSError`` with code `malformed`.
    public init(derEncoded bytes: [UInt8]) throws(CMSError) {
        self = try decodeBER(bytes[...], as: "SubjectPublicKeyInfo", SubjectPublicKeyInfo.init(node:))
    }

    package init(node: ASN1Node) throws {
        var nodes = try node.children(tagged: .sequence, of: "SubjectPublicKeyInfo")
        let algorithm = try AlgorithmIdentifier(node: try nodes.require("algorithm"))
        let key = try ASN1BitString(berEncoded: try nodes.require("subjectPublicKey")).bytes
        self.derEncoded = node.bytes
        self.subjectPublicKey = Array(key)
        self.keys = PublicRSAKeys()
        self.lacksNull = algorithm.algorithm == .Algorithm.rsaEncryption && algorithm.parameters == nil
        switch algorithm.algorithm {
        case .Algorithm.rsaEncryption:
            self.kind = try Self.rsa(key)
        case .Algorithm.ecPublicKey:
            self.kind = .ellipticCurve(
                try? decodeBER((algorithm.parameters ?? [])[...], as: "curve") {
                    try ASN1ObjectIdentifier(berEncoded: $0)
                }
            )
        default:
            self.kind = .other(algorithm.algorithm)
        }
    }

    /// `RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }`, RFC 8017 §A.1.1.
    private static func rsa(_ key: ArraySlice<UInt8>) throws -> Kind {
        try decodeBER(key, as: "RSAPublicKey") { root in
            var nodes = try root.children(tagged: .sequence, of: "RSAPublicKey")
            let modulus = try ArraySlice<UInt8>(berEncoded: try nodes.require("modulus")).drop { $0 == 0 }
            let exponent = try ArraySlice<UInt8>(berEncoded: try nodes.require("publicExponent")).drop { $0 == 0 }
            let bits = modulus.first.map { modulus.count * 8 - $0.leadingZeroBitCount } ?? 0
            return .rsa(bits: bits, exponent: exponent.count > 8 ? 0 : exponent.reduce(0) { $0 << 8 | UInt64($1) })
        }
    }

    /// The number of bits of an RSA key's modulus; nil for other keys.
    public var rsaBits: Int? {
        if case .rsa(let bits, _) = self.kind { bits } else { nil }
    }

    /// The curve of a key on an elliptic curve; nil for other keys, and for curves on which nothing is verified.
    public var curve: EllipticCurve? {
        if case .ellipticCurve(let name?) = self.kind { EllipticCurve(name) } else { nil }
    }

    /// Refuses a key by which no signature is ever verified, whatever the algorithm.
    ///
    /// - Throws: ``CMSError`` with code `unsupportedAlgorithm`.
    func checkVerifies() throws(CMSError) {
        switch self.kind {
        case .rsa: break
        case .ellipticCurve(let name):
            guard self.curve == nil else { break }
            throw CMSError(
                .unsupportedAlgorithm,
                "the signer's key is on \(name.map { "the curve \($0)" } ?? "a curve without name"), "
                    + "which is not supported: use RSA, P-256, P-384 or P-521"
            )
        case .other(.Algorithm.rsassaPSS):
            throw CMSError(
                .unsupportedAlgorithm,
                "the signer's key is named id-RSASSA-PSS, which is not supported: use an RSA key that is named "
                    + "rsaEncryption, which can sign with RSASSA-PSS too"
            )
        case .other(let algorithm):
            throw CMSError(.unsupportedAlgorithm, "the signer's key is of type \(algorithm), which is not supported")
        }
    }

    /// Encrypts a content-encryption key for the owner of this key.
    ///
    /// - Throws: ``CMSError`` with code `key` where it is no usable RSA key.
    func encrypt(_ contentEncryptionKey: [UInt8], transport: KeyTransportAlgorithm) throws(CMSError) -> [UInt8] {
        guard case .rsa = self.kind else {
            throw CMSError(.key, "only an RSA key can receive a content-encryption key")
        }
        do {
            return Array(try self.encryptionKey().encrypt(contentEncryptionKey, padding: transport.padding))
        } catch {
            throw CMSError(.key, "the RSA key cannot be used to encrypt: \(error)")
        }
    }

    /// Whether a content-encryption key can be encrypted for the owner of this key: it is RSA, neither too small (1024
    /// bits, or 2048 where they are no whole bytes) nor with an exponent that nobody uses.
    package var canReceiveKeys: Bool { (try? self.encryptionKey()) != nil }

    /// The key that encrypts; swift-crypto takes a modulus of, say, 2050 bits only by its numbers.
    private func encryptionKey() throws -> _RSA.Encryption.PublicKey {
        try self.keys.encryption {
            guard case .rsa(let bits, let exponent) = self.kind, bits % 8 != 0, let modulus = self.rsaModulus else {
                return try _RSA.Encryption.PublicKey(unsafeDERRepresentation: self.normalized.derEncoded)
            }
            return try _RSA.Encryption.PublicKey(n: modulus, e: withUnsafeBytes(of: exponent.bigEndian) { Array($0) })
        }
    }

    /// The key that verifies.
    ///
    /// - Throws: swift-crypto's error where it does not take the key.
    func signingKey() throws -> _RSA.Signing.PublicKey {
        try self.keys.signing { try _RSA.Signing.PublicKey(unsafeDERRepresentation: self.normalized.derEncoded) }
    }
}

extension SubjectPublicKeyInfo: Hashable {
    /// Two are equal where every byte is.
    public static func == (one: SubjectPublicKeyInfo, other: SubjectPublicKeyInfo) -> Bool {
        one.derEncoded == other.derEncoded
    }

    /// Feeds the bytes.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(self.derEncoded)
    }
}

extension KeyTransportAlgorithm {
    /// The same in swift-crypto's terms.
    var padding: _RSA.Encryption.Padding {
        switch self {
        case .pkcs1: ._WEAK_AND_INSECURE_PKCS_V1_5
        case .oaepSHA1: .PKCS1_OAEP
        case .oaepSHA256: .PKCS1_OAEP_SHA256
        }
    }
}
