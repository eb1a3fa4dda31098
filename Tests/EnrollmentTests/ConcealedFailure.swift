import CertificateAuthority
import SCEP
import SwiftASN1
import TestSupport

@testable import CryptographicMessageSyntax

/// What is wrong with a message only once it is decrypted, and nobody is authenticated yet.
struct ConcealedFailure: Sendable, CustomStringConvertible {
    let description: String
    let make: @Sendable (TestAuthority) throws -> [UInt8]

    init(_ description: String, _ make: @escaping @Sendable (TestAuthority) throws -> [UInt8]) {
        self.description = description
        self.make = make
    }

    /// Around a change to the envelope.
    private static func envelope(
        _ description: String,
        _ change: @escaping @Sendable (inout EnvelopedData, SignerCertificate) throws -> Void
    ) -> ConcealedFailure {
        .init(description) { authority in
            let recipient = authority.raCertificate
            return try Forgery(try TestEnrolment(), for: recipient).enveloped { try change(&$0, recipient) }
        }
    }

    /// Around other content.
    private static func content(
        _ description: String,
        by key: RSAPrivateKey = TestKeys.device,
        _ content: @escaping @Sendable (TestEnrolment) throws -> [UInt8]
    ) -> ConcealedFailure {
        .init(description) { authority in
            let enrolment = try TestEnrolment(key: key)
            return try enrolment.message(for: authority.raCertificate, containing: try content(enrolment))
        }
    }

    /// Around a request with other attributes.
    private static func attributes(
        _ description: String,
        _ attributes: @escaping @Sendable () throws -> [Attribute]
    ) -> ConcealedFailure {
        .content(description) { enrolment in
            try CertificationRequest.make(
                subject: enrolment.client.subject,
                publicKey: enrolment.client.key.publicKey,
                key: enrolment.client.key,
                attributes: try attributes()
            ).encoded
        }
    }

    static let decryption: [ConcealedFailure] = [
        .envelope("RSA padding broken") { envelope, _ in
            envelope.changeRecipient { $0.encryptedKey = [0] + [UInt8](repeating: 0x5a, count: 255) }
        },
        .envelope("encrypted key beyond the modulus") { envelope, _ in
            envelope.changeRecipient { $0.encryptedKey = [UInt8](repeating: 0xff, count: 256) }
        },
        .envelope("encrypted key of another length") { envelope, _ in
            envelope.changeRecipient { $0.encryptedKey = [1, 2, 3] }
        },
        .envelope("no encrypted key") { envelope, _ in envelope.changeRecipient { $0.encryptedKey = [] } },
        .envelope("well padded key of another length") { envelope, recipient in
            try envelope.changeRecipient {
                $0.encryptedKey = try recipient.publicKey.encrypt([UInt8](repeating: 1, count: 15), transport: .pkcs1)
            }
        },
        .envelope("another key") { envelope, recipient in
            try envelope.changeRecipient {
                $0.encryptedKey = try recipient.publicKey.encrypt([UInt8](repeating: 1, count: 16), transport: .pkcs1)
            }
        },
        .envelope("CBC padding broken") { envelope, _ in
            // Turns the last byte of the plaintext, a padding of 1 to 16, into something above 128.
            envelope.encryptedContent[envelope.encryptedContent.count - 17] ^= 0x80
        },
        .envelope("ciphertext that is no whole number of blocks") { envelope, _ in
            envelope.encryptedContent.removeLast()
        },
        .envelope("one block too few") { envelope, _ in envelope.encryptedContent.removeLast(16) },
        .envelope("no ciphertext") { envelope, _ in envelope.encryptedContent = [] },
        .envelope("first block damaged") { envelope, _ in envelope.encryptedContent[0] ^= 1 },
    ]

    static let requests: [ConcealedFailure] = [
        .content("nothing inside") { _ in [] },
        .content("text inside") { _ in Array("hello".utf8) },
        .content("a certificate inside") { $0.client.certificate.encoded },
        .content("a depth bomb inside") { _ in DepthBomb.definite },
        .content("a wide bomb inside") { _ in Array(DepthBomb.wide.prefix(60_000)) },
        .content("request cut off") { try Array($0.certificationRequest().encoded.dropLast(10)) },
        .content("signature of the request wrong") { enrolment in
            var request = try enrolment.certificationRequest().encoded
            request[request.count - 1] ^= 1
            return request
        },
        .content("request changed after it was signed") { enrolment in
            var request = try enrolment.certificationRequest().encoded
            // the last character of the common name
            if let name = request.firstRange(of: Array("device.example".utf8)) { request[name.upperBound - 1] ^= 1 }
            return request
        },
        .content("request signed by another key") { enrolment in
            try CertificationRequest.make(
                subject: enrolment.client.subject,
                publicKey: enrolment.client.key.publicKey,
                key: TestKeys.otherDevice,
                challengePassword: TestAuthority.challenge
            ).encoded
        },
        .content("request for another key than the signer's") { _ in
            try TestEnrolment(key: TestKeys.otherDevice).certificationRequest().encoded
        },
        .content("request for an elliptic curve, signed by RSA") { enrolment in
            try CertificationRequest.make(
                subject: enrolment.client.subject,
                publicKey: try SoftwareKey.generate(.p256).publicKey,
                key: enrolment.client.key,
                challengePassword: TestAuthority.challenge
            ).encoded
        },
        .content("key of 1024 bits", by: TestKeys.smallDevice) { try $0.certificationRequest().encoded },
        .init("the CA's own key") { try Self.message(signedBy: TestKeys.certificateAuthority, for: $0) },
        .init("the RA's own key") { try Self.message(signedBy: TestKeys.registrationAuthority, for: $0) },
    ]

    static let challenges: [ConcealedFailure] = [
        .attributes("no challenge") { [] },
        .attributes("wrong challenge") {
            [try Attribute(.PKCS.challengePassword, value: ASN1PrintableString("wrong horse"))]
        },
        .attributes("empty challenge") { [try Attribute(.PKCS.challengePassword, value: ASN1PrintableString(""))] },
        .attributes("the challenge twice") {
            let challenge = try Attribute(.PKCS.challengePassword, value: ASN1PrintableString(TestAuthority.challenge))
            return [challenge, challenge]
        },
        .attributes("the challenge and another one") {
            try [TestAuthority.challenge, "x"].map {
                try Attribute(.PKCS.challengePassword, value: ASN1PrintableString($0))
            }
        },
        .attributes("a challenge of two values") {
            let value = try DERWriter.encode { try $0.serialize(ASN1PrintableString(TestAuthority.challenge)) }
            return [Attribute(.PKCS.challengePassword, values: [value, value])]
        },
        .attributes("a challenge that is no string") { [try Attribute(.PKCS.challengePassword, value: 7)] },
        .attributes("a challenge of half a character") {
            [Attribute(.PKCS.challengePassword, values: [[0x1e, 0x01, 0x00]])]
        },
        .attributes("extensionRequest that is no list, and no challenge") {
            [Attribute(.PKCS.extensionRequest, values: [[0x05, 0x00]])]
        },
        .attributes("asks to be a CA, and has no challenge") {
            // basicConstraints: cA TRUE
            let extensions: [UInt8] = [
                0x30, 0x0e, 0x30, 0x0c, 0x06, 0x03, 0x55, 0x1d, 0x13, 0x04, 0x05, 0x30, 0x03, 0x01, 0x01, 0xff,
            ]
            return [Attribute(.PKCS.extensionRequest, values: [extensions])]
        },
    ]

    static let all = Self.decryption + Self.requests + Self.challenges

    /// An enrolment by a key that is one of the server's.
    private static func message(signedBy key: SoftwareKey, for authority: TestAuthority) throws -> [UInt8] {
        let enrolment = try TestEnrolment()
        let certificate = try SelfSignedCertificate.make(
            subject: enrolment.client.subject,
            publicKey: key.publicKey,
            key: key,
            notBefore: TestAuthority.now,
            notAfter: TestAuthority.now
        )
        let request = try CertificationRequest.make(
            subject: enrolment.client.subject,
            publicKey: key.publicKey,
            key: key,
            challengePassword: TestAuthority.challenge
        )
        return try enrolment.request(containing: request.encoded)
            .encoded(for: [authority.raCertificate], signer: certificate, key: key)
    }
}
