import Enrollment
import TestSupport
import Testing

@testable import CryptographicMessageSyntax
@testable import Registry
@testable import SCEP

@Suite("A failure that anybody can see")
struct VisibleFailureTests {
    @Test(
        "is answered by a signed CertRep with its own failInfo",
        arguments: VisibleFailure.signatures + VisibleFailure.contents + VisibleFailure.messageTypes
    )
    func answer(_ failure: VisibleFailure) async throws {
        try await withAuthority { authority in
            let enrolment = try TestEnrolment()
            let message = try failure.make(try Forgery(enrolment, for: authority.raCertificate))
            let exchange = try await authority.answer(message)
            let answer = try Answer(exchange.answer)
            #expect(answer.text(.SCEP.pkiStatus) == "2")
            #expect(answer.failInfo == failure.failInfo)
            #expect(answer.text(.SCEP.messageType) == "3")
            #expect(answer.text(.SCEP.transactionID) == enrolment.transactionID)
            #expect(answer.octets(.SCEP.recipientNonce) == enrolment.senderNonce)
            #expect(answer.octets(.SCEP.senderNonce)?.count == 16)
            #expect(answer.signedData.certificates == [authority.raCertificate.encoded])
            #expect(answer.signedData.content == [])
            #expect(!exchange.isConcealed)
            guard case .refused(failure.failInfo, let reason) = exchange.outcome else {
                Issue.record("\(exchange.outcome)")
                return
            }
            #expect(reason != answer.failInfoText)
            #expect(exchange.cause != nil)
            #expect(try await authority.registry.certificateCount() == 0)
            // The same authority goes on.
            #expect(try await authority.enrol(enrolment).reply.certificates.count == 1)
        }
    }

    @Test("reaches the client, which can tell that it is meant")
    func client() async throws {
        try await withAuthority { authority in
            var enrolment = try TestEnrolment()
            enrolment.cipher = .des
            let reply = try await authority.enrol(enrolment).reply
            guard case .failure(.badAlg, let text) = reply.answer else {
                Issue.record("\(reply.answer)")
                return
            }
            #expect(text.contains("algorithm"))
        }
    }

    @Test("is an envelope that is cut off anywhere, though the message around it is signed")
    func truncatedEnvelope() async throws {
        try await withAuthority { authority in
            let forgery = try Forgery(try TestEnrolment(), for: authority.raCertificate)
            let envelope = try forgery.envelope().derEncoded()
            for count in stride(from: 1, to: envelope.count, by: 37) {
                let message = try forgery.signed(Array(envelope.prefix(count))).derEncoded()
                let exchange = try await authority.answer(message)
                #expect(try Answer(exchange.answer).failInfo == .badRequest, "\(count) of \(envelope.count) bytes")
            }
        }
    }
}
