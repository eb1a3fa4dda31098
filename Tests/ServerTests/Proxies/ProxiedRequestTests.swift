import CertificateAuthority
import Enrollment
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Registry
import TestSupport
import Testing

@testable import Server

/// Requests over sockets, so that there is an address at the other end: 127.0.0.1.
@Suite("A request behind a proxy", .timeLimit(.minutes(10)))
struct ProxiedRequestTests {
    private static func headers(_ name: String, _ value: String) throws -> HTTPFields {
        [try #require(HTTPField.Name(name)): value]
    }

    @Test(
        "is logged with the client's address",
        arguments: [
            ("X-Forwarded-For", "198.51.100.1, 192.0.2.7", "192.0.2.7"),
            ("Forwarded", "for=\"[2001:db8::7]:4711\";proto=https", "2001:db8::7"),
            ("Forwarded", "for=unknown", "unknown (by proxy 127.0.0.1)"),
            ("X-Real-IP", "192.0.2.7", "unknown (by proxy 127.0.0.1)"),
        ]
    )
    func proxied(name: String, value: String, client: String) async throws {
        let headers = try Self.headers(name, value)
        let proxies = [try AddressRange(parsing: "127.0.0.0/8")]
        try await TestServer.run(over: .live, trustedProxies: proxies) { server in
            for path in ["/scep?operation=GetCACaps", "/scep?operation=nothing", "/scep/nobody"] {
                _ = try await server.client.execute(uri: path, method: .get, headers: headers)
            }
            #expect(server.events.all.map { $0.values["client"] } == [client, client, client])
        }
    }

    @Test(
        "without the proxy is the connection's, whatever its headers say",
        arguments: [[], ["192.0.2.1", "2001:db8::/32"]] as [[String]])
    func direct(trusted: [String]) async throws {
        let proxies = try trusted.map(AddressRange.init(parsing:))
        try await TestServer.run(over: .live, trustedProxies: proxies) { server in
            for (name, value) in [("X-Forwarded-For", "192.0.2.7"), ("Forwarded", "for=192.0.2.7")] {
                let headers = try Self.headers(name, value)
                _ = try await server.client.execute(uri: "/scep?operation=GetCACaps", method: .get, headers: headers)
            }
            #expect(server.events.all.map { $0.values["client"] } == ["127.0.0.1", "127.0.0.1"])
        }
    }

    @Test("is recorded with the client's address")
    func recorded() async throws {
        let headers = try Self.headers("X-Forwarded-For", "192.0.2.7")
        let proxies = [try AddressRange(parsing: "127.0.0.1")]
        try await TestServer.run(over: .live, trustedProxies: proxies) { server in
            let message = try TestEnrolment().message(for: server.authority.raCertificate)
            _ = try await server.client.execute(
                uri: "/scep",
                method: .post,
                headers: headers,
                body: ByteBuffer(bytes: message)
            )
            #expect(server.events.all.first?.values["outcome"] == "issued")
            #expect(server.events.all.first?.values["client"] == "192.0.2.7")
            let requests = try await server.authority.registry.requests(limit: 1)
            #expect(requests.first?.request.clientAddress == "192.0.2.7")
        }
    }

    @Test("is believed by the setting alone", arguments: [true, false])
    func setting(isTrusted: Bool) async throws {
        let headers = try Self.headers("X-Forwarded-For", "192.0.2.7")
        try await TestInstallation.run { installation in
            let events = CollectingLogHandler.Events()
            let opened = try await installation.open(isTrusted ? ["trusted-proxy": "127.0.0.1"] : [:])
            defer { try? opened.registry.close() }
            let router = opened.router(logger: CollectingLogHandler.logger(events))
            try await Application(router: router, server: TestServer.http1, logger: .quiet).test(.live) { client in
                _ = try await client.execute(uri: "/scep?operation=GetCACaps", method: .get, headers: headers)
            }
            #expect(events.all.last?.values["client"] == (isTrusted ? "192.0.2.7" : "127.0.0.1"))
        }
    }
}
