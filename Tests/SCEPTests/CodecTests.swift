import CryptographicMessageSyntax
import SwiftASN1
import TestSupport
import Testing

@testable import SCEP

/// Client to server and back.
@Suite struct CodecTests {
    /// The lowest level at which a message is accepted.
    private static func level(_ digest: DigestAlgorithm, _ cipher: ContentEncryptionAlgorithm) -> AlgorithmLevel {
        if cipher == .des { return .legacy }
        return digest == .sha1 || cipher == .tripleDES ? .compatible : .modern
    }

    @Test(arguments: [DigestAlgorithm.sha1, .sha256, .sha384, .sha512], ContentEncryptionAlgorithm.allCases)
    func `an enrolment goes there and back`(digest: DigestAlgorithm, cipher: ContentEncryptionAlgorithm) throws {
        let server = try Exchange.server.get()
        let request = try Exchange.pkiRequest()
        let bytes = try Exchange.encoded(request, digest: digest, cipher: cipher)
        let unverified = try UnverifiedPKIMessage(berEncoded: bytes)
        for level in AlgorithmLevel.allCases {
            guard level >= Self.level(digest, cipher) else {
                let error = #expect(throws: SCEPError.self) { try unverified.verified(at: level) }
                #expect(error?.code == .algorithm)
                continue
            }
            let message = try unverified.verified(at: level)
            #expect(message.digest == digest)
            #expect(message.contentEncryption == cipher)
            #expect(message.messageType == .pkcsReq)
            #expect(message.transactionID == request.transactionID)
            #expect(try message.recipient(among: [server.certificate]) == server.certificate)
            let opened = try message.openedRequest(
                as: server.certificate, with: server.key, allowingOtherKey: false, at: .legacy)
            #expect(opened.request.encoded == request.content)
            #expect(opened.challengePassword == Array("correct horse".utf8))
            #expect(opened.requestedExtensions.isEmpty)
        }
        let issued = [server.certificate.encoded, try Exchange.device.get().certificate.encoded]
        let answer = try Exchange.answer(
            .success(certificates: issued, crls: []),
            to: bytes,
            digest: digest,
            cipher: cipher
        )
        let verified = try Exchange.verified(answer, answering: request)
        #expect(verified.answer == .success(certificates: issued, crls: []))
        #expect(verified.digest == digest)
        #expect(verified.contentEncryption == cipher)
    }

    @Test(arguments: KeyTransportAlgorithm.allCases)
    func `every key transport is opened`(transport: KeyTransportAlgorithm) throws {
        let server = try Exchange.server.get()
        let bytes = try Exchange.encoded(try Exchange.pkiRequest(), transport: transport)
        let message = try UnverifiedPKIMessage(berEncoded: bytes).verified(at: .modern)
        #expect(
            try message.openedRequest(as: server.certificate, with: server.key, allowingOtherKey: false, at: .legacy)
                .request
                == (try Exchange.request()))
    }

    @Test(arguments: [nil, [], [1, 2, 3, 4, 5, 6, 7, 8], [UInt8](repeating: 5, count: 64)] as [[UInt8]?])
    func `the nonce comes back as it was`(nonce: [UInt8]?) throws {
        let message = try Exchange.signed(Exchange.attributes(senderNonce: nonce))
        let answer = try SignedData(berEncoded: try Exchange.answer(.pending, to: message))
        let attributes = try answer.soleSigner().info.signedAttributes
        let value = try attributes.singleIfPresent(.SCEP.recipientNonce, named: "recipientNonce")
        #expect(value?.octetString == nonce)
        #expect((value == nil) == (nonce == nil))
    }

    @Test(
        arguments: FailInfo.allCases.map { CertRep.failure($0, text: "no") } + [
            .pending, .failure(.badRequest, text: "Größe"), .failure(.badAlg, text: ""),
        ]
    )
    func `FAILURE and PENDING carry no envelope`(answer: CertRep) throws {
        let request = try Exchange.pkiRequest()
        let bytes = try Exchange.answer(answer, to: try Exchange.encoded(request))
        let signedData = try SignedData(berEncoded: bytes)
        // certmonger and pyscep break where eContent is absent; the RFC wants no pkcsPKIEnvelope.
        #expect(signedData.content == [])
        #expect(try ASN1Tree(bytes)[1, 0, 2, 1, 0].der == [0x04, 0x00])
        #expect(signedData.certificates == [try Exchange.server.get().certificate.encoded])
        let attributes = try signedData.soleSigner().info.signedAttributes
        func text(_ type: ASN1ObjectIdentifier) throws -> String? {
            try attributes.singleIfPresent(type, named: "\(type)")?.printableString.map {
                String(decoding: $0, as: UTF8.self)
            }
        }
        #expect(try text(.SCEP.messageType) == "3")
        #expect(try text(.SCEP.transactionID) == Exchange.transactionID)
        #expect(try text(.SCEP.pkiStatus) == "\(answer.status.rawValue)")
        #expect(
            try attributes.single(.SCEP.senderNonce, named: "nonce").octetString == [UInt8](repeating: 9, count: 16)
        )
        if case .failure(let failInfo, _) = answer {
            #expect(try text(.SCEP.failInfo) == "\(failInfo.rawValue)")
            #expect(attributes.count == 9)
        } else {
            #expect(attributes.count == 7)
        }
        let verified = try Exchange.verified(bytes, answering: request)
        #expect(verified.answer == answer)
        #expect(verified.contentEncryption == nil)
    }

    @Test func `SUCCESS can carry a CRL alone`() throws {
        let request = try Exchange.pkiRequest(.getCRL)
        let crl = ASN1Tree(tag: 0x30, children: []).der
        let answer = try Exchange.answer(
            .success(certificates: [], crls: [crl]),
            to: try Exchange.encoded(request)
        )
        #expect(try Exchange.verified(answer, answering: request).answer == .success(certificates: [], crls: [crl]))
    }

    @Test func `GetCACert is one certificate or several`() throws {
        let one = try Exchange.server.get().certificate.encoded
        let other = try Exchange.device.get().certificate.encoded
        let alone = CACertificates.authority(one)
        #expect(alone.contentType == "application/x-x509-ca-cert")
        #expect(alone.encoded() == one)
        #expect(try CACertificates(encoded: one) == alone)
        for certificates in [[one, other], [other, one], [one]] {
            let chain = CACertificates.chain(certificates)
            #expect(chain.contentType == "application/x-x509-ca-ra-cert")
            let bytes = chain.encoded()
            let read = try CACertificates(encoded: bytes)
            #expect(read == chain)
            #expect(read.certificates == certificates)
            let signedData = try SignedData(berEncoded: bytes)
            #expect(signedData.content == nil)
            #expect(signedData.signerInfos.isEmpty)
        }
    }

    @Test(arguments: [[], [0x30, 0x00], Array("<html>".utf8)] as [[UInt8]])
    func `GetCACert of something else is refused`(bytes: [UInt8]) throws {
        let error = #expect(throws: SCEPError.self) { try CACertificates(encoded: bytes) }
        #expect(error?.code == .mismatch)
    }

    @Test func `GetCACert of no certificate is refused`() throws {
        let bytes = SignedData(certificates: []).derEncoded()
        let error = #expect(throws: SCEPError.self) { try CACertificates(encoded: bytes) }
        #expect(error?.code == .mismatch)
    }
}
