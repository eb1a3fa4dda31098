import Enrollment
import TestSupport
import Testing

@testable import CryptographicMessageSyntax
@testable import Registry
@testable import SCEP

@Suite("A failure that depends on decrypted bytes, before anybody is authenticated (RFC 3218)")
struct ConcealedFailureTests {
    @Test("is badRequest with one constant text, and its cause is in the log", arguments: ConcealedFailure.all)
    func answer(_ failure: ConcealedFailure) async throws {
        try await withAuthority { authority in
            let exchange = try await authority.answer(try failure.make(authority))
            let answer = try Answer(exchange.answer)
            #expect(answer.text(.SCEP.pkiStatus) == "2")
            #expect(answer.failInfo == .badRequest)
            #expect(answer.failInfoText == "The request was refused.")
            #expect(answer.signedData.content == [])
            #expect(exchange.isConcealed)
            guard case .refused(.badRequest, let reason) = exchange.outcome else {
                Issue.record("\(exchange.outcome)")
                return
            }
            #expect(!reason.isEmpty)
            #expect(exchange.cause != nil)
            #expect(reason != answer.failInfoText)
            #expect(!reason.contains(TestAuthority.challenge))
            #expect(try await authority.registry.certificateCount() == 0)
        }
    }

    @Test("is the same answer byte for byte but for nonce and signature, and the authority goes on")
    func indistinguishable() async throws {
        try await withAuthority { authority in
            var answers: [[UInt8]: [String]] = [:]
            for failure in ConcealedFailure.all {
                let exchange = try await authority.answer(try failure.make(authority))
                answers[try Answer(exchange.answer).comparable, default: []].append(failure.description)
            }
            #expect(answers.count == 1, "\(answers.values)")
            #expect(answers.first?.value.count == ConcealedFailure.all.count)
            #expect(try await authority.enrol(try TestEnrolment()).reply.certificates.count == 1)
            // Not by being always the same: a failure that anybody can see is another answer.
            let visible = try VisibleFailure.contents[0].make(
                try Forgery(try TestEnrolment(), for: authority.raCertificate)
            )
            let other = try Answer(try await authority.answer(visible).answer).comparable
            #expect(answers[other] == nil)
        }
    }

    @Test("is the same answer from a profile that is closed")
    func closedProfile() async throws {
        let message = try await withAuthority { try TestEnrolment().message(for: $0.raCertificate) }
        let closed = try await withAuthority(challenge: nil) { try Answer(try await $0.answer(message).answer) }
        let wrong = try await withAuthority(challenge: "other") { try Answer(try await $0.answer(message).answer) }
        #expect(closed.failInfoText == "The request was refused.")
        #expect(closed.comparable == wrong.comparable)
    }
}
