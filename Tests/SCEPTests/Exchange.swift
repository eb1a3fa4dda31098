import CryptographicMessageSyntax
import SwiftASN1
import TestSupport

@testable import SCEP

/// A device, a server and a message between them, for tests to change.
enum Exchange {
    static let device = Result { try TestClient(key: TestKeys.device) }
    static let server = Result { try TestClient(name: "CN=Test RA", key: TestKeys.otherDevice) }
    static let transactionID = "Transaction 1"

    /// A PKCS#10 request by the device.
    static func request(challenge: String? = "correct horse") throws -> CertificationRequest {
        let device = try self.device.get()
        return try CertificationRequest.make(
            subject: device.subject,
            publicKey: device.certificate.publicKey,
            key: device.key,
            challengePassword: challenge
        )
    }

    static func pkiRequest(
        _ type: MessageType = .pkcsReq,
        content: [UInt8]? = nil,
        senderNonce: [UInt8]? = nil
    ) throws -> PKIRequest {
        guard let transactionID = TransactionID(bytes: Array(self.transactionID.utf8)) else {
            throw SCEPError(.notAPKIMessage, "not a transactionID")
        }
        return PKIRequest(
            type,
            transactionID: transactionID,
            content: try content ?? self.request().encoded,
            senderNonce: senderNonce
        )
    }

    static func encoded(
        _ request: PKIRequest,
        digest: DigestAlgorithm = .sha256,
        cipher: ContentEncryptionAlgorithm = .aes128,
        transport: KeyTransportAlgorithm = .pkcs1
    ) throws -> [UInt8] {
        let device = try self.device.get()
        return try request.encoded(
            for: [try self.server.get().certificate],
            signer: device.certificate,
            key: device.key,
            digest: digest,
            cipher: cipher,
            transport: transport
        )
    }

    /// A signed message with any attributes and content.
    static func signed(_ attributes: [Attribute], content: [UInt8] = []) throws -> [UInt8] {
        let device = try self.device.get()
        return try SignedData.sign(
            content,
            attributes: attributes,
            key: device.key,
            signer: device.certificate.identifier,
            digest: .sha256,
            certificates: [device.certificate.encoded]
        ).derEncoded()
    }

    /// The attributes of a PKCSReq.
    static func attributes(senderNonce: [UInt8]? = [UInt8](repeating: 1, count: 16)) -> [Attribute] {
        [
            .printable(.SCEP.messageType, "19".utf8), .printable(.SCEP.transactionID, self.transactionID.utf8),
        ] + (senderNonce.map { [.octets(.SCEP.senderNonce, $0)] } ?? [])
    }

    /// The answer to a message, signed by the server.
    static func answer(
        _ answer: CertRep,
        to message: [UInt8],
        digest: DigestAlgorithm = .sha256,
        cipher: ContentEncryptionAlgorithm = .aes128,
        signer: TestClient? = nil
    ) throws -> [UInt8] {
        let server = try signer ?? self.server.get()
        return try answer.encoded(
            answering: UnverifiedPKIMessage(berEncoded: message),
            digest: digest,
            cipher: cipher,
            signer: CertRepSigner(certificate: server.certificate, key: server.key),
            senderNonce: [UInt8](repeating: 9, count: 16)
        )
    }

    /// What the client makes of an answer.
    static func verified(_ answer: [UInt8], answering request: PKIRequest) throws(SCEPError) -> VerifiedCertRep {
        guard let device = try? self.device.get(), let server = try? self.server.get() else {
            throw SCEPError(.refused, "no test keys")
        }
        return try VerifiedCertRep(
            berEncoded: answer,
            answering: request,
            authorities: [server.certificate],
            signer: device.certificate,
            key: device.key
        )
    }
}
