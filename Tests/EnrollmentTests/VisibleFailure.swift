import CertificateAuthority
import Foundation
import SwiftASN1
import TestSupport

@testable import CryptographicMessageSyntax
@testable import SCEP

/// What is wrong with a message in a way that anybody can see who sees the message, so that the answer may say it.
struct VisibleFailure: Sendable, CustomStringConvertible {
    let description: String
    let failInfo: FailInfo
    let make: @Sendable (Forgery) throws -> [UInt8]

    init(_ description: String, _ failInfo: FailInfo, _ make: @escaping @Sendable (Forgery) throws -> [UInt8]) {
        self.description = description
        self.failInfo = failInfo
        self.make = make
    }

    static let signatures: [VisibleFailure] = [
        .init("signature flipped", .badMessageCheck) { forgery in
            var message = try forgery.signed { _ in }
            message.signerInfos[0].signature[100] ^= 1
            return message.derEncoded()
        },
        .init("signature empty", .badMessageCheck) { forgery in
            var message = try forgery.signed { _ in }
            message.signerInfos[0].signature = []
            return message.derEncoded()
        },
        .init("signed by another key", .badMessageCheck) { forgery in
            var message = try forgery.signed { _ in }
            let attributes = message.signerInfos[0].receivedAttributes
            message.signerInfos[0].signature = try TestKeys.otherDevice.signature(for: attributes, digest: .sha256)
            return message.derEncoded()
        },
        .init("content changed after it was signed", .badMessageCheck) { forgery in
            var message = try forgery.signed { _ in }
            message.content?[300] ^= 1
            return message.derEncoded()
        },
        .init("attribute changed after it was signed", .badMessageCheck) { forgery in
            var message = try forgery.signed { _ in }
            let last = message.signerInfos[0].receivedAttributes.count - 1
            message.signerInfos[0].receivedAttributes[last] ^= 1
            return message.derEncoded()
        },
        .init("messageDigest missing", .badMessageCheck) {
            try $0.signed(try $0.envelope().derEncoded(), hasMessageDigest: false).derEncoded()
        },
        .init("messageDigest twice", .badMessageCheck) { forgery in
            try forgery.signed { $0.append(try .octetString(.CMS.messageDigest, [1])) }.derEncoded()
        },
        .init("contentType missing", .badMessageCheck) { forgery in
            try forgery.signed { $0.remove(.CMS.contentType) }.derEncoded()
        },
        .init("contentType twice", .badMessageCheck) { forgery in
            try forgery.signed { $0.double(.CMS.contentType) }.derEncoded()
        },
        .init("contentType of something else", .badMessageCheck) { forgery in
            let other = try Attribute(.CMS.contentType, value: ASN1ObjectIdentifier.CMS.signedData)
            return try forgery.signed { $0.replace(.CMS.contentType, by: other) }.derEncoded()
        },
        .init("unknown digest", .badAlg) { forgery in
            var message = try forgery.signed { _ in }
            message.signerInfos[0].digestAlgorithm = AlgorithmIdentifier([1, 2, 3])
            return message.derEncoded()
        },
        .init("MD5", .badAlg) { forgery in
            var message = try forgery.signed { _ in }
            message.signerInfos[0].digestAlgorithm = DigestAlgorithm.md5.identifier
            return message.derEncoded()
        },
        .init("unknown signature algorithm", .badAlg) { forgery in
            var message = try forgery.signed { _ in }
            message.signerInfos[0].signatureAlgorithm = AlgorithmIdentifier([1, 2, 3])
            return message.derEncoded()
        },
        .init("signer with an elliptic curve whose signature is RSA's", .badMessageCheck) { forgery in
            let subject = forgery.enrolment.client.subject
            let certificate = TBSCertificate(
                serialNumber: [1],
                signature: AlgorithmIdentifier([1, 2, 840, 10045, 4, 3, 2]),
                issuer: subject,
                notBefore: TestAuthority.now,
                notAfter: TestAuthority.now,
                subject: subject,
                publicKey: try SoftwareKey.generate(.p256).publicKey,
                extensions: []
            )
            var message = try forgery.signed { _ in }
            message.certificates = [
                try TBSCertificate.signed(
                    certificate.derEncoded(), algorithm: certificate.signature, signature: [1])
            ]
            return message.derEncoded()
        },
    ]

    static let contents: [VisibleFailure] = [
        .init("no pkcsPKIEnvelope", .badRequest) { try $0.signed(nil).derEncoded() },
        .init("empty pkcsPKIEnvelope", .badRequest) { try $0.signed([]).derEncoded() },
        .init("text instead of an envelope", .badRequest) { try $0.signed(Array("hello".utf8)).derEncoded() },
        .init("SignedData instead of an envelope", .badRequest) {
            try $0.signed(SignedData(certificates: $0.certificates).derEncoded()).derEncoded()
        },
        .init("the request without envelope", .badRequest) {
            try $0.signed(try $0.enrolment.certificationRequest().encoded).derEncoded()
        },
        .init("signed content that is not data", .badRequest) { forgery in
            var forgery = forgery
            forgery.contentType = .CMS.envelopedData
            let type = try Attribute(.CMS.contentType, value: ASN1ObjectIdentifier.CMS.envelopedData)
            return try forgery.signed { $0.replace(.CMS.contentType, by: type) }.derEncoded()
        },
        .init("encrypted content that is not data", .badRequest) { forgery in
            try forgery.enveloped { $0.contentType = .CMS.signedData }
        },
        .init("depth bomb as content", .badRequest) { try $0.signed(DepthBomb.indefinite).derEncoded() },
        .init("wide bomb as content", .badRequest) { try $0.signed(DepthBomb.wide).derEncoded() },
        .init("envelope for another recipient", .badRequest) { forgery in
            let stranger = forgery.enrolment.client.certificate
            return try Forgery(forgery.enrolment, for: stranger).enveloped { _ in }
        },
        .init("envelope for nobody", .badRequest) { forgery in try forgery.enveloped { $0.recipientInfos = [] } },
        .init("encrypted with a password", .badAlg) { forgery in
            let envelope = try EnvelopedData.seal(
                try forgery.enrolment.certificationRequest().encoded,
                password: Array(TestAuthority.challenge.utf8),
                cipher: .aes128
            )
            return try forgery.signed(try envelope.derEncoded()).derEncoded()
        },
        .init("unknown key transport", .badAlg) { forgery in
            try forgery.enveloped { envelope in
                envelope.changeRecipient { $0.keyEncryptionAlgorithm = AlgorithmIdentifier([1, 2, 3]) }
            }
        },
        .init("unknown content encryption", .badAlg) { forgery in
            try forgery.enveloped { $0.contentEncryptionAlgorithm = AlgorithmIdentifier([1, 2, 3]) }
        },
    ]

    /// CertRep, the draft's UpdateReq, and numbers that nobody knows.
    static let messageTypes: [VisibleFailure] = [3, 18, 0, 1, 4, 23, 190, 999_999_999].map { number in
        .init("messageType \(number)", .badRequest) { forgery in
            let type = Attribute.printable(.SCEP.messageType, "\(number)".utf8)
            return try forgery.signed { $0.replace(.SCEP.messageType, by: type) }.derEncoded()
        }
    }
}
