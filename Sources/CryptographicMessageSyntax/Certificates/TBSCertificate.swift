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
    ///
    /// - Throws: An ASN.1 error where a part cannot be encoded.
    public func derEncoded() throws -> [UInt8] {
        try DER.Serializer.encode { coder in
            try coder.appendConstructed(.sequence) { coder in
                try coder.appendConstructed(.context(0)) { try $0.serialize(2) }
                coder.appendPrimitiveNode(identifier: .integer) { $0.append(contentsOf: self.serialNumber) }
                try coder.serialize(self.signature)
                coder.serializeRawBytes(self.issuer)
                coder.appendConstructed(.sequence) { coder in
                    coder.appendTime(self.notBefore)
                    coder.appendTime(self.notAfter)
                }
                coder.serializeRawBytes(self.subject)
                coder.serializeRawBytes(self.publicKey.derEncoded)
                if !self.extensions.isEmpty {
                    try coder.appendConstructed(.context(3)) { coder in
                        try coder.serializeSequenceOf(self.extensions)
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
        try DER.Serializer.encode { coder in
            try coder.appendConstructed(.sequence) { coder in
                coder.serializeRawBytes(toBeSigned)
                try coder.serialize(algorithm)
                try coder.serialize(ASN1BitString(bytes: signature[...]))
            }
        }
    }
}

extension DER.Serializer {
    /// Writes a Time: UTCTime through 2049, GeneralizedTime from 2050 (RFC 5280 §4.1.2.5).
    package mutating func appendTime(_ date: Date) {
        let seconds = Int(date.timeIntervalSince1970.rounded(.down))
        let days = Int((Double(seconds) / 86_400).rounded(.down))
        let time = seconds - days * 86_400
        let (year, month, day) = Self.civil(daysSince1970: days)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let rest = [month, day, time / 3600, time / 60 % 60, time % 60].map(two).joined() + "Z"
        if (1950..<2050).contains(year) {
            self.appendPrimitiveNode(identifier: .utcTime) { $0.append(contentsOf: (two(year % 100) + rest).utf8) }
        } else {
            let digits = String(repeating: "0", count: max(0, 4 - String(year).count)) + String(year)
            self.appendPrimitiveNode(identifier: .generalizedTime) { $0.append(contentsOf: (digits + rest).utf8) }
        }
    }

    /// The Gregorian date of a day, by counting from the first of March of the year 0.
    private static func civil(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
