import CryptographicMessageSyntax
import Enrollment
import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import HummingbirdTesting
import Registry
import SCEP
import TestSupport
import Testing

@testable import Server

/// Rows 2, 4 and 14 of the table of clients: byte by byte over real sockets.
@Suite("Clients in the field: their transport", .timeLimit(.minutes(10)))
struct TransportTests {
    /// A GET with as much in front of a message that its line has `length` bytes, or up to three less.
    static func requestLine(_ message: [UInt8], length: Int) -> String {
        let front = "GET /cgi-bin/pkiclient.exe?operation=PKIOperation&message="
        let back = " HTTP/1.0"
        let count = (length - front.count - back.count) / 4 * 3
        let padded = message + [UInt8](repeating: 0, count: max(0, count - message.count))
        return front + Data(padded).base64EncodedString() + back
    }

    @Test("Row 2: a GET with a line of 64 KiB over HTTP/1.0 without Host is answered, though POST is offered")
    func longLine() async throws {
        try await TestServer.run(over: .live) { server in
            let capabilities = try await server.raw("GET /scep?operation=GetCACaps HTTP/1.0\r\n\r\n")
            #expect(capabilities.status == 200)
            #expect(String(decoding: capabilities.body, as: UTF8.self).contains("POSTPKIOperation\n"))
            let enrolment = try TestEnrolment()
            let line = Self.requestLine(
                try enrolment.message(for: server.authority.raCertificate),
                length: 64 << 10
            )
            #expect((65_533...65_536).contains(line.utf8.count))
            // The answer ends with the connection: otherwise this would wait for ever.
            let response = try await server.raw(line + "\r\n\r\n")
            #expect(response.status == 200)
            #expect(response.headers["content-type"] == "application/x-pki-message")
            let reply = try enrolment.verified(response.body, from: server.authority.raCertificate)
            #expect(reply.certificates.count == 1)
        }
    }

    @Test("Row 2: a line of 256 KiB is refused, and the server goes on")
    func tooLongLine() async throws {
        try await TestServer.run(over: .live) { server in
            let line = Self.requestLine([], length: 256 << 10)
            let response = try? await server.raw(line + "\r\n\r\n")
            #expect(response?.status != 200)
            let next = try await server.raw("GET /scep?operation=GetCACaps HTTP/1.0\r\n\r\n")
            #expect(next.status == 200)
        }
    }

    @Test("Row 4: a POST without Content-Type is answered")
    func noContentType() async throws {
        try await TestServer.run(over: .live) { server in
            let enrolment = try TestEnrolment()
            let message = try enrolment.message(for: server.authority.raCertificate)
            let response = try await server.raw(
                "POST /scep?operation=PKIOperation HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Content-Length: \(message.count)\r\n\r\n",
                body: message
            )
            #expect(response.status == 200)
            let reply = try enrolment.verified(response.body, from: server.authority.raCertificate)
            #expect(reply.certificates.count == 1)
        }
    }

    @Test(
        "Row 4: a POST with an empty body, as of macOS 10.11, is 400 with a sentence that says so",
        arguments: ["", "Content-Length: 0\r\n", "Content-Type: application/x-pki-message\r\nContent-Length: 0\r\n"]
    )
    func emptyBody(headers: String) async throws {
        try await TestServer.run(over: .live) { server in
            let response = try await server.raw(
                "POST /scep?operation=PKIOperation HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\(headers)\r\n"
            )
            #expect(response.status == 400)
            #expect(response.headers["content-type"] == "text/plain; charset=utf-8")
            #expect(String(decoding: response.body, as: UTF8.self) == "The request has no body\n")
        }
    }

    @Test("Row 4: POST can be taken from the capabilities, and SCEPStandard goes with it")
    func withoutPOST() async throws {
        try await TestServer.run(
            settings: .with { $0.capabilities = [.aes, .renewal, .sha256, .scepStandard] },
            { server in
                let response = try await server.get("/scep?operation=GetCACaps")
                #expect(response.text == "AES\nRenewal\nSHA-256\n")
            })
    }

    /// The types of the handshake messages that the HTTPS listener sends to a ClientHello for TLS 1.2, in which all of
    /// them are in the clear.
    static func serverFlight() async throws -> [UInt8] {
        let types = Flight()
        try await TestInstallation.run { test in
            let installation = try await test.open()
            let certificate = try await ServerCertificate(installation, names: ["localhost"], at: TestInstallation.now)
            let server = try HTTPServerBuilder.tls(
                TestServer.http1,
                tlsConfiguration: certificate.configuration()
            )
            try await Application(router: installation.router(logger: .quiet), server: server, logger: .quiet)
                .test(.live) { client in
                    guard let port = client.port else { return }
                    let bytes = try await RawConnection.exchange(ClientHello.tls12, port: port) {
                        ClientHello.handshakeTypes(in: $0).contains(ClientHello.serverHelloDone)
                    }
                    types.set(ClientHello.handshakeTypes(in: bytes))
                }
            try installation.registry.close()
        }
        return types.get()
    }

    @Test("Row 14: no client certificate is asked for in the TLS handshake")
    func noClientCertificate() async throws {
        let flight = try await Self.serverFlight()
        // ServerHello, Certificate, then the key exchange, ServerHelloDone.
        #expect(flight.starts(with: [2, 11]))
        #expect(flight.last == ClientHello.serverHelloDone)
        #expect(!flight.contains(ClientHello.certificateRequest))
    }
}
