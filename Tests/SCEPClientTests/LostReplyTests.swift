import CryptographicMessageSyntax
import Foundation
import SCEP
import TestSupport
import Testing

@testable import SCEPClient

/// A message whose answer is lost is sent again (RFC 8894 §5.2).
@Suite struct LostReplyTests {
    private static func success() throws -> CertRep {
        .success(certificates: [try Device.certificate()], crls: [])
    }

    @Test(arguments: [
        ScriptedServer.Reply.error(.noAnswer), .status(503, retryAfter: nil), .status(502, retryAfter: nil),
        .status(429, retryAfter: nil),
    ])
    func `the same request, in the same transaction, with another nonce`(reply: ScriptedServer.Reply) async throws {
        let server = ScriptedServer { number, _ in number < 2 ? reply : .answer(try Self.success()) }
        let time = TestTime()
        _ = try await SCEPClient.scripted(server, time: time).enroll(try Device.request())
        let messages = server.messages
        #expect(messages.count == 3)
        #expect(Set(messages.map(\.content)).count == 1)
        #expect(Set(messages.map(\.message.transactionID)).count == 1)
        #expect(Set(messages.map(\.message.senderNonce)).count == 3)
        #expect(time.waits == [.seconds(2), .seconds(2)])
    }

    @Test func `after three times it is enough`() async throws {
        let server = ScriptedServer { _, _ in .error(.noAnswer) }
        let client = try SCEPClient.scripted(server)
        let request = try Device.request()
        let error = await #expect(throws: SCEPClientError.self) { try await client.enroll(request) }
        #expect(error?.code == .noAnswer)
        #expect(server.messages.count == 3)
    }

    @Test func `a busy server says when to come back, within limits`() async throws {
        let seconds = [7, 86_400]
        let server = ScriptedServer { number, _ in
            number < 2 ? .status(503, retryAfter: seconds[number]) : .answer(try Self.success())
        }
        let time = TestTime()
        _ = try await SCEPClient.scripted(server, time: time).enroll(try Device.request())
        #expect(time.waits == [.seconds(7), .seconds(60)])
    }

    @Test(arguments: [400, 404, 413, 500, 301])
    func `any other status is an error at once`(status: Int) async throws {
        let server = ScriptedServer { _, _ in .status(status, retryAfter: nil) }
        let client = try SCEPClient.scripted(server)
        let request = try Device.request()
        let error = await #expect(throws: SCEPClientError.self) { try await client.enroll(request) }
        #expect(error?.code == .status)
        #expect(error?.status == status)
        #expect(server.messages.count == 1)
    }

    @Test(arguments: [SCEPClientError.Code.unreachable, .tooLarge])
    func `what was not sent, or answered too much, is not sent again`(code: SCEPClientError.Code) async throws {
        let server = ScriptedServer { _, _ in .error(code) }
        let client = try SCEPClient.scripted(server)
        let request = try Device.request()
        let error = await #expect(throws: SCEPClientError.self) { try await client.enroll(request) }
        #expect(error?.code == code)
        #expect(server.messages.count == 1)
    }
}
