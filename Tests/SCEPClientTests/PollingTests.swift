import CryptographicMessageSyntax
import Foundation
import SCEP
import TestSupport
import Testing

@testable import SCEPClient

/// Requests that somebody has to approve.
@Suite struct PollingTests {
    private static func success() throws -> CertRep {
        .success(certificates: [try Device.certificate()], crls: [])
    }

    private static func isIssued(_ outcome: EnrollmentOutcome) -> Bool {
        if case .issued = outcome { true } else { false }
    }

    @Test func `polls are CertPolls in the same transaction by the same signer`() async throws {
        let server = ScriptedServer { number, _ in .answer(number < 3 ? .pending : try Self.success()) }
        let time = TestTime()
        let client = try SCEPClient.scripted(server, time: time)
        let request = try Device.request()
        let outcome = try await client.enroll(
            request,
            polling: Polling(interval: .seconds(30), maximum: .seconds(600))
        )
        #expect(Self.isIssued(outcome))
        #expect(time.waits == [.seconds(30), .seconds(30), .seconds(30)])
        let messages = server.messages
        #expect(messages.map(\.message.messageType.rawValue) == [19, 20, 20, 20])
        #expect(Set(messages.map(\.message.transactionID)) == [request.transactionID])
        #expect(Set(messages.map(\.message.signer.certificate)).count == 1)
        #expect(Set(messages.map(\.message.senderNonce)).count == 4)
        for poll in messages.dropFirst() {
            let names = try IssuerAndSubject(berEncoded: poll.content)
            #expect(names.issuer == TestPKI.authority.certificate.subject)
            #expect(names.subject == request.request.subject)
        }
    }

    @Test func `when the time is over it is still pending, and can be asked later`() async throws {
        let server = ScriptedServer { number, _ in .answer(number < 5 ? .pending : try Self.success()) }
        let time = TestTime()
        let client = try SCEPClient.scripted(server, time: time)
        let outcome = try await client.enroll(
            try Device.request(),
            polling: Polling(interval: .seconds(60), maximum: .seconds(150))
        )
        guard case .pending(let pending) = outcome else {
            Issue.record("it should be pending")
            return
        }
        #expect(time.waits == [.seconds(60), .seconds(60), .seconds(30)])
        #expect(server.messages.count == 4)

        let notes = try JSONDecoder().decode(PendingEnrollment.self, from: try JSONEncoder().encode(pending))
        #expect(notes == pending)
        let later = try SCEPClient.scripted(server)
        let first = try await later.poll(notes, key: try Device.key.get())
        let second = try await later.poll(notes, key: try Device.key.get())
        #expect(!Self.isIssued(first))
        #expect(Self.isIssued(second))
        #expect(server.messages.count == 6)
        #expect(Set(server.messages.map(\.message.signer.certificate)).count == 1)
    }

    @Test func `the notes hold no secret`() async throws {
        let client = try SCEPClient.scripted(ScriptedServer())
        guard case .pending(let pending) = try await client.enroll(try Device.request(challenge: "hush-hush")) else {
            Issue.record("it should be pending")
            return
        }
        // The end of a PKCS#8 is the coefficient, which nobody else has.
        let secrets = [Data("hush-hush".utf8), Data(TestKeys.device.pkcs8.suffix(64))]
        for field in [pending.subject, pending.publicKey, pending.signerCertificate, Data(pending.transactionID.utf8)] {
            for secret in secrets { #expect(field.firstRange(of: secret) == nil) }
        }
    }

    @Test func `a network that is away for a while does not end the waiting`() async throws {
        let server = ScriptedServer { number, _ in
            switch number {
            case 0: .answer(.pending)
            case 1: .error(.unreachable)
            case 2: .status(500, retryAfter: nil)
            default: .answer(try Self.success())
            }
        }
        let client = try SCEPClient.scripted(server)
        let outcome = try await client.enroll(try Device.request(), polling: Polling(maximum: .seconds(3600)))
        #expect(Self.isIssued(outcome))
        #expect(server.messages.count == 4)
    }

    @Test func `a refusal ends it`() async throws {
        let server = ScriptedServer { number, _ in
            .answer(number == 0 ? .pending : .failure(.badRequest, text: "An administrator has rejected the request."))
        }
        let client = try SCEPClient.scripted(server)
        let request = try Device.request()
        let error = await #expect(throws: SCEPClientError.self) {
            try await client.enroll(request, polling: Polling(maximum: .seconds(3600)))
        }
        #expect(error?.code == .refused)
        #expect(server.messages.count == 2)
    }

    @Test func `another key cannot poll`() async throws {
        let client = try SCEPClient.scripted(ScriptedServer())
        let pending = PendingEnrollment(try Device.request())
        let other = try Device.otherKey.get()
        let error = await #expect(throws: SCEPClientError.self) { try await client.poll(pending, key: other) }
        #expect(error?.code == .input)
    }

    @Test func `an interval is never less than a second`() {
        #expect(Polling(interval: .zero, maximum: .seconds(1)).interval == .seconds(1))
    }
}
