import Foundation
import SwiftASN1
import TestSupport

@testable import CryptographicMessageSyntax
@testable import SCEP

/// A pkiMessage that is put together by hand, so that every part of it can be wrong.
struct Forgery {
    let enrolment: TestEnrolment
    let recipient: SignerCertificate
    var contentType = ASN1ObjectIdentifier.CMS.data
    /// The signed attributes besides messageDigest, which is made of the content.
    var attributes: [Attribute]
    var certificates: [[UInt8]]

    init(_ enrolment: TestEnrolment, for recipient: SignerCertificate) throws {
        self.enrolment = enrolment
        self.recipient = recipient
        self.certificates = [enrolment.client.certificate.encoded]
        self.attributes = [
            .printable(.SCEP.transactionID, enrolment.transactionID.utf8),
            .printable(.SCEP.messageType, "\(enrolment.messageType.rawValue)".utf8),
            try .octetString(.SCEP.senderNonce, enrolment.senderNonce),
            try Attribute(.CMS.contentType, value: ASN1ObjectIdentifier.CMS.data),
        ]
    }

    /// An envelope as a client makes it, around anything.
    func envelope(around content: [UInt8]? = nil) throws -> EnvelopedData {
        try EnvelopedData.seal(
            try content ?? self.enrolment.certificationRequest().encoded,
            for: [self.recipient],
            cipher: self.enrolment.cipher
        )
    }

    /// Signs any content.
    func signed(_ content: [UInt8]?, hasMessageDigest: Bool = true) throws -> SignedData {
        var attributes = self.attributes
        if hasMessageDigest {
            let digest = self.enrolment.digest.digest(of: content ?? [])
            attributes.append(try .octetString(.CMS.messageDigest, digest))
        }
        let encoded = try SignerInfo.encode(attributes)
        return SignedData(
            contentType: self.contentType,
            content: content,
            certificates: self.certificates,
            signerInfos: [
                SignerInfo(
                    signer: self.enrolment.client.certificate.identifier,
                    algorithm: try self.enrolment.client.key.signatureAlgorithm(digest: self.enrolment.digest),
                    signedAttributes: attributes,
                    encodedAttributes: encoded,
                    signature: try self.enrolment.client.key.signature(for: encoded, digest: self.enrolment.digest)
                )
            ]
        )
    }

    /// Signs the usual content after a change to the attributes.
    func signed(_ change: (inout [Attribute]) throws -> Void) throws -> SignedData {
        var copy = self
        try change(&copy.attributes)
        return try copy.signed(try self.envelope().derEncoded())
    }

    /// Signs an envelope after a change to it.
    func enveloped(
        around content: [UInt8]? = nil,
        _ change: (inout EnvelopedData) throws -> Void
    ) throws -> [UInt8] {
        var envelope = try self.envelope(around: content)
        try change(&envelope)
        return try self.signed(try envelope.derEncoded()).derEncoded()
    }
}

extension Attribute {
    static func octetString(_ type: ASN1ObjectIdentifier, _ bytes: [UInt8]) throws -> Attribute {
        try Attribute(type, value: ASN1OctetString(contentBytes: bytes[...]))
    }
}

extension Attribute {
    static func signingTime(_ date: Date) -> Attribute {
        Attribute(.CMS.signingTime, values: [DER.Serializer.encode { $0.appendTime(date) }])
    }
}

extension [Attribute] {
    mutating func remove(_ type: ASN1ObjectIdentifier) {
        self.removeAll { $0.type == type }
    }

    mutating func double(_ type: ASN1ObjectIdentifier) {
        self += self.filter { $0.type == type }
    }

    mutating func replace(_ type: ASN1ObjectIdentifier, by attribute: Attribute) {
        self = self.map { $0.type == type ? attribute : $0 }
    }
}

extension EnvelopedData {
    /// Changes the one RecipientInfo.
    mutating func changeRecipient(_ change: (inout KeyTransRecipientInfo) throws -> Void) rethrows {
        guard case .keyTransport(var info)? = self.recipientInfos.first else { return }
        try change(&info)
        self.recipientInfos = [.keyTransport(info)]
    }
}

/// ASN.1 that nests deeper than anything honest.
enum DepthBomb {
    /// Sequences in sequences, of definite length.
    static let definite: [UInt8] = (0..<2000).reduce([0x05, 0x00]) { inner, _ in
        let length = inner.count
        return [0x30, 0x83, UInt8(length >> 16), UInt8(length >> 8 & 0xff), UInt8(length & 0xff)] + inner
    }

    /// Sequences in sequences, of indefinite length.
    static let indefinite =
        (0..<100_000).flatMap { _ in [0x30, 0x80] as [UInt8] } + [UInt8](repeating: 0, count: 200_000)

    /// Hundreds of thousands of elements side by side.
    static let wide: [UInt8] =
        [0x30, 0x83, 0x0f, 0x42, 0x40] + (0..<500_000).flatMap { _ in [0x05, 0x00] as [UInt8] }

    static let all = [Self.definite, Self.indefinite, Self.wide]
}
