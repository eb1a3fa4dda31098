import Foundation
import Registry
import SwiftASN1
import TestSupport
import Testing

@testable import CryptographicMessageSyntax
@testable import SCEP
@testable import Server

/// Rows 9, 15, 16, 24 and 25 of the table of clients, as far as they are about the EnvelopedData.
@Suite("Clients in the field: how they encrypt")
struct EnvelopeTests {
    /// How much of an envelope is BER.
    enum Writing: String, CaseIterable {
        case indefiniteLengths
        case contentInPieces
        case contentInOctets
        case everything

        /// The path of the encryptedContent.
        private static let content = [1, 0, 2, 2]
        /// The path of the recipient's issuer, which is copied from a certificate.
        private static let issuer = [1, 0, 1, 0, 1, 0]

        func write(_ envelope: [UInt8]) throws -> [UInt8] {
            try ASN1Tree(envelope).encoded { path in
                switch (self, path) {
                case (_, let path) where path.starts(with: Self.issuer): .definite
                case (.contentInPieces, Self.content), (.everything, Self.content): .chunked(1000)
                case (.contentInOctets, Self.content): .chunked(8)
                case (.contentInPieces, _), (.contentInOctets, _): .definite
                case (.indefiniteLengths, _), (.everything, _): .indefinite
                }
            }
        }
    }

    @Test("Row 9: an EnvelopedData in BER with a constructed encryptedContent is read", arguments: Writing.allCases)
    func ber(_ writing: Writing) async throws {
        try await TestServer.run { server in
            let enrolment = try TestEnrolment()
            let forgery = try Forgery(enrolment, for: server.authority.raCertificate)
            let der = try forgery.envelope().derEncoded()
            let envelope = try writing.write(der)
            #expect(envelope != der)
            let outside = try forgery.signed(envelope).derEncoded()
            #expect(try await server.reply(to: outside, of: enrolment).certificates.count == 1)
            // All of it, as Android sends it: BER in BER.
            let both = try SignedMessageTests.Writing.both.write(outside)
            #expect(try await server.reply(to: both, of: enrolment).certificates.count == 1)
        }
    }

    @Test(
        "Row 15: both ways of transporting the key are read, and answered by PKCS#1 v1.5",
        arguments: KeyTransportAlgorithm.allCases
    )
    func transports(_ transport: KeyTransportAlgorithm) async throws {
        try await TestServer.run { server in
            var enrolment = try TestEnrolment()
            enrolment.transport = transport
            let message = try enrolment.message(for: server.authority.raCertificate)
            let response = try await server.post("/scep", message)
            #expect(
                try enrolment.verified(response.bytes, from: server.authority.raCertificate).certificates.count == 1)
            let envelope = try EnvelopedData(berEncoded: try #require(try Answer(response.bytes).signedData.content))
            let recipient = try envelope.recipient(for: enrolment.client.certificate)
            #expect(recipient.keyEncryptionAlgorithm.algorithm == .Algorithm.rsaEncryption)
        }
    }

    @Test("Row 16: a RecipientInfo by subjectKeyIdentifier is found")
    func subjectKeyIdentifier() async throws {
        try await TestServer.run { server in
            let enrolment = try TestEnrolment()
            let recipient = server.authority.raCertificate
            let identifier = try #require(recipient.subjectKeyIdentifier)
            let message = try Forgery(enrolment, for: recipient).enveloped { envelope in
                envelope.changeRecipient { $0.recipient = .subjectKeyIdentifier(identifier) }
            }
            #expect(try await server.reply(to: message, of: enrolment).certificates.count == 1)
        }
    }

    @Test("Row 16: a request for the RA certificate before the last one is answered by that one's key")
    func renewedRegistrationAuthority() async throws {
        try await TestServer.run(
            prepare: { try await $0.renewRegistrationKey() },
            { server in
                let published = try CACertificates(
                    encoded: try await server.get("/scep?operation=GetCACert").bytes
                ).certificates
                let new = try SignerCertificate(encoded: published[0])
                #expect(new != server.authority.raCertificate)
                for authority in [server.authority.raCertificate, new] {
                    let enrolment = try TestEnrolment()
                    let message = try enrolment.message(for: authority)
                    let reply = try await server.reply(to: message, of: enrolment, from: authority)
                    #expect(reply.certificates.count == 1)
                }
            })
    }

    @Test("Row 16: after a rollover the old CA issues what is encrypted for its RA, and the new one the rest")
    func rollover() async throws {
        try await TestServer.run(
            prepare: { authority in
                try await authority.addNextAuthority(switchAt: Date())
                _ = try await authority.registry.switchAuthorities(at: Date().addingTimeInterval(1))
            },
            { server in
                let published = try CACertificates(
                    encoded: try await server.get("/scep?operation=GetCACert").bytes
                ).certificates.map { try SignerCertificate(encoded: $0) }
                #expect(try published[1].subject == TestClient.encoded("CN=" + NextAuthority.name))
                for (registration, issuer) in [
                    (server.authority.raCertificate, server.authority.caCertificate), (published[0], published[1]),
                ] {
                    var enrolment = try TestEnrolment()
                    enrolment.transactionID = "for " + registration.identifier.serialNumber.hexadecimal
                    let message = try enrolment.message(for: registration)
                    let reply = try await server.reply(to: message, of: enrolment, from: registration)
                    let certificate = try SignerCertificate(encoded: try #require(reply.certificates.first))
                    #expect(certificate.identifier.issuer == issuer.subject)
                }
            }
        )
    }

    @Test("Row 24: a key transport without NULL is read at every level", arguments: AlgorithmLevel.allCases)
    func withoutNull(_ level: AlgorithmLevel) async throws {
        try await TestServer.run(level: level) { server in
            let enrolment = try TestEnrolment()
            let message = try Forgery(enrolment, for: server.authority.raCertificate).enveloped { envelope in
                envelope.changeRecipient { $0.keyEncryptionAlgorithm.parameters = nil }
            }
            #expect(try await server.reply(to: message, of: enrolment).certificates.count == 1)
        }
    }

    @Test(
        "Row 25: single DES without an initialization vector is read at legacy only", arguments: AlgorithmLevel.allCases
    )
    func withoutVector(_ level: AlgorithmLevel) async throws {
        try await TestServer.run(level: level) { server in
            let enrolment = try TestEnrolment()
            let envelope = try OldFormats.envelopeWithoutVector(
                around: try enrolment.certificationRequest().encoded,
                for: server.authority.raCertificate
            )
            let message = try Forgery(enrolment, for: server.authority.raCertificate)
                .signed(try envelope.derEncoded()).derEncoded()
            let reply = try await server.reply(to: message, of: enrolment)
            #expect(reply.certificates.count == (level == .legacy ? 1 : 0))
            #expect(reply.failInfo == (level == .legacy ? nil : .badAlg))
        }
    }
}
