public import CryptographicMessageSyntax
public import Foundation
import SwiftASN1

/// What a CRL says of itself, without its entries.
///
/// ```
/// CertificateList ::= SEQUENCE {
///     tbsCertList         TBSCertList,
///     signatureAlgorithm  AlgorithmIdentifier,
///     signatureValue      BIT STRING }
///
/// TBSCertList ::= SEQUENCE {
///     version              Version OPTIONAL,
///     signature            AlgorithmIdentifier,
///     issuer               Name,
///     thisUpdate           Time,
///     nextUpdate           Time OPTIONAL,
///     revokedCertificates  SEQUENCE OF SEQUENCE { … } OPTIONAL,
///     crlExtensions        [0] EXPLICIT Extensions OPTIONAL }
/// ```
/// RFC 5280 §5.1. Reading it takes the same few steps however many entries there are: they are stepped over as one.
public struct CertificateRevocationList: Hashable, Sendable {
    /// The issuer's Name, encoded.
    public let issuer: [UInt8]
    /// The cRLNumber; nil where there is none.
    public let number: Int64?
    /// When the CRL was made.
    public let thisUpdate: Date
    /// When there will be another one at the latest; nil where it does not say.
    public let nextUpdate: Date?

    /// Reads what a CRL says of itself; its signature is not verified.
    ///
    /// - Parameter encoded: The CRL as DER.
    /// - Throws: ``CMSError`` with code `malformed` or `tooComplex`.
    public init(derEncoded encoded: [UInt8]) throws(CMSError) {
        var document = DERCursor(encoded[...])
        var outer = DERCursor(try document.content(tagged: .sequence, of: "CertificateList"))
        try document.requireEnd(of: "CertificateList")
        var list = DERCursor(try outer.content(tagged: .sequence, of: "tbsCertList"))
        _ = try outer.content(tagged: .sequence, of: "signatureAlgorithm")
        _ = try outer.content(tagged: .bitString, of: "signatureValue")
        try outer.requireEnd(of: "CertificateList")

        if list.isNext(.integer) {
            guard try list.content(tagged: .integer, of: "version") == [1] else {
                throw CMSError(.malformed, "the CRL has a version other than 2")
            }
        }
        _ = try list.content(tagged: .sequence, of: "signature")
        self.issuer = Array(try list.element(tagged: .sequence, of: "issuer"))
        _ = try ParsedName(encoded: self.issuer)
        self.thisUpdate = try Self.time(try list.element(tagged: list.timeTag, of: "thisUpdate"))
        self.nextUpdate =
            list.isNext(.utcTime) || list.isNext(.generalizedTime)
            ? try Self.time(try list.element(tagged: list.timeTag, of: "nextUpdate")) : nil
        if list.isNext(.sequence) { _ = try list.content(tagged: .sequence, of: "revokedCertificates") }
        self.number =
            list.isNext(.context0)
            ? try Self.number(in: try list.content(tagged: .context0, of: "crlExtensions")) : nil
        try list.requireEnd(of: "tbsCertList")
    }

    private static func time(_ element: ArraySlice<UInt8>) throws(CMSError) -> Date {
        try decodeBER(element, as: "Time") { node in
            var time = tm()
            if node.identifier == .utcTime {
                let utc = try UTCTime(derEncoded: node)
                (time.tm_year, time.tm_mon, time.tm_mday) = Self.numbers(utc.year - 1900, utc.month - 1, utc.day)
                (time.tm_hour, time.tm_min, time.tm_sec) = Self.numbers(utc.hours, utc.minutes, utc.seconds)
            } else {
                let utc = try GeneralizedTime(derEncoded: node)
                (time.tm_year, time.tm_mon, time.tm_mday) = Self.numbers(utc.year - 1900, utc.month - 1, utc.day)
                (time.tm_hour, time.tm_min, time.tm_sec) = Self.numbers(utc.hours, utc.minutes, utc.seconds)
            }
            return Date(timeIntervalSince1970: TimeInterval(timegm(&time)))
        }
    }

    /// Three numbers that ASN.1 bounds to four digits.
    private static func numbers(_ one: Int, _ two: Int, _ three: Int) -> (Int32, Int32, Int32) {
        (Int32(truncatingIfNeeded: one), Int32(truncatingIfNeeded: two), Int32(truncatingIfNeeded: three))
    }

    private static func number(in extensions: ArraySlice<UInt8>) throws(CMSError) -> Int64? {
        try decodeBER(extensions, as: "crlExtensions") { root in
            let nodes = try root.children(tagged: .sequence, of: "crlExtensions")
            let all = try IteratorSequence(nodes).map(CertificateExtension.init(node:))
            guard let found = all.first(where: { $0.identifier == .Extension.cRLNumber }) else { return nil }
            let number = try decodeBER(found.value[...], as: "cRLNumber") { try Int64(derEncoded: $0) }
            guard number >= 0 else { throw CMSError(.malformed, "the cRLNumber is negative") }
            return number
        }
    }
}
