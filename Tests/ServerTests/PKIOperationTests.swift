import CryptographicMessageSyntax
import Foundation
import HTTPTypes
import HummingbirdTesting
import Logging
import Registry
import SCEP
import TestSupport
import Testing

@testable import Server

@Suite("PKIOperation")
struct PKIOperationTests {
    /// Checks that a response carries a certificate.
    static func expectSuccess(_ response: TestResponse, _ enrolment: TestEnrolment, _ server: TestServer) throws {
        #expect(response.status == .ok)
        #expect(response.contentType == "application/x-pki-message")
        #expect(response.headers[.cacheControl] == "no-store")
        let reply = try enrolment.verified(response.bytes, from: server.authority.raCertificate)
        #expect(reply.certificates.count == 1)
    }

    @Test(
        "by POST is answered, whatever the Content-Type, with or without operation=",
        arguments: [
            ("/scep?operation=PKIOperation", "application/x-pki-message"), ("/scep?operation=PKIOperation", nil),
            ("/scep?operation=PKIOperation", "application/octet-stream"),
            ("/scep?operation=PKIOperation", "application/x-www-form-urlencoded"), ("/scep", nil),
            ("/scep/routers?operation=pkioperation", nil), ("/cgi-bin/pkiclient.exe?operation=PKIOperation", nil),
            ("/scep?operation=PKIOperation&message=junk", nil), ("/certsrv/mscep/mscep.dll/pkiclient.exe", nil),
        ] as [(String, String?)]
    )
    func post(uri: String, type: String?) async throws {
        try await TestServer.run { server in
            let enrolment = try TestEnrolment()
            let message = try enrolment.message(for: server.authority.raCertificate)
            try Self.expectSuccess(try await server.post(uri, message, type: type), enrolment, server)
        }
    }

    /// The ways in which clients write base64 into a URL.
    enum Escaping: String, CaseIterable {
        case standard
        case onlyEquals
        case nothing
        case plusAsSpace
        case folded
        case urlSafe
        case unpadded
        case twice

        func escape(_ message: [UInt8]) -> String {
            let base64 = Data(message).base64EncodedString()
            func percent(_ text: String) -> String {
                text.replacing("%", with: "%25").replacing("+", with: "%2B").replacing("/", with: "%2F")
                    .replacing("=", with: "%3D").replacing("\n", with: "%0A")
            }
            switch self {
            case .standard: return percent(base64)
            case .onlyEquals: return base64.replacing("=", with: "%3D")
            case .nothing: return base64
            case .plusAsSpace: return base64.replacing("+", with: "%20")
            case .folded:
                return percent(
                    Data(message).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed]))
            case .urlSafe: return base64.replacing("+", with: "-").replacing("/", with: "_")
            case .unpadded: return percent(base64.replacing("=", with: ""))
            case .twice: return percent(percent(base64))
            }
        }
    }

    @Test("by GET is answered, however the base64 is written", arguments: Escaping.allCases)
    func get(_ escaping: Escaping) async throws {
        try await TestServer.run { server in
            let enrolment = try TestEnrolment()
            let message = try enrolment.message(for: server.authority.raCertificate)
            let uri = "/scep?operation=PKIOperation&message=" + escaping.escape(message)
            try Self.expectSuccess(try await server.get(uri), enrolment, server)
        }
    }

    @Test(
        "by GET without a message, or with one that is no base64, is 400",
        arguments: [
            "", "&message=", "&message", "&message=%21%21%21", "&message=A", "&message=AB=C",
        ])
    func badGET(message: String) async throws {
        try await TestServer.run { server in
            let response = try await server.get("/scep?operation=PKIOperation" + message)
            #expect(response.status == .badRequest)
            #expect(response.text.contains("base64"))
        }
    }

    @Test(
        "that cannot be answered by a CertRep is 400 with one sentence",
        arguments: [
            [], [0x30], Array("hello".utf8), [UInt8](repeating: 0x30, count: 100_000),
        ] as [[UInt8]])
    func badPOST(body: [UInt8]) async throws {
        try await TestServer.run { server in
            let response = try await server.post("/scep?operation=PKIOperation", body)
            #expect(response.status == .badRequest)
            #expect(response.contentType == "text/plain; charset=utf-8")
            #expect(response.headers[.cacheControl] == "no-store")
            #expect(response.text.split(separator: "\n").count == 1)
            if body.isEmpty { #expect(response.text == "The request has no body\n") }
        }
    }

    @Test("of more than 2 MiB is 413, and the server goes on", arguments: [(2 << 20) + 1, 3 << 20])
    func tooLarge(size: Int) async throws {
        try await TestServer.run { server in
            let response = try await server.post("/scep", [UInt8](repeating: 0x30, count: size))
            #expect(response.status == .contentTooLarge)
            #expect(response.text.contains("2 MiB"))
            #expect(response.headers[.connection] == "close")
            let enrolment = try TestEnrolment()
            let message = try enrolment.message(for: server.authority.raCertificate)
            try Self.expectSuccess(try await server.post("/scep", message), enrolment, server)
        }
    }

    @Test("of up to 2 MiB is read: bytes behind the message do not matter")
    func large() async throws {
        try await TestServer.run { server in
            let enrolment = try TestEnrolment()
            let message = try enrolment.message(for: server.authority.raCertificate)
            let padding = [UInt8](repeating: 0, count: (2 << 20) - message.count)
            try Self.expectSuccess(try await server.post("/scep", message + padding), enrolment, server)
        }
    }

    @Test("that is refused is 200 with a signed FAILURE")
    func failure() async throws {
        try await TestServer.run { server in
            var enrolment = try TestEnrolment()
            enrolment.challenge = "wrong"
            let message = try enrolment.message(for: server.authority.raCertificate)
            let response = try await server.post("/scep", message)
            #expect(response.status == .ok)
            #expect(response.contentType == "application/x-pki-message")
            let reply = try enrolment.verified(response.bytes, from: server.authority.raCertificate)
            #expect(reply.failInfo == .badRequest)
        }
    }

    @Test("that something of ours keeps from being answered is 503, so that the client comes back")
    func unanswered() async throws {
        try await TestServer.run { server in
            let message = try TestEnrolment(name: "CN=router-7").message(for: server.authority.raCertificate)
            try server.authority.registry.close()
            let response = try await server.post("/scep", message)
            #expect(response.status == .serviceUnavailable)
            #expect(response.headers[.retryAfter] == "30")
            #expect(response.contentType == "text/plain; charset=utf-8")
            let (level, line, values) = try #require(server.events.all.first)
            #expect(level == .error)
            #expect(line.contains("SCEP"))
            #expect(values["outcome"] == "unanswered")
            #expect(values["transactionID"] == "4F2A")
            #expect(values["subject"] == "CN=router-7")
            // Why is in the log alone.
            #expect(try !response.text.contains(#require(values["reason"])))
        }
    }
}
