import CryptographicMessageSyntax
import Foundation
import HummingbirdTesting
import SwiftASN1
import TestSupport
import Testing

@testable import CryptographicMessageSyntax
@testable import SCEP
@testable import Server

/// Rows 9, 17, 19, 21, 22, 24 and 25 of the table of clients, as far as they are about the SignedData outside.
@Suite("Clients in the field: how they sign")
struct SignedMessageTests {
    /// The paths of what stays DER in any message: certificates, the name of the signer's issuer, and the signed
    /// attributes, because they are what is signed.
    static let alwaysDER = [[1, 0, 3], [1, 0, 4, 0, 1, 0], [1, 0, 4, 0, 3]]
    /// The path of the eContent.
    static let content = [1, 0, 2, 1, 0]

    /// How much of a message is BER.
    enum Writing: String, CaseIterable {
        case indefiniteLengths
        case contentInPieces
        case both

        func write(_ message: [UInt8]) throws -> [UInt8] {
            try ASN1Tree(message).encoded { path in
                switch (self, path) {
                case (_, let path) where SignedMessageTests.alwaysDER.contains { path.starts(with: $0) }: .definite
                case (.contentInPieces, SignedMessageTests.content), (.both, SignedMessageTests.content): .chunked(100)
                case (.contentInPieces, _): .definite
                case (.indefiniteLengths, _), (.both, _): .indefinite
                }
            }
        }
    }

    @Test("Row 9: a SignedData in BER is read, and the answer is DER", arguments: Writing.allCases)
    func ber(_ writing: Writing) async throws {
        try await TestServer.run { server in
            let enrolment = try TestEnrolment()
            let der = try enrolment.message(for: server.authority.raCertificate)
            let message = try writing.write(der)
            #expect(message != der)
            let response = try await server.post("/scep", message)
            let reply = try enrolment.verified(response.bytes, from: server.authority.raCertificate)
            #expect(reply.certificates.count == 1)
            // What was read and written again is the same: every length is definite and as short as can be.
            #expect(try ASN1Tree(response.bytes).der == response.bytes)
        }
    }

    @Test(
        "Row 17: signed attributes out of DER's order verify, as they were sent or sorted anew",
        arguments: [true, false])
    func unsortedAttributes(signsAsSent: Bool) async throws {
        try await TestServer.run { server in
            let enrolment = try TestEnrolment()
            var message = try Forgery(enrolment, for: server.authority.raCertificate).signed { _ in }
            var attributes = try ASN1Tree(message.signerInfos[0].receivedAttributes)
            attributes.children.reverse()
            #expect(attributes.der != message.signerInfos[0].receivedAttributes)
            message.signerInfos[0].receivedAttributes = attributes.der
            if signsAsSent {
                message.signerInfos[0].signature = try enrolment.client.key.signature(
                    for: attributes.der,
                    digest: enrolment.digest
                )
            }
            let reply = try await server.reply(to: message.derEncoded(), of: enrolment)
            #expect(reply.certificates.count == 1)
        }
    }

    @Test("Row 19: randomNonce and signed attributes that nobody knows are ignored")
    func unknownAttributes() async throws {
        try await TestServer.run { server in
            let enrolment = try TestEnrolment()
            let message = try Forgery(enrolment, for: server.authority.raCertificate).signed { attributes in
                // randomNonce, by which some clients make what they sign less predictable.
                attributes.append(
                    try .octetString([1, 2, 840, 113549, 1, 9, 25, 3], [UInt8](repeating: 3, count: 16))
                )
                attributes.append(try Attribute([1, 3, 6, 1, 4, 1, 99999, 1], value: ASN1UTF8String("anything")))
                attributes.append(Attribute([1, 3, 6, 1, 4, 1, 99999, 2], values: []))
            }.derEncoded()
            #expect(try await server.reply(to: message, of: enrolment).certificates.count == 1)
        }
    }

    @Test("Row 21: a nonce of 8 bytes comes back as it was, and one that is missing does not", arguments: [8, nil])
    func nonces(length: Int?) async throws {
        try await TestServer.run { server in
            var enrolment = try TestEnrolment()
            enrolment.senderNonce = [UInt8](repeating: 0xa7, count: length ?? 0)
            let message = try Forgery(enrolment, for: server.authority.raCertificate).signed { attributes in
                if length == nil { attributes.remove(.SCEP.senderNonce) }
            }.derEncoded()
            let response = try await server.post("/scep", message)
            #expect(server.events.all.last?.values["outcome"] == "issued")
            let answer = try Answer(response.bytes)
            #expect(answer.text(.SCEP.pkiStatus) == "0")
            #expect(answer.octets(.SCEP.recipientNonce) == length.map { [UInt8](repeating: 0xa7, count: $0) })
            #expect(answer.octets(.SCEP.senderNonce)?.count == 16)
        }
    }

    @Test("Row 22: certmonger's transactionID of 78 digits comes back byte for byte")
    func longTransactionID() async throws {
        try await TestServer.run { server in
            var enrolment = try TestEnrolment()
            enrolment.transactionID = String(repeating: "9876543210", count: 8).prefix(78).description
            let message = try enrolment.message(for: server.authority.raCertificate)
            let response = try await server.post("/scep", message)
            #expect(
                try enrolment.verified(response.bytes, from: server.authority.raCertificate).certificates.count == 1)
            let value = try #require(try Answer(response.bytes).values(.SCEP.transactionID)?.first)
            #expect(value == [0x13, 78] + Array(enrolment.transactionID.utf8))
        }
    }

    @Test("Row 24: algorithms without NULL are read at every level", arguments: AlgorithmLevel.allCases)
    func withoutNull(_ level: AlgorithmLevel) async throws {
        try await TestServer.run(level: level) { server in
            let enrolment = try TestEnrolment()
            var message = try Forgery(enrolment, for: server.authority.raCertificate).signed { _ in }
            #expect(message.signerInfos[0].digestAlgorithm.parameters == AlgorithmIdentifier.null)
            #expect(message.signerInfos[0].signatureAlgorithm.parameters == AlgorithmIdentifier.null)
            message.signerInfos[0].digestAlgorithm.parameters = nil
            message.signerInfos[0].signatureAlgorithm.parameters = nil
            let reply = try await server.reply(to: message.derEncoded(), of: enrolment)
            #expect(reply.certificates.count == 1)
        }
    }

    @Test(
        "Row 25: a DigestInfo without NULL in the signature is read at legacy",
        arguments: [DigestAlgorithm.md5, .sha1]
    )
    func digestInfoWithoutNull(_ digest: DigestAlgorithm) async throws {
        try await TestServer.run(level: .legacy) { server in
            let (message, enrolment) = try Self.withoutNullInSignature(digest, for: server)
            #expect(try await server.reply(to: message, of: enrolment).certificates.count == 1)
        }
    }

    @Test(
        "Row 25: a DigestInfo without NULL is read where its digest is, which MD5 is at legacy only",
        arguments: [
            (DigestAlgorithm.md5, .modern, false), (.md5, .compatible, false), (.sha1, .modern, false),
            (.sha1, .compatible, true),
        ] as [(DigestAlgorithm, AlgorithmLevel, Bool)]
    )
    func digestInfoAboveLegacy(_ digest: DigestAlgorithm, level: AlgorithmLevel, isRead: Bool) async throws {
        try await TestServer.run(level: level) { server in
            let (message, enrolment) = try Self.withoutNullInSignature(digest, for: server)
            let reply = try await server.reply(to: message, of: enrolment)
            #expect(reply.failInfo == (isRead ? nil : .badAlg))
        }
    }

    /// A message as an old Java client signs it.
    private static func withoutNullInSignature(
        _ digest: DigestAlgorithm,
        for server: TestServer
    ) throws -> (message: [UInt8], enrolment: TestEnrolment) {
        var enrolment = try TestEnrolment()
        enrolment.digest = digest
        let key = enrolment.client.key
        var forgery = try Forgery(enrolment, for: server.authority.raCertificate)
        forgery.sign = { try OldFormats.signature(of: $0, by: key, digest: digest, hasNull: false) }
        return (try forgery.signed { _ in }.derEncoded(), enrolment)
    }
}
