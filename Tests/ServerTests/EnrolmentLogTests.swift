import CryptographicMessageSyntax
import Foundation
import HummingbirdTesting
import Logging
import SCEP
import TestSupport
import Testing

@testable import Server

@Suite("The log of an enrolment")
struct EnrolmentLogTests {
    /// Nothing of a message that must stay secret.
    static func expectNoSecret(_ server: TestServer) {
        #expect(!server.events.text.contains(TestAuthority.challenge))
        #expect(!server.events.text.contains(TestAuthority.challenge.replacing(" ", with: "%20")))
    }

    @Test("says who got what")
    func issued() async throws {
        try await TestServer.run { server in
            var enrolment = try TestEnrolment(name: "CN=router-7")
            enrolment.transactionID = "4F2A"
            _ = try await server.post("/scep/routers", try enrolment.message(for: server.authority.raCertificate))
            #expect(server.events.all.count == 1)
            let (level, message, values) = try #require(server.events.all.first)
            #expect(level == .info)
            #expect(message == "SCEP PKIOperation")
            #expect(values["outcome"] == "issued")
            #expect(values["profile"] == "routers")
            #expect(values["client"] == "unknown", "there is no socket in this test")
            #expect(values["messageType"] == "PKCSReq")
            #expect(values["transactionID"] == "4F2A")
            #expect(values["subject"] == "CN=router-7")
            #expect(values["digest"] == "SHA-256")
            #expect(values["cipher"] == "AES-128")
            #expect(values["weak"] == nil)
            #expect(values["reason"] == nil)
            let serial = try #require(values["serial"])
            #expect(serial.count == 40 || serial.count == 38)
            Self.expectNoSecret(server)
        }
    }

    @Test(
        "says what was wrong, and what to do about it",
        arguments: [
            ("wrong", "badRequest", "wrong challenge"), (nil, "badRequest", "the request has no challenge"),
        ])
    func refused(challenge: String?, failInfo: String, reason: String) async throws {
        try await TestServer.run { server in
            var enrolment = try TestEnrolment(name: "CN=router-7")
            enrolment.challenge = challenge
            _ = try await server.post("/scep", try enrolment.message(for: server.authority.raCertificate))
            let (level, message, values) = try #require(server.events.all.first)
            #expect(level == .warning)
            #expect(message == "SCEP PKIOperation")
            #expect(values["outcome"] == "refused")
            #expect(values["failInfo"] == failInfo)
            #expect(values["reason"]?.contains(reason) == true)
            #expect(values["subject"] == "CN=router-7")
            #expect(values["serial"] == nil)
            Self.expectNoSecret(server)
        }
    }

    @Test("names weak algorithms, and the level that a client would need")
    func weak() async throws {
        try await TestServer.run { server in
            var enrolment = try TestEnrolment()
            (enrolment.digest, enrolment.cipher) = (.sha1, .tripleDES)
            _ = try await server.post("/scep", try enrolment.message(for: server.authority.raCertificate))
            enrolment.cipher = .des
            _ = try await server.post("/scep", try enrolment.message(for: server.authority.raCertificate))
            #expect(server.events.all.map { $0.values["weak"] } == ["yes", nil])
            #expect(server.events.all.last?.values["reason"]?.contains("set the level to legacy") == true)
        }
    }

    @Test("says so when a certificate is sent again")
    func resent() async throws {
        try await TestServer.run { server in
            let message = try TestEnrolment().message(for: server.authority.raCertificate)
            _ = try await server.post("/scep", message)
            _ = try await server.post("/scep", message)
            #expect(server.events.all.map { $0.values["outcome"] } == ["issued", "sent"])
        }
    }

    @Test(
        "has SCEP in each line, also of what came to nothing",
        arguments: [
            "/scep?operation=GetCACaps", "/scep?operation=GetCACert", "/scep?operation=GetNextCACert", "/scep/nobody",
            "/scep?operation=x", "/scep?operation=PKIOperation&message=AAAA",
        ])
    func everyLine(uri: String) async throws {
        try await TestServer.run { server in
            _ = try await server.get(uri)
            #expect(server.events.all.count == 1)
            #expect(server.events.all.allSatisfy { $0.message.contains("SCEP") && $0.values["client"] != nil })
        }
    }
}
