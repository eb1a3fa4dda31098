import Crypto
import CryptographicMessageSyntax
import SwiftASN1

/// A certificate or a CRL seen as what it is signed as.
///
/// ```
/// Certificate ::= SEQUENCE {
///     tbsCertificate      TBSCertificate,
///     signatureAlgorithm  AlgorithmIdentifier,
///     signatureValue      BIT STRING }
/// ```
/// RFC 5280 §4.1; CertificateList (§5.1) is the same.
struct SignedStructure: Hashable, Sendable {
    /// What was signed, as it was received.
    let toBeSigned: [UInt8]
    /// How it was signed.
    let algorithm: AlgorithmIdentifier
    /// The signature.
    let signature: [UInt8]

    /// Reads the three parts.
    ///
    /// - Parameters:
    ///   - bytes: DER.
    ///   - what: The name of the structure, for the error.
    /// - Throws: ``CMSError`` with code `malformed`.
    init(encoded bytes: [UInt8], as what: String) throws(CMSError) {
        var outer = FlatElements(bytes[...])
        var parts = FlatElements(try outer.require(tag: 0x30, what).content)
        self.toBeSigned = Array(try parts.require(tag: 0x30, "the signed part of the \(what)").encoded)
        self.algorithm = try decodeBER(
            try parts.require(tag: 0x30, "signatureAlgorithm").encoded,
            as: "signatureAlgorithm",
            AlgorithmIdentifier.init(node:)
        )
        self.signature = try decodeBER(try parts.require(tag: 0x03, "signature").encoded, as: "signature") {
            Array(try ASN1BitString(berEncoded: $0).bytes)
        }
    }

    /// Whether the signature verifies under a key.
    func isSigned(by key: SubjectPublicKeyInfo) -> Bool {
        if case .ellipticCurve = key.kind { return self.isSigned(byEllipticCurve: key.derEncoded) }
        guard let algorithm = try? SignatureAlgorithm(self.algorithm) else { return false }
        return algorithm.isValid(self.signature, for: self.toBeSigned, under: key)
    }

    /// ECDSA with the digests that go with the curves (RFC 5758 §3.2).
    private func isSigned(byEllipticCurve key: [UInt8]) -> Bool {
        switch self.algorithm.algorithm {
        case [1, 2, 840, 10045, 4, 3, 2]: self.isSigned(byEllipticCurve: key, SHA256.hash(data: self.toBeSigned))
        case [1, 2, 840, 10045, 4, 3, 3]: self.isSigned(byEllipticCurve: key, SHA384.hash(data: self.toBeSigned))
        case [1, 2, 840, 10045, 4, 3, 4]: self.isSigned(byEllipticCurve: key, SHA512.hash(data: self.toBeSigned))
        default: false
        }
    }

    private func isSigned(byEllipticCurve key: [UInt8], _ digest: some Digest) -> Bool {
        if let key = try? P256.Signing.PublicKey(derRepresentation: key) {
            return (try? P256.Signing.ECDSASignature(derRepresentation: self.signature))
                .map { key.isValidSignature($0, for: digest) } ?? false
        }
        if let key = try? P384.Signing.PublicKey(derRepresentation: key) {
            return (try? P384.Signing.ECDSASignature(derRepresentation: self.signature))
                .map { key.isValidSignature($0, for: digest) } ?? false
        }
        if let key = try? P521.Signing.PublicKey(derRepresentation: key) {
            return (try? P521.Signing.ECDSASignature(derRepresentation: self.signature))
                .map { key.isValidSignature($0, for: digest) } ?? false
        }
        return false
    }
}
