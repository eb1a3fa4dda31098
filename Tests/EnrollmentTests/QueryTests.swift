import CertificateAuthority
import Enrollment
import Foundation
import Registry
import SCEP
import TestSupport
import Testing

@testable import CryptographicMessageSyntax

@Suite("GetCert (RFC 8894 §2.6, §3.3.4)")
struct GetCertTests {
    static func ask(
        for certificate: [UInt8],
        signedBy client: TestClient,
        at authority: TestAuthority,
        now: Date = TestAuthority.now
    ) async throws -> (exchange: Exchange, reply: VerifiedCertRep) {
        try await Self.ask(
            try SignerCertificate(encoded: certificate).identifier.der, signedBy: client, at: authority, now: now)
    }

    static func ask(
        _ content: [UInt8],
        signedBy client: TestClient,
        at authority: TestAuthority,
        now: Date = TestAuthority.now
    ) async throws -> (exchange: Exchange, reply: VerifiedCertRep) {
        var query = TestEnrolment(client)
        query.messageType = .getCert
        // What sscep sends for every query.
        query.transactionID = "SSCEP transactionId"
        let exchange = try await authority.answer(
            try query.message(for: authority.raCertificate, containing: content),
            at: now
        )
        return (exchange, try query.verified(exchange.answer, from: authority.raCertificate))
    }

    @Test("gives a client that lost its certificate the certificate of its key")
    func lostCertificate() async throws {
        try await withAuthority { authority in
            let enrolment = try TestEnrolment()
            let certificate = try await authority.certificate(for: enrolment)
            for _ in 1...2 {
                let (exchange, reply) = try await Self.ask(for: certificate, signedBy: enrolment.client, at: authority)
                #expect(reply.certificates == [certificate])
                #expect(exchange.outcome == .sent)
            }
        }
    }

    @Test("gives the holder of a valid certificate another one of the same profile")
    func holder() async throws {
        try await withAuthority { authority in
            let enrolment = try TestEnrolment()
            let own = try await authority.certificate(for: enrolment)
            let other = try await authority.certificate(
                for: try TestEnrolment(name: "CN=other.example", key: TestKeys.otherDevice)
            )
            let holder = try enrolment.client.holding(own)
            #expect(try await Self.ask(for: other, signedBy: holder, at: authority).reply.certificates == [other])
            // Not any more when its own one has ended, or is revoked.
            let later = TestAuthority.now.addingTimeInterval(366 * 86_400)
            #expect(
                try await Self.ask(for: other, signedBy: holder, at: authority, now: later).reply.failInfo == .badCertId
            )
            let record = try #require(try await authority.record(of: own))
            try await authority.registry.revoke(record.id, reason: 1, at: TestAuthority.now)
            #expect(try await Self.ask(for: other, signedBy: holder, at: authority).reply.failInfo == .badCertId)
        }
    }

    @Test("gives a stranger nothing")
    func stranger() async throws {
        try await withAuthority { authority in
            let certificate = try await authority.certificate(for: try TestEnrolment())
            let stranger = try TestClient(name: "CN=stranger", key: TestKeys.otherDevice)
            let (exchange, reply) = try await Self.ask(for: certificate, signedBy: stranger, at: authority)
            #expect(reply.failInfo == .badCertId)
            #expect(exchange.isConcealed)
        }
    }

    @Test("answers everything behind the envelope alike: what is there and what is not, garbage and padding")
    func oracle() async throws {
        try await withAuthority { authority in
            let certificate = try await authority.certificate(for: try TestEnrolment())
            let identifier = try SignerCertificate(encoded: certificate).identifier
            let stranger = try TestClient(name: "CN=stranger", key: TestKeys.otherDevice)
            let contents: [[UInt8]] = [
                try identifier.der,
                try IssuerAndSerialNumber(issuer: identifier.issuer, serialNumber: [7]).der,
                try IssuerAndSerialNumber(issuer: [0x30, 0x00], serialNumber: identifier.serialNumber).der,
                try TestEnrolment().certificationRequest().encoded, Array("garbage".utf8), [], DepthBomb.indefinite,
            ]
            var answers: Set<[UInt8]> = []
            for content in contents {
                let exchange = try await Self.ask(content, signedBy: stranger, at: authority).exchange
                #expect(exchange.isConcealed)
                answers.insert(try Answer(exchange.answer).comparable)
            }
            var query = TestEnrolment(stranger)
            query.messageType = .getCert
            query.transactionID = "SSCEP transactionId"
            let forgery = try Forgery(query, for: authority.raCertificate)
            let damages: [@Sendable (inout EnvelopedData) -> Void] = [
                { envelope in envelope.changeRecipient { $0.encryptedKey = [UInt8](repeating: 0x5a, count: 256) } },
                { $0.encryptedContent[$0.encryptedContent.count - 17] ^= 0x80 },
                { $0.encryptedContent.removeLast() },
                { $0.encryptedContent = [] },
            ]
            for damage in damages {
                let exchange = try await authority.answer(try forgery.enveloped { damage(&$0) })
                #expect(exchange.isConcealed)
                answers.insert(try Answer(exchange.answer).comparable)
            }
            #expect(answers.count == 1)
        }
    }
}

@Suite("A query whose content is damaged")
struct DamagedQueryTests {
    @Test(
        "gets the one answer for queries, wherever it is cut off or changed", arguments: [MessageType.getCert, .getCRL])
    func damaged(_ type: MessageType) async throws {
        try await withAuthority { authority in
            var query = try TestEnrolment()
            query.messageType = type
            let whole = try IssuerAndSerialNumber(issuer: authority.caCertificate.subject, serialNumber: [1, 2, 3]).der
            var contents = whole.indices.map { Array(whole.prefix($0)) }
            for index in whole.indices.dropLast(3) {
                var content = whole
                content[index] ^= 0xff
                contents.append(content)
            }
            var now = TestAuthority.now
            for content in contents {
                // A minute later each time: CRLs are limited for an address.
                now.addTimeInterval(60)
                let message = try query.message(for: authority.raCertificate, containing: content)
                let exchange = try await authority.answer(message, at: now)
                #expect(try Answer(exchange.answer).failInfo == .badCertId)
                #expect(exchange.isConcealed)
            }
        }
    }
}

@Suite("GetCRL (RFC 8894 §2.7, §3.3.5)")
struct GetCRLTests {
    static func publish(_ authority: TestAuthority, size: Int? = nil) async throws -> [UInt8] {
        let list = try authority.issuer.revocationList(
            number: 1,
            entries: [RevokedCertificate](),
            thisUpdate: TestAuthority.now,
            nextUpdate: TestAuthority.now.addingTimeInterval(86_400)
        )
        let encoded = size.map { [UInt8](repeating: 0x30, count: $0) } ?? list
        try await authority.registry.insert(
            RevocationListRecord(
                number: 1,
                encoded: encoded,
                thisUpdate: TestAuthority.now,
                nextUpdate: TestAuthority.now.addingTimeInterval(86_400),
                revocationChanges: 0
            ),
            authority: 1
        )
        return encoded
    }

    static func ask(
        _ identifier: IssuerAndSerialNumber,
        at authority: TestAuthority,
        from client: String = TestAuthority.clientAddress,
        now: Date = TestAuthority.now
    ) async throws -> VerifiedCertRep {
        var query = try TestEnrolment()
        query.messageType = .getCRL
        let message = try query.message(for: authority.raCertificate, containing: try identifier.der)
        return try query.verified(
            try await authority.answer(message, at: now, from: client).answer,
            from: authority.raCertificate
        )
    }

    @Test("gives no CRL that has ended")
    func ended() async throws {
        try await withAuthority { authority in
            _ = try await Self.publish(authority)
            let identifier = IssuerAndSerialNumber(issuer: authority.caCertificate.subject, serialNumber: [1])
            let end = TestAuthority.now.addingTimeInterval(86_400)
            let before = try await Self.ask(identifier, at: authority, now: end.addingTimeInterval(-1))
            #expect(before.failInfo == nil)
            #expect(try await Self.ask(identifier, at: authority, now: end).failInfo == .badCertId)
        }
    }

    @Test("gives the CRL alone to any signer, found by its issuer, whatever the serial number")
    func success() async throws {
        try await withAuthority { authority in
            let list = try await Self.publish(authority)
            for serialNumber: [UInt8] in [[1], [0x7f, 0xff]] {
                let identifier = IssuerAndSerialNumber(
                    issuer: authority.caCertificate.subject,
                    serialNumber: serialNumber
                )
                #expect(
                    try await Self.ask(identifier, at: authority).answer == .success(certificates: [], crls: [list]))
            }
        }
    }

    @Test("of another issuer is badCertId")
    func unknownIssuer() async throws {
        try await withAuthority { authority in
            _ = try await Self.publish(authority)
            let identifier = IssuerAndSerialNumber(issuer: try TestClient.encoded("CN=Other"), serialNumber: [1])
            #expect(try await Self.ask(identifier, at: authority).failInfo == .badCertId)
        }
    }

    @Test("points to the distribution point where the CRL is too large")
    func tooLarge() async throws {
        try await withAuthority { authority in
            _ = try await Self.publish(authority, size: 1 << 20 + 1)
            let identifier = IssuerAndSerialNumber(issuer: authority.caCertificate.subject, serialNumber: [1])
            guard case .failure(.badRequest, let text) = try await Self.ask(identifier, at: authority).answer else {
                Issue.record("not refused")
                return
            }
            #expect(text.contains("distribution point"))
        }
    }

    @Test("is answered so often and no more to an address, and to others meanwhile")
    func limit() async throws {
        try await withAuthority { authority in
            _ = try await Self.publish(authority)
            let identifier = IssuerAndSerialNumber(issuer: authority.caCertificate.subject, serialNumber: [1])
            var refused = 0
            for _ in 0..<25 where try await Self.ask(identifier, at: authority).failInfo != nil { refused += 1 }
            #expect(refused == 5)
            #expect(try await Self.ask(identifier, at: authority, from: "192.0.2.8").failInfo == nil)
        }
    }
}
