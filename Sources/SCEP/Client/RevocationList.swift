public import CryptographicMessageSyntax
public import Foundation
import SwiftASN1

/// A CRL as a client reads it: whose, of when, how many entries, and who signed.
///
/// ```
/// TBSCertList ::= SEQUENCE {
///     version              Version OPTIONAL,
///     signature            AlgorithmIdentifier,
///     issuer               Name,
///     thisUpdate           Time,
///     nextUpdate           Time OPTIONAL,
///     revokedCertificates  SEQUENCE OF SEQUENCE {
///         userCertificate     CertificateSerialNumber,
///         revocationDate      Time,
///         crlEntryExtensions  Extensions OPTIONAL } OPTIONAL,
///     crlExtensions        [0] EXPLICIT Extensions OPTIONAL }
/// ```
/// RFC 5280 §5.1.
public struct RevocationList: Hashable, Sendable {
    /// The CRL as it was received.
    public let encoded: [UInt8]
    /// The Name of who issued it, encoded.
    public let issuer: [UInt8]
    /// When it was issued.
    public let thisUpdate: Date
    /// When the next one will be there at the latest; nil where it does not say.
    public let nextUpdate: Date?
    /// The serial numbers of the revoked certificates: the content octets of each.
    public let serialNumbers: [[UInt8]]

    private let signed: SignedStructure

    /// Reads a CRL.
    ///
    /// - Throws: ``CMSError`` with code `malformed` or `tooComplex`.
    public init(encoded bytes: [UInt8]) throws(CMSError) {
        self.encoded = bytes
        self.signed = try SignedStructure(encoded: bytes, as: "CRL")
        var outer = FlatElements(self.signed.toBeSigned[...])
        var fields = FlatElements(try outer.require(tag: 0x30, "tbsCertList").content)
        _ = try fields.next(tagged: 0x02)
        _ = try fields.require(tag: 0x30, "signature")
        self.issuer = Array(try fields.require(tag: 0x30, "issuer").encoded)
        self.thisUpdate = try Self.time(try fields.require("thisUpdate"))
        self.nextUpdate = try fields.next(tagged: 0x17, 0x18).map { element throws(CMSError) in try Self.time(element) }
        var serialNumbers: [[UInt8]] = []
        if let list = try fields.next(tagged: 0x30) {
            var entries = FlatElements(list.content)
            while let entry = try entries.next() {
                var entry = FlatElements(entry.content)
                serialNumbers.append(
                    try decodeBER(try entry.require("userCertificate").encoded, as: "userCertificate") {
                        try IssuerAndSerialNumber.serialNumber(of: $0)
                    }
                )
            }
        }
        self.serialNumbers = serialNumbers
    }

    private static func time(_ element: FlatElements.Element) throws(CMSError) -> Date {
        try decodeBER(element.encoded, as: "time", Date.init(time:))
    }

    /// Whether a CA signed it: the names fit, its keyUsage allows it, and the signature verifies.
    ///
    /// - Parameters:
    ///   - authority: The CA.
    ///   - level: How weak the digest may be: by collisions, others could get the CA to sign what it has not seen.
    /// - Returns: Whether it did.
    public func isIssued(by authority: CertificateDetails, at level: AlgorithmLevel = .modern) -> Bool {
        self.issuer == authority.certificate.subject && authority.allows(.cRLSign)
            && self.signed.isSigned(by: authority.certificate.publicKey, at: level)
    }

    /// Whether it is the latest there is at a time, as far as it says itself.
    public func isCurrent(at time: Date) -> Bool {
        self.nextUpdate.map { time <= $0 } ?? true
    }
}
