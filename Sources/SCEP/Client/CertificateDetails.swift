import Crypto
public import CryptographicMessageSyntax
public import Foundation
import SwiftASN1

/// What a client reads in a certificate that a server shows or issues: its validity, its extensions, who signed it.
///
/// ```
/// TBSCertificate ::= SEQUENCE {
///     version               [0] EXPLICIT Version DEFAULT v1,
///     serialNumber          CertificateSerialNumber,
///     signature             AlgorithmIdentifier,
///     issuer                Name,
///     validity              Validity,
///     subject               Name,
///     subjectPublicKeyInfo  SubjectPublicKeyInfo,
///     issuerUniqueID        [1] IMPLICIT UniqueIdentifier OPTIONAL,
///     subjectUniqueID       [2] IMPLICIT UniqueIdentifier OPTIONAL,
///     extensions            [3] EXPLICIT Extensions OPTIONAL }
/// ```
/// RFC 5280 §4.1.
public struct CertificateDetails: Hashable, Sendable {
    /// The certificate.
    public let certificate: SignerCertificate
    /// The first second of its validity.
    public let notBefore: Date
    /// The last second of its validity.
    public let notAfter: Date
    /// Its extensions, in order.
    public let extensions: [CertificateExtension]
    /// How it is signed.
    public var signatureAlgorithm: AlgorithmIdentifier { self.signed.algorithm }

    private let signed: SignedStructure

    /// Reads a certificate.
    ///
    /// - Throws: ``CMSError`` with code `malformed` or `tooComplex`.
    public init(encoded bytes: [UInt8]) throws(CMSError) {
        self.certificate = try SignerCertificate(encoded: bytes)
        self.signed = try SignedStructure(encoded: bytes, as: "certificate")
        (self.notBefore, self.notAfter, self.extensions) = try decodeBER(
            self.signed.toBeSigned[...],
            as: "tbsCertificate"
        ) { root in
            var nodes = try root.children(tagged: .sequence, of: "tbsCertificate")
            _ = nodes.next(tagged: .context(0))
            for field in ["serialNumber", "signature", "issuer"] { _ = try nodes.require(field) }
            var validity = try nodes.require("validity").children(tagged: .sequence, of: "validity")
            let notBefore = try Date(time: try validity.require("notBefore"))
            let notAfter = try Date(time: try validity.require("notAfter"))
            for field in ["subject", "subjectPublicKeyInfo"] { _ = try nodes.require(field) }
            _ = nodes.next(tagged: .context(1))
            _ = nodes.next(tagged: .context(2))
            guard let wrapper = nodes.next(tagged: .context(3)) else { return (notBefore, notAfter, []) }
            var inner = try wrapper.children(tagged: .context(3), of: "extensions")
            let list = try inner.require("extensions").children(tagged: .sequence, of: "extensions")
            return (notBefore, notAfter, try IteratorSequence(list).map(Self.certificateExtension(_:)))
        }
    }

    private static func certificateExtension(_ node: ASN1Node) throws -> CertificateExtension {
        var nodes = try node.children(tagged: .sequence, of: "Extension")
        return CertificateExtension(
            try ASN1ObjectIdentifier(berEncoded: try nodes.require("extnID")),
            isCritical: try nodes.next(tagged: .boolean).map { try Bool(berEncoded: $0) } ?? false,
            value: Array(try ASN1OctetString(berEncoded: try nodes.require("extnValue")).bytes)
        )
    }

    /// The SHA-256 of the whole certificate, by which people compare it (RFC 8894 §2.2).
    public var fingerprint: Fingerprint { Fingerprint(of: self.certificate.encoded) }

    /// Whether a time lies within the validity.
    public func isValid(at time: Date) -> Bool { self.notBefore <= time && time <= self.notAfter }

    /// Whether another certificate's holder signed this one: the names fit, and the signature verifies.
    ///
    /// - Parameters:
    ///   - issuer: The other one.
    ///   - level: How weak the digest may be: by collisions, others could get a CA to sign what it has not seen.
    /// - Returns: Whether it did.
    public func isIssued(by issuer: CertificateDetails, at level: AlgorithmLevel = .modern) -> Bool {
        self.certificate.identifier.issuer == issuer.certificate.subject
            && self.signed.isSigned(by: issuer.certificate.publicKey, at: level)
    }
}
