import CryptographicMessageSyntax
import SwiftASN1

/// A certificate of a chain: what its signature is over, and what it lets its holder do.
///
/// ```
/// Certificate ::= SEQUENCE {
///     tbsCertificate      TBSCertificate,
///     signatureAlgorithm  AlgorithmIdentifier,
///     signatureValue      BIT STRING }
/// ```
/// RFC 5280 §4.1.
struct ChainedCertificate {
    let certificate: SignerCertificate
    let constraints: AuthorityConstraints
    private let toBeSigned: [UInt8]
    private let algorithm: AlgorithmIdentifier
    private let signature: [UInt8]

    /// Reads a certificate.
    ///
    /// - Throws: ``IssuanceError`` with code `authorityCertificate`.
    init(encoded: [UInt8]) throws(IssuanceError) {
        self.constraints = try AuthorityConstraints(certificate: encoded)
        do throws(CMSError) {
            self.certificate = try SignerCertificate(encoded: encoded)
            (self.toBeSigned, self.algorithm, self.signature) = try decodeBER(encoded[...], as: "certificate") { root in
                var fields = try root.children(tagged: .sequence, of: "Certificate")
                return (
                    try fields.require("tbsCertificate").bytes,
                    try AlgorithmIdentifier(node: try fields.require("signatureAlgorithm")),
                    Array(try ASN1BitString(berEncoded: try fields.require("signature")).bytes)
                )
            }
        } catch {
            throw IssuanceError(.authorityCertificate, "the CA's certificate is not readable: \(error)")
        }
    }

    /// The subject as people read it.
    var name: String { ReadableText.name(self.certificate.subject) }

    /// Whether issuer and subject are the same Name, as in a root, or in a CA that has certified its own next key.
    var isSelfIssued: Bool {
        NameComparison.isSame(self.certificate.identifier.issuer, self.certificate.subject)
    }

    /// Whether it is signed with its own key.
    var isSelfSigned: Bool { self.isSelfIssued && self.isSigned(by: self) }

    /// Whether another CA has signed it: their names fit, and the signature verifies.
    func isSigned(by issuer: ChainedCertificate) -> Bool {
        guard NameComparison.isSame(self.certificate.identifier.issuer, issuer.certificate.subject),
            let algorithm = try? SignatureAlgorithm(self.algorithm)
        else { return false }
        return algorithm.isValid(self.signature, for: self.toBeSigned, under: issuer.certificate.publicKey)
    }

    /// Whether the digest of its signature is one that verifiers still accept.
    var hasStrongSignature: Bool {
        guard let algorithm = try? SignatureAlgorithm(self.algorithm) else { return false }
        return algorithm.weakestDigest > .sha1
    }
}
