public import Foundation
import SwiftASN1

/// A certificate before its signature.
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
///     extensions            [3] EXPLICIT Extensions OPTIONAL }
/// ```
/// RFC 5280 §4.1. Names and keys are kept as they were received, so that what a device asked for is what it gets,
/// byte for byte, and keys that swift-certificates refuses (RSA below 2048 bits) can be certified where a profile
/// allows it.
public struct TBSCertificate: Hashable, Sendable {
    /// The content octets of the serial number.
    public var serialNumber: [UInt8]
    /// How it will be signed.
    public var signature: AlgorithmIdentifier
    /// The issuer's Name, encoded.
    public var issuer: [UInt8]
    /// The first second of the validity.
    public var notBefore: Date
    /// The last second of the validity.
    public var notAfter: Date
    /// The subject's Name, encoded.
    public var subject: [UInt8]
    /// The subject's key.
    public var publicKey: SubjectPublicKeyInfo
    /// The extensions, in order.
    public var extensions: [CertificateExtension]

    /// Makes a certificate from its parts.
    public init(
        serialNumber: [UInt8],
        signature: AlgorithmIdentifier,
        issuer: [UInt8],
        notBefore: Date,
        notAfter: Date,
        subject: [UInt8],
        publicKey: SubjectPublicKeyInfo,
        extensions: [CertificateExtension]
    ) {
        self.serialNumber = serialNumber
        self.signature = signature
        self.issuer = issuer
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.subject = subject
        self.publicKey = publicKey
        self.extensions = extensions
    }

    /// The certificate as DER, which is what is signed.
    public func derEncoded() -> [UInt8] {
        DERWriter.encode { coder in
            coder.appendConstructed(.sequence) { coder in
                coder.appendConstructed(.context(0)) { $0.serialize(2) }
                coder.append(.integer, self.serialNumber)
                coder.serialize(self.signature)
                coder.append(encoded: self.issuer)
                coder.appendConstructed(.sequence) { coder in
                    coder.appendTime(self.notBefore)
                    coder.appendTime(self.notAfter)
                }
                coder.append(encoded: self.subject)
                coder.append(encoded: self.publicKey.derEncoded)
                if !self.extensions.isEmpty {
                    coder.appendConstructed(.context(3)) { coder in
                        coder.serializeSequenceOf(self.extensions)
                    }
                }
            }
        }
    }

    /// A signed structure (`SIGNED{}`): certificate, request or CRL.
    ///
    /// - Parameters:
    ///   - toBeSigned: What was signed, as DER.
    ///   - algorithm: How.
    ///   - signature: The signature.
    /// - Returns: The structure as DER.
    /// - Throws: An ASN.1 error.
    public static func signed(
        _ toBeSigned: [UInt8],
        algorithm: AlgorithmIdentifier,
        signature: [UInt8]
    ) throws -> [UInt8] {
        DERWriter.encode { coder in
            coder.appendConstructed(.sequence) { coder in
                coder.append(encoded: toBeSigned)
                coder.serialize(algorithm)
                coder.appendBitString(signature)
            }
        }
    }
}
