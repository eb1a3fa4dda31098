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

    /// Whether the signature verifies under a key, with a digest that is strong enough.
    func isSigned(by key: SubjectPublicKeyInfo, at level: AlgorithmLevel) -> Bool {
        guard let algorithm = try? SignatureAlgorithm(self.algorithm),
            (try? level.check(algorithm.weakestDigest)) != nil
        else { return false }
        return algorithm.isValid(self.signature, for: self.toBeSigned, under: key)
    }
}
