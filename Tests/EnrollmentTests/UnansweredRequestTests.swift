import Enrollment
import Registry
import SCEP
import TestSupport
import Testing

@Suite("A request that something of ours keeps from being answered")
struct UnansweredRequestTests {
    @Test("is no FAILURE, after which a device would give up")
    func databaseGone() async throws {
        try await withAuthority { authority in
            let enrolment = try TestEnrolment(name: "CN=router-7")
            let message = try enrolment.message(for: authority.raCertificate)
            try authority.registry.close()
            let error = await #expect(throws: UnansweredRequest.self) { try await authority.answer(message) }
            #expect(error.map { "\($0.transactionID)" } == enrolment.transactionID)
            #expect(error?.subject == "CN=router-7")
            #expect(error?.reason.isEmpty == false)
        }
    }

    @Test("is also one that would be refused, for that has to be recorded too")
    func refusedAnyway() async throws {
        try await withAuthority { authority in
            var enrolment = try TestEnrolment()
            enrolment.challenge = "wrong"
            let message = try enrolment.message(for: authority.raCertificate)
            try authority.registry.close()
            await #expect(throws: UnansweredRequest.self) { try await authority.answer(message) }
        }
    }
}
