import Enrollment
import Foundation
import Registry
import SCEP
import TestSupport
import Testing

@testable import CryptographicMessageSyntax

@Suite("A renewal is refused")
struct RefusedRenewalTests {
    @Test(
        "with one constant answer, and the true reason in the log",
        arguments: RefusedRenewal.signers + RefusedRenewal.requests
    )
    func refused(_ renewal: RefusedRenewal) async throws {
        try await withAuthority(settings: renewal.settings) { authority in
            let enrolment = try TestEnrolment()
            let old = try await authority.certificate(for: enrolment)
            let (request, content) = try await renewal.make(authority, enrolment.client, old)
            let before = try await authority.registry.certificateCount()
            let exchange = try await authority.answer(
                try request.message(for: authority.raCertificate, containing: content),
                at: TestAuthority.now.addingTimeInterval(renewal.day * 86_400)
            )
            let answer = try Answer(exchange.answer)
            #expect(answer.failInfo == .badRequest)
            #expect(answer.failInfoText == "The request was refused.")
            #expect(exchange.isConcealed)
            guard case .refused(_, let reason) = exchange.outcome else {
                Issue.record("\(exchange.outcome)")
                return
            }
            #expect(reason.contains(renewal.reason), "\(reason)")
            #expect(exchange.cause != nil)
            #expect(try await authority.registry.certificateCount() == before)
        }
    }

    @Test(
        "as a PKCSReq without challenge by a certificate that may not renew itself", arguments: RefusedRenewal.signers)
    func byPKCSReq(_ renewal: RefusedRenewal) async throws {
        try await withAuthority(settings: renewal.settings) { authority in
            let enrolment = try TestEnrolment()
            let old = try await authority.certificate(for: enrolment)
            var (request, _) = try await renewal.make(authority, enrolment.client, old)
            request.messageType = .pkcsReq
            request.challenge = nil
            // With its own key, so that it is not for the key that it is refused.
            request.requestKey = nil
            let before = try await authority.registry.certificateCount()
            let exchange = try await authority.answer(
                try request.message(for: authority.raCertificate),
                at: TestAuthority.now.addingTimeInterval(renewal.day * 86_400)
            )
            let answer = try Answer(exchange.answer)
            #expect(answer.failInfo == .badRequest)
            #expect(answer.failInfoText == "The request was refused.")
            #expect(try await authority.registry.certificateCount() == before)
        }
    }

    @Test("with SHA-1, because the signature alone authorizes it", arguments: [MessageType.renewalReq, .pkcsReq])
    func weakDigest(_ type: MessageType) async throws {
        try await withAuthority { authority in
            let enrolment = try TestEnrolment()
            let old = try await authority.certificate(for: enrolment)
            var renewal = try TestEnrolment.renewal(of: old, by: enrolment.client, as: type)
            renewal.digest = .sha1
            let (exchange, reply) = try await authority.enrol(renewal)
            #expect(reply.failInfo == (type == .renewalReq ? .badAlg : .badRequest))
            guard case .refused(_, let reason) = exchange.outcome else {
                Issue.record("\(exchange.outcome)")
                return
            }
            #expect(reason.contains("SHA-1"))
        }
    }

    @Test("with a signature by SHA-1 over attributes that name SHA-256")
    func weakSignature() async throws {
        try await withAuthority { authority in
            let enrolment = try TestEnrolment()
            let old = try await authority.certificate(for: enrolment)
            let renewal = try TestEnrolment.renewal(of: old, by: enrolment.client)
            var message = try Forgery(renewal, for: authority.raCertificate).signed { _ in }
            let key = renewal.client.key
            message.signerInfos[0].signatureAlgorithm = try key.signatureAlgorithm(digest: .sha1).identifier
            message.signerInfos[0].signature = try key.signature(
                for: message.signerInfos[0].receivedAttributes,
                digest: .sha1
            )
            let answer = try Answer(try await authority.answer(message.derEncoded()).answer)
            #expect(answer.failInfo == .badAlg)
        }
    }

    @Test(
        "by a certificate made to look like ours, for whatever messageType",
        arguments: [MessageType.getCert, .certPoll])
    func forgedSigner(_ type: MessageType) async throws {
        try await withAuthority { authority in
            let enrolment = try TestEnrolment()
            let old = try await authority.certificate(for: enrolment)
            var (request, _) = try await RefusedRenewal.signers[1].make(authority, enrolment.client, old)
            request.messageType = type
            request.transactionID = enrolment.transactionID
            let query = try SignerCertificate(encoded: old).identifier
            let exchange = try await authority.answer(
                try request.message(for: authority.raCertificate, containing: try query.der)
            )
            #expect(try Answer(exchange.answer).failInfo == .badCertId)
        }
    }
}
