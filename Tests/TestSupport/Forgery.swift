package import Foundation
package import SwiftASN1

@testable package import CryptographicMessageSyntax
@testable import SCEP

/// A pkiMessage that is put together by hand, so that every part of it can be wrong.
package struct Forgery {
    package let enrolment: TestEnrolment
    package let recipient: SignerCertificate
    package var contentType = ASN1ObjectIdentifier.CMS.data
    /// The signed attributes besides messageDigest, which is made of the content.
    package var attributes: [Attribute]
    package var certificates: [[UInt8]]
    /// Signs in another way than the device's key does.
    package var sign: (([UInt8]) throws -> [UInt8])?

    package init(_ enrolment: TestEnrolment, for recipient: SignerCertificate) throws {
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
    package func envelope(around content: [UInt8]? = nil) throws -> EnvelopedData {
        try EnvelopedData.seal(
            try content ?? self.enrolment.certificationRequest().encoded,
            for: [self.recipient],
            cipher: self.enrolment.cipher
        )
    }

    /// Signs any content.
    package func signed(_ content: [UInt8]?, hasMessageDigest: Bool = true) throws -> SignedData {
        var attributes = self.attributes
        if hasMessageDigest {
            let digest = self.enrolment.digest.digest(of: content ?? [])
            attributes.append(try .octetString(.CMS.messageDigest, digest))
        }
        let encoded = SignerInfo.encode(attributes)
        return SignedData(
            contentType: self.contentType,
            content: content,
            certificates: self.certificates,
            signerInfos: [
                SignerInfo(
                    signer: self.enrolment.client.certificate.identifier,
                    algorithm: try SignatureAlgorithm(.rsaPKCS1, digest: self.enrolment.digest),
                    signedAttributes: attributes,
                    encodedAttributes: encoded,
                    signature: try self.sign?(encoded)
                        ?? self.enrolment.client.key.signature(for: encoded, digest: self.enrolment.digest)
                )
            ]
        )
    }

    /// Signs the usual content after a change to the attributes.
    package func signed(_ change: (inout [Attribute]) throws -> Void) throws -> SignedData {
        var copy = self
        try change(&copy.attributes)
        return try copy.signed(try self.envelope().derEncoded())
    }

    /// Signs an envelope after a change to it.
    package func enveloped(
        around content: [UInt8]? = nil,
        _ change: (inout EnvelopedData) throws -> Void
    ) throws -> [UInt8] {
        var envelope = try self.envelope(around: content)
        try change(&envelope)
        return try self.signed(try envelope.derEncoded()).derEncoded()
    }
}

extension Attribute {
    package static func octetString(_ type: ASN1ObjectIdentifier, _ bytes: [UInt8]) throws -> Attribute {
        try Attribute(type, value: ASN1OctetString(contentBytes: bytes[...]))
    }
}

extension Attribute {
    package static func signingTime(_ date: Date) -> Attribute {
        Attribute(.CMS.signingTime, values: [DERWriter.encode { $0.appendTime(date) }])
    }
}

extension [Attribute] {
    package mutating func remove(_ type: ASN1ObjectIdentifier) {
        self.removeAll { $0.type == type }
    }

    package mutating func double(_ type: ASN1ObjectIdentifier) {
        self += self.filter { $0.type == type }
    }

    package mutating func replace(_ type: ASN1ObjectIdentifier, by attribute: Attribute) {
        self = self.map { $0.type == type ? attribute : $0 }
    }
}

extension EnvelopedData {
    /// Changes the one RecipientInfo.
    package mutating func changeRecipient(_ change: (inout KeyTransRecipientInfo) throws -> Void) rethrows {
        guard case .keyTransport(var info)? = self.recipientInfos.first else { return }
        try change(&info)
        self.recipientInfos = [.keyTransport(info)]
    }
}
