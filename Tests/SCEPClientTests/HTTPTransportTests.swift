import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import SCEP
import SCEPClient
import Testing

/// HTTP over a real socket.
@Suite struct HTTPTransportTests {
    /// Runs a test against a server with a few peculiar answers.
    private static func serving(_ body: @escaping @Sendable (String) async throws -> Void) async throws {
        let router = Router()
        router.get("echo") { request, _ in "GET \(request.uri.query ?? "")" }
        router.post("echo") { request, _ in
            let body = try await request.body.collect(upTo: 1 << 20)
            return "POST \(request.headers[.contentType] ?? "") \(body.readableBytes)"
        }
        router.get("redirect") { _, _ in Response(status: .found, headers: [.location: "/echo"]) }
        router.get("busy") { _, _ in
            Response(
                status: .serviceUnavailable, headers: [.retryAfter: "7"],
                body: .init(byteBuffer: ByteBuffer(string: "Later.")))
        }
        router.get("large") { _, _ in
            Response(status: .ok, body: .init(byteBuffer: ByteBuffer(repeating: 0x41, count: 100_001)))
        }
        router.get("slow") { _, _ in
            // Each byte in time, the whole never: no limit of a single read would end it.
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    for _ in 0..<100 {
                        try await writer.write(ByteBuffer(string: "A"))
                        try await Task.sleep(for: .milliseconds(100))
                    }
                    try await writer.finish(nil)
                }
            )
        }
        try await Application(router: router, logger: Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() })
            .test(.live) { client in
                guard let port = client.port else { return }
                try await body("http://127.0.0.1:\(port)")
            }
    }

    private static func request(_ url: String, body: [UInt8]? = nil, timeout: Duration = .seconds(240))
        -> TransportRequest
    {
        TransportRequest(url: url, body: body, maximumAnswerSize: 100_000, timeout: timeout)
    }

    @Test func `GET and POST, and redirects that are not followed`() async throws {
        try await Self.serving { base in
            let transport = try HTTPTransport()
            let got = try await transport.send(Self.request("\(base)/echo?message=%2B%2F"))
            #expect(got.status == 200)
            #expect(String(decoding: got.body, as: UTF8.self) == "GET message=%2B%2F")
            let posted = try await transport.send(Self.request("\(base)/echo", body: [1, 2, 3]))
            #expect(String(decoding: posted.body, as: UTF8.self) == "POST application/x-pki-message 3")
            let redirected = try await transport.send(Self.request("\(base)/redirect"))
            #expect(redirected.status == 302)
            #expect(redirected.location == "/echo")
            let busy = try await transport.send(Self.request("\(base)/busy"))
            #expect(busy.status == 503)
            #expect(busy.retryAfter == 7)
        }
    }

    @Test func `an answer that is too large is not read to its end`() async throws {
        try await Self.serving { base in
            let transport = try HTTPTransport()
            let error = await #expect(throws: SCEPClientError.self) {
                try await transport.send(Self.request("\(base)/large"))
            }
            #expect(error?.code == .tooLarge)
        }
    }

    @Test(.timeLimit(.minutes(10))) func `an answer that takes too long is not waited for`() async throws {
        try await Self.serving { base in
            let transport = try HTTPTransport()
            let error = await #expect(throws: SCEPClientError.self) {
                try await transport.send(Self.request("\(base)/slow", timeout: .seconds(1)))
            }
            #expect(error?.code == .noAnswer)
        }
    }

    @Test func `where nobody listens nothing was sent`() async throws {
        let transport = try HTTPTransport()
        let error = await #expect(throws: SCEPClientError.self) {
            try await transport.send(Self.request("http://127.0.0.1:1/scep"))
        }
        #expect(error?.code == .unreachable)
    }

    @Test func `https to a port that speaks http is said to be so`() async throws {
        try await Self.serving { base in
            let transport = try HTTPTransport(trust: .anyone)
            let error = await #expect(throws: SCEPClientError.self) {
                try await transport.send(Self.request(base.replacing("http:", with: "https:") + "/echo"))
            }
            #expect(error?.code == .unreachable)
            #expect(error?.reason.contains("TLS") == true)
        }
    }
}
