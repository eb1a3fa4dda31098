import CertificateAuthority
import CryptographicMessageSyntax
import Enrollment
import Foundation
import Registry
import SCEP
import SwiftASN1
import TestSupport
import Testing

@Suite("A request that waits for approval (RFC 8894 §2.5, §3.3.3)")
struct PendingRequestTests {
    static func withManualApproval(_ body: (TestAuthority) async throws -> Void) async throws {
        try await withAuthority(settings: .with { $0.approval = .manual }, body)
    }

    /// A poll for an enrolment; the RFC's IssuerAndSubject is not looked at, so anything may be inside.
    static func poll(_ enrolment: TestEnrolment, at authority: TestAuthority) async throws -> (
        Exchange, VerifiedCertRep
    ) {
        var poll = enrolment
        poll.messageType = .certPoll
        let message = try poll.message(for: authority.raCertificate, containing: [0x30, 0x00])
        let exchange = try await authority.answer(message)
        return (exchange, try poll.verified(exchange.answer, from: authority.raCertificate))
    }

    static func onlyRequest(_ authority: TestAuthority) async throws -> Int64 {
        try #require(try await authority.registry.requests(RequestFilter(statuses: [.pending]), limit: 10).first).id
    }

    @Test("is answered PENDING, to a poll too, until its approval issues the certificate")
    func approval() async throws {
        try await Self.withManualApproval { authority in
            let enrolment = try TestEnrolment()
            let (exchange, reply) = try await authority.enrol(enrolment)
            #expect(exchange.outcome == .pending)
            #expect(reply.answer == .pending)
            #expect(try await Self.poll(enrolment, at: authority).1.answer == .pending)
            #expect(try await authority.registry.certificateCount() == 0)
            let id = try await Self.onlyRequest(authority)
            let issued = try await authority.approve(id)
            // Issued at that moment, not when somebody asks.
            #expect(try await authority.registry.certificateCount() == 1)
            let (polled, answer) = try await Self.poll(enrolment, at: authority)
            #expect(polled.outcome == .sent)
            #expect(polled.subject == "CN=device.example")
            #expect(answer.certificates == [issued.encoded])
            // A resend of the request, which is how clients poll that know no better, gets the same one.
            #expect(try await authority.enrol(enrolment).reply.certificates == [issued.encoded])
            #expect(try await authority.registry.certificateCount() == 1)
        }
    }

    @Test("is answered with the reason once it is rejected, to a poll and to a resend")
    func rejection() async throws {
        try await Self.withManualApproval { authority in
            let enrolment = try TestEnrolment()
            _ = try await authority.enrol(enrolment)
            let id = try await Self.onlyRequest(authority)
            try await authority.approval.reject(id, reason: "this device was sold", by: "anna", at: TestAuthority.now)
            let expected = CertRep.failure(.badRequest, text: "this device was sold")
            let (exchange, reply) = try await Self.poll(enrolment, at: authority)
            #expect(reply.answer == expected)
            #expect(
                exchange.outcome
                    == .refused(.badRequest, reason: "an administrator rejected the request: this device was sold"))
            #expect(try await authority.enrol(enrolment).reply.answer == expected)
            #expect(try await authority.registry.certificateCount() == 0)
        }
    }

    @Test("is decided on once")
    func once() async throws {
        try await Self.withManualApproval { authority in
            _ = try await authority.enrol(try TestEnrolment())
            let id = try await Self.onlyRequest(authority)
            _ = try await authority.approve(id)
            await #expect(throws: ApprovalError.notWaiting(id)) {
                try await authority.approval.reject(id, reason: "", by: "berta", at: TestAuthority.now)
            }
            await #expect(throws: ApprovalError.notWaiting(id)) {
                try await authority.approval.approve(id, by: "berta", at: TestAuthority.now)
            }
            await #expect(throws: ApprovalError.unknown(id + 1)) {
                try await authority.approval.approve(id + 1, by: "berta", at: TestAuthority.now)
            }
        }
    }

    @Test("gives its certificate to nobody else, and the log says who tried")
    func anotherKey() async throws {
        try await Self.withManualApproval { authority in
            let enrolment = try TestEnrolment()
            _ = try await authority.enrol(enrolment)
            _ = try await authority.approve(try await Self.onlyRequest(authority))
            let thief = try TestEnrolment(key: TestKeys.otherDevice)
            let (exchange, reply) = try await Self.poll(thief, at: authority)
            #expect(reply.failInfo == .badCertId)
            guard case .refused(.badCertId, let reason) = exchange.outcome else {
                Issue.record("\(exchange.outcome)")
                return
            }
            #expect(reason.contains("another key"))
            // The same transactionID with another key is another transaction, which waits on its own.
            #expect(try await authority.enrol(thief).reply.answer == .pending)
            #expect(try await Self.poll(enrolment, at: authority).1.certificates.count == 1)
        }
    }

    @Test("that nobody made is badCertId")
    func unknown() async throws {
        try await Self.withManualApproval { authority in
            let (exchange, reply) = try await Self.poll(try TestEnrolment(), at: authority)
            #expect(reply.failInfo == .badCertId)
            #expect(!exchange.isConcealed)
        }
    }

    @Test("takes the place of one that waited in the same transaction")
    func replacement() async throws {
        try await Self.withManualApproval { authority in
            var enrolment = try TestEnrolment()
            _ = try await authority.enrol(enrolment)
            // strongSwan's transactionID is a digest of the key, so a corrected request has the same one.
            enrolment.requestSubject = try TestClient.encoded("CN=corrected.example")
            #expect(try await authority.enrol(enrolment).reply.answer == .pending)
            let waiting = try await authority.registry.requests(RequestFilter(statuses: [.pending]), limit: 10)
            #expect(waiting.map(\.request.subject) == ["CN=corrected.example"])
            _ = try await authority.approve(waiting[0].id)
            #expect(try await Self.poll(enrolment, at: authority).1.certificates.count == 1)
        }
    }

    @Test("needs its challenge like any other")
    func challenge() async throws {
        try await Self.withManualApproval { authority in
            var enrolment = try TestEnrolment()
            enrolment.challenge = "wrong"
            #expect(try await authority.enrol(enrolment).reply.failInfo == .badRequest)
            #expect(try await authority.registry.requests(limit: 10).isEmpty)
        }
    }

    @Test("does not wait where it could not be issued anyway")
    func notIssuable() async throws {
        try await Self.withManualApproval { authority in
            var enrolment = try TestEnrolment()
            // basicConstraints: cA TRUE
            enrolment.extensions = [
                CertificateExtension([2, 5, 29, 19], isCritical: true, value: [0x30, 0x03, 0x01, 0x01, 0xff])
            ]
            let (exchange, reply) = try await authority.enrol(enrolment)
            #expect(reply.failInfo == .badRequest)
            #expect(!exchange.isConcealed)
            #expect(try await authority.registry.requests(limit: 10).isEmpty)
        }
    }

    @Test("is for enrolments: a renewal is granted by its signature")
    func renewal() async throws {
        try await Self.withManualApproval { authority in
            let enrolment = try TestEnrolment()
            _ = try await authority.enrol(enrolment)
            let issued = try await authority.approve(try await Self.onlyRequest(authority))
            let renewal = try TestEnrolment.renewal(of: issued.encoded, by: enrolment.client)
            #expect(try await authority.enrol(renewal).reply.certificates.count == 1)
        }
    }

    @Test("is found after a restart")
    func restart() async throws {
        try await withTemporaryDirectory { directory in
            let enrolment = try TestEnrolment()
            let first = try await TestAuthority(directory: directory, settings: .with { $0.approval = .manual })
            _ = try await first.enrol(enrolment)
            try first.registry.close()
            let second = try await TestAuthority(directory: directory, settings: .with { $0.approval = .manual })
            #expect(try await Self.poll(enrolment, at: second).1.answer == .pending)
            _ = try await second.approve(try await Self.onlyRequest(second))
            #expect(try await Self.poll(enrolment, at: second).1.certificates.count == 1)
            try second.registry.close()
        }
    }
}
