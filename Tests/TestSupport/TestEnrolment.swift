package import CertificateAuthority
package import CryptographicMessageSyntax
package import Enrollment
package import Foundation
package import Registry
package import SCEP
import SwiftASN1

/// One enrolment the way a device does it; a test changes what it wants to be different.
package struct TestEnrolment: Sendable {
    package var client: TestClient
    package var messageType = MessageType.pkcsReq
    package var transactionID = "4F2A"
    package var challenge: String? = TestAuthority.challenge
    package var extensions: [CertificateExtension] = []
    package var digest = DigestAlgorithm.sha256
    package var cipher = ContentEncryptionAlgorithm.aes128
    package var transport = KeyTransportAlgorithm.pkcs1
    package var senderNonce = [UInt8](repeating: 0x5e, count: 16)
    /// The key that is to be certified, where it is not the one that signs.
    package var requestKey: RSAPrivateKey?
    /// The subject that is asked for, where it is not the client's.
    package var requestSubject: [UInt8]?

    package init(_ client: TestClient) {
        self.client = client
    }

    /// A device with a key of its own choice and a name.
    package init(name: String = "CN=device.example", key: RSAPrivateKey = TestKeys.device) throws {
        self.init(try TestClient(name: name, key: key))
    }

    /// The PKCS#10 request.
    package func certificationRequest() throws -> CertificationRequest {
        let key = self.requestKey ?? self.client.key
        return try CertificationRequest.make(
            subject: self.requestSubject ?? self.client.subject,
            publicKey: key.publicKey,
            key: key,
            challengePassword: self.challenge,
            extensions: self.extensions
        )
    }

    /// The message before it is encrypted and signed.
    package func request(containing content: [UInt8]? = nil) throws -> PKIRequest {
        guard let transactionID = TransactionID(bytes: Array(self.transactionID.utf8)) else {
            throw SCEPError(.notAPKIMessage, "a test's transactionID is none")
        }
        return PKIRequest(
            self.messageType,
            transactionID: transactionID,
            content: try content ?? self.certificationRequest().encoded,
            senderNonce: self.senderNonce
        )
    }

    /// The pkiMessage.
    package func message(
        for recipient: SignerCertificate,
        containing content: [UInt8]? = nil
    ) throws -> [UInt8] {
        try self.request(containing: content).encoded(
            for: [recipient],
            signer: self.client.certificate,
            key: self.client.key,
            digest: self.digest,
            cipher: self.cipher,
            transport: self.transport
        )
    }

    /// The answer, checked the way a client does.
    package func verified(_ answer: [UInt8], from server: SignerCertificate) throws -> VerifiedCertRep {
        try VerifiedCertRep(
            berEncoded: answer,
            answering: try self.request(containing: []),
            authorities: [server],
            signer: self.client.certificate,
            key: self.client.key
        )
    }
}

extension TestEnrolment {
    /// A renewal of a certificate that the client was issued, with a new key and no challenge.
    package static func renewal(
        of certificate: [UInt8],
        by client: TestClient,
        as messageType: MessageType = .renewalReq
    ) throws -> TestEnrolment {
        var renewal = TestEnrolment(try client.holding(certificate))
        renewal.messageType = messageType
        renewal.transactionID = "renewal"
        renewal.challenge = nil
        renewal.requestKey = TestKeys.otherDevice
        return renewal
    }
}

extension TestAuthority {
    /// Where requests say they come from.
    package static let clientAddress = "192.0.2.7"

    /// Answers a message.
    package func answer(
        _ message: [UInt8],
        at now: Date = Self.now,
        from client: String = Self.clientAddress
    ) async throws -> Exchange {
        try await self.registrationAuthority.answer(message, from: client, at: now)
    }

    /// Sends an enrolment and returns the exchange with the answer as the client understands it.
    @discardableResult
    package func enrol(
        _ enrolment: TestEnrolment,
        at now: Date = Self.now,
        from client: String = Self.clientAddress
    ) async throws -> (exchange: Exchange, reply: VerifiedCertRep) {
        let exchange = try await self.answer(try enrolment.message(for: self.raCertificate), at: now, from: client)
        return (exchange, try enrolment.verified(exchange.answer, from: self.raCertificate))
    }

    /// Enrols a device and returns its certificate.
    package func certificate(for enrolment: TestEnrolment, at now: Date = Self.now) async throws -> [UInt8] {
        guard let certificate = try await self.enrol(enrolment, at: now).reply.certificates.first else {
            throw SCEPError(.refused, "a test's device got no certificate")
        }
        return certificate
    }

    /// Approves a request for which one approval is enough, and returns its certificate.
    package func approve(
        _ id: Int64,
        on terms: ApprovalTerms = ApprovalTerms(),
        at now: Date = Self.now
    ) async throws -> IssuedCertificate {
        guard case .issued(let certificate) = try await self.approval.approve(id, on: terms, by: "anna", at: now) else {
            throw SCEPError(.refused, "a test's request needs another approval")
        }
        return certificate
    }

    /// The numbers of the requests that wait, the oldest first.
    package var waiting: [Int64] {
        get async throws {
            try await self.registry.requests(RequestFilter(statuses: [.pending]), limit: 1000).map(\.id).reversed()
        }
    }

    /// The record of a certificate that was issued.
    package func record(of certificate: [UInt8]) async throws -> CertificateRecord? {
        try await self.registry.certificate(
            serialNumber: try SignerCertificate(encoded: certificate).identifier.serialNumber,
            authority: 1
        )
    }
}

extension VerifiedCertRep {
    /// The certificates of a SUCCESS; empty otherwise.
    package var certificates: [[UInt8]] {
        if case .success(let certificates, _) = self.answer { certificates } else { [] }
    }

    /// The failInfo of a FAILURE; nil otherwise.
    package var failInfo: FailInfo? {
        if case .failure(let failInfo, _) = self.answer { failInfo } else { nil }
    }
}

extension IssuerAndSerialNumber {
    /// What GetCert and GetCRL ask with.
    package var der: [UInt8] {
        get throws { DERWriter.encode { $0.serialize(self) } }
    }
}
