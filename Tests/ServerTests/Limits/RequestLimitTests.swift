import CertificateAuthority
import Enrollment
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Registry
import SCEP
import TestSupport
import Testing

@testable import Server

@Suite("How many requests are borne from one address", .timeLimit(.minutes(10)))
struct RequestLimitTests {
    static func run(
        over setup: TestingSetup = .router,
        trustedProxies: [AddressRange] = [],
        limits: LimitSettings,
        _ body: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        try await TestServer.run(
            over: setup,
            trustedProxies: trustedProxies,
            prepare: { _ = try await limits.save(over: nil, in: $0.registry, by: "anna", at: TestAuthority.now) },
            body
        )
    }

    /// What a client is told that has to come back later.
    static func expectRefused(_ response: TestResponse, after seconds: ClosedRange<Int>) {
        #expect(response.status == .tooManyRequests)
        let header = response.headers[.retryAfter].flatMap { Int($0) }
        #expect(header.map(seconds.contains) == true, "\(String(describing: header))")
    }

    static let senseless = ["/scep?operation=nothing", "/scep?operation=PKIOperation&message=AAAA"]

    @Test("refused ones count, and then nothing of it is looked at for a while", arguments: Self.senseless)
    func failures(uri: String) async throws {
        try await Self.run(limits: .with { $0.failuresPerMinute = 3 }) { server in
            for _ in 0..<3 { #expect(try await server.get(uri).status == .badRequest) }
            Self.expectRefused(try await server.get(uri), after: 1...20)
            Self.expectRefused(try await server.get("/scep/routers?operation=GetCACaps"), after: 1...20)
            let message = try TestEnrolment().message(for: server.authority.raCertificate)
            Self.expectRefused(try await server.post("/scep", message), after: 1...20)
            #expect(try await server.authority.registry.requests(limit: 1).isEmpty)
            let (level, _, values) = try #require(server.events.all.last)
            #expect(level == .warning)
            #expect(values["status"] == "429")
            #expect(values["outcome"] == "refused")
            #expect(values["reason"]?.contains("more than 3 requests in a minute that were refused") == true)
        }
    }

    @Test("a refusal that is signed counts too")
    func signedRefusal() async throws {
        try await Self.run(limits: .with { $0.failuresPerMinute = 2 }) { server in
            var enrolment = try TestEnrolment()
            enrolment.challenge = nil
            for number in 0..<3 {
                enrolment.transactionID = "\(number)"
                let response = try await server.post(
                    "/scep", try enrolment.message(for: server.authority.raCertificate))
                #expect(response.status == (number < 2 ? .ok : .tooManyRequests))
            }
        }
    }

    @Test("what an honest fleet does is not counted")
    func successes() async throws {
        try await Self.run(limits: .with { $0.failuresPerMinute = 1 }) { server in
            let message = try TestEnrolment().message(for: server.authority.raCertificate)
            for _ in 0..<5 {
                for uri in ["/scep?operation=GetCACaps", "/scep?operation=GetCACert"] {
                    #expect(try await server.get(uri).status == .ok)
                }
                #expect(try await server.post("/scep", message).status == .ok)
            }
            #expect(server.events.all.allSatisfy { $0.values["outcome"] != "refused" })
        }
    }

    @Test("all of them count where a setting says so")
    func requests() async throws {
        try await Self.run(limits: .with { $0.requestsPerMinute = 4 }) { server in
            for _ in 0..<4 { #expect(try await server.get("/scep?operation=GetCACaps").status == .ok) }
            Self.expectRefused(try await server.get("/scep?operation=GetCACaps"), after: 1...15)
            #expect(server.events.all.last?.values["reason"]?.contains("more than 4 requests in a minute") == true)
        }
    }

    @Test("one address has nothing to do with another, but a network of 64 bits is one in IPv6")
    func addresses() async throws {
        let proxies = [try AddressRange(parsing: "127.0.0.0/8")]
        try await Self.run(over: .live, trustedProxies: proxies, limits: .with { $0.failuresPerMinute = 1 }) { server in
            let field = try #require(HTTPField.Name("X-Forwarded-For"))
            for (client, operation, status) in [
                ("192.0.2.7", "nothing", HTTPResponse.Status.badRequest), ("192.0.2.7", "GetCACaps", .tooManyRequests),
                ("192.0.2.8", "GetCACaps", .ok), ("2001:db8::7", "nothing", .badRequest),
                ("2001:db8::8", "GetCACaps", .tooManyRequests), ("2001:db8:0:1::7", "GetCACaps", .ok),
            ] {
                let response = try await server.client.execute(
                    uri: "/scep?operation=\(operation)",
                    method: .get,
                    headers: [field: client]
                )
                #expect(response.status == status, "\(client) \(operation)")
            }
        }
    }

    @Test("an address that guesses challenges is told when to come back, and its enrolments are not opened")
    func guesses() async throws {
        let limits = LimitSettings.with {
            $0.guessesUntilSlowed = 1
            $0.guessesUntilLocked = 2
            $0.lockMinutes = 10
        }
        try await Self.run(limits: limits) { server in
            var enrolment = try TestEnrolment()
            for (number, challenge) in ["first", "second", TestAuthority.challenge].enumerated() {
                enrolment.challenge = challenge
                enrolment.transactionID = "\(number)"
                // The first one alone has to wait a second, which these two do at other profiles as well.
                if number == 1 { try await Task.sleep(for: .milliseconds(1100)) }
                let message = try enrolment.message(for: server.authority.raCertificate)
                let response = try await server.post(number == 0 ? "/scep" : "/scep/routers", message)
                guard number == 2 else {
                    #expect(response.status == .ok)
                    continue
                }
                Self.expectRefused(response, after: 500...600)
                #expect(server.events.all.last?.values["status"] == "429")
                #expect(server.events.all.last?.values["reason"]?.contains("ucm limits clear") == true)
            }
            #expect(try await server.get("/scep?operation=GetCACaps").status == .ok)
            #expect(try await server.authority.registry.requests(limit: 1).isEmpty)
        }
    }
}

extension LimitSettings {
    /// The limits of a new installation after a change.
    fileprivate static func with(_ change: (inout LimitSettings) -> Void) -> LimitSettings {
        var limits = LimitSettings()
        change(&limits)
        return limits
    }
}
