import CertificateAuthority
import Enrollment
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import SCEP
import TestSupport
import Testing

@testable import Registry
@testable import Server

@Suite("The metrics of a server")
struct MetricsEndpointTests {
    static let token = "0123456789abcdef"

    /// An installation with its listeners, without sockets.
    struct Scraped: Sendable {
        var live: LiveInstallation
        var https: any TestClientProtocol
        var http: any TestClientProtocol
        var own: any TestClientProtocol

        func metrics() async throws -> ParsedMetrics {
            let response = try await self.own.execute(uri: "/metrics", method: .get)
            #expect(response.status == .ok)
            #expect(response.contentType == "text/plain; version=0.0.4; charset=utf-8")
            return try ParsedMetrics(response.text)
        }
    }

    static func run(
        _ flags: [String: String] = [:],
        _ body: @escaping @Sendable (Scraped) async throws -> Void
    ) async throws {
        try await LiveInstallation.run(flags, at: Date()) { live in
            let routers = [
                live.installation.router(logger: .quiet, on: .https),
                live.installation.router(logger: .quiet, on: .http), live.installation.metricsRouter(),
            ]
            let applications = routers.map { Application(router: $0, logger: .quiet) }
            try await applications[0].test(.router) { https in
                try await applications[1].test(.router) { http in
                    try await applications[2].test(.router) { own in
                        try await body(Scraped(live: live, https: https, http: http, own: own))
                    }
                }
            }
        }
    }

    @Test("are what Prometheus reads, with everything that an installation has")
    func everything() async throws {
        try await Self.run { scraped in
            try await scraped.live.publish(at: Date())
            let metrics = try await scraped.metrics()
            for name in ["ucm_ca_expiry_seconds", "ucm_ra_expiry_seconds", "ucm_ocsp_signer_expiry_seconds"] {
                let seconds = try #require(metrics[name, ["ca": "UCM CA"]])
                #expect(seconds > 86_400)
            }
            let age = try #require(metrics["ucm_crl_age_seconds", ["ca": "UCM CA"]])
            #expect((0..<100).contains(age))
            let next = try #require(metrics["ucm_crl_next_update_seconds", ["ca": "UCM CA"]])
            #expect((600_000..<605_000).contains(next))
            #expect(metrics["ucm_certificates", ["state": "valid"]] == 3)
            #expect(metrics["ucm_ca_certificates", ["ca": "UCM CA"]] == 3)
            #expect(metrics["ucm_requests_pending", ["profile": "default"]] == 0)
            #expect(metrics["ucm_build_info", ["version": ProgramVersion.current]] == 1)
            #expect(metrics["ucm_profiles_served"] == 1)
            let memory = try #require(metrics["process_resident_memory_bytes"])
            #expect((1e6..<1e11).contains(memory))
            let start = try #require(metrics["process_start_time_seconds"])
            #expect(abs(start - Date().timeIntervalSince1970) < 86_400)
            #expect(metrics["process_open_fds"] ?? 0 > 2)
            #expect(metrics["process_cpu_seconds_total"] ?? 0 > 0)
            #expect(metrics.sum("ucm_database_read_seconds_count") > 5)
            #expect(metrics.sum("ucm_database_write_seconds_count") > 0)
        }
    }

    @Test("tell requests by what was asked and how they ended")
    func requests() async throws {
        try await Self.run { scraped in
            let authority = try #require(
                scraped.live.served.current.registrationAuthorities[Profile.defaultName])
            let recipient = try #require(authority.authority.registrationKeys.first).certificate
            var enrolment = try TestEnrolment()
            enrolment.challenge = scraped.live.installation.secrets?.challenge
            var wrong = enrolment
            wrong.challenge = "wrong"
            wrong.transactionID = "wrong"
            for message in [enrolment, enrolment, wrong] {
                let body = ByteBuffer(bytes: try message.message(for: recipient))
                let response = try await scraped.http.execute(
                    uri: "/scep?operation=PKIOperation", method: .post, body: body)
                #expect(response.status == .ok)
            }
            for query in ["GetCACaps", "GetCACert", "GetNextCACert", "Nothing"] {
                _ = try await scraped.https.execute(uri: "/scep?operation=\(query)", method: .get)
            }
            for number in 0..<50 { _ = try await scraped.https.execute(uri: "/scep/made-up-\(number)", method: .get) }
            _ = try await scraped.https.execute(uri: "/made/up", method: .get)
            let metrics = try await scraped.metrics()
            func count(_ operation: String, _ outcome: String, _ profile: String = "default") -> Double? {
                metrics[
                    "ucm_scep_requests_total", ["operation": operation, "profile": profile, "outcome": outcome]
                ]
            }
            #expect(count("PKCSReq", "success") == 2)
            #expect(count("PKCSReq", "refused") == 1)
            #expect(count("GetCACaps", "success") == 1)
            #expect(count("GetCACert", "success") == 1)
            #expect(count("GetNextCACert", "badrequest") == 1)
            #expect(count("unknown", "badrequest") == 1)
            // Whatever anybody makes up is one series.
            #expect(count("unknown", "badrequest", "unknown") == 50)
            #expect(metrics.families["ucm_scep_requests_total"]?.series.count == 7)
            #expect(metrics["ucm_scep_request_duration_seconds_count", ["operation": "PKCSReq"]] == 3)
            #expect(metrics["ucm_http_requests_total", ["route": "other", "status": "4xx"]] == 1)
            #expect(metrics["ucm_http_requests_total", ["route": "scep", "status": "2xx"]] == 5)
        }
    }

    @Test("tell what waits")
    func pending() async throws {
        try await Self.run { scraped in
            _ = try await scraped.live.administration.changeProfile(
                Profile.defaultName, authority: nil, challenge: .keep, by: "anna", at: Date()
            ) { $0.approval = .manual }
            _ = try await scraped.live.served.refresh()
            let authority = try #require(
                scraped.live.served.current.registrationAuthorities[Profile.defaultName])
            let recipient = try #require(authority.authority.registrationKeys.first).certificate
            var enrolment = try TestEnrolment()
            enrolment.challenge = scraped.live.installation.secrets?.challenge
            let body = ByteBuffer(bytes: try enrolment.message(for: recipient))
            _ = try await scraped.http.execute(uri: "/scep?operation=PKIOperation", method: .post, body: body)
            let metrics = try await scraped.metrics()
            let labels = ["operation": "PKCSReq", "profile": "default", "outcome": "pending"]
            #expect(metrics["ucm_scep_requests_total", labels] == 1)
            #expect(metrics["ucm_requests_pending", ["profile": "default"]] == 1)
            // Counted at most every 30 seconds.
            #expect(try await scraped.metrics()["ucm_requests_pending", ["profile": "default"]] == 1)
        }
    }

    static let endings: [(HTTPResponse.Status, SCEPObservation.Outcome)] = [
        (.ok, .success), (.badRequest, .badRequest), (.notFound, .badRequest), (.contentTooLarge, .badRequest),
        (.tooManyRequests, .limited), (.serviceUnavailable, .failure), (.internalServerError, .failure),
    ]

    @Test("tell by the status how a request ended that got no answer of SCEP's", arguments: Self.endings)
    func ending(status: HTTPResponse.Status, outcome: SCEPObservation.Outcome) {
        var observation = SCEPObservation()
        observation.finish(status)
        #expect(observation.outcome == outcome)
        #expect(observation.duration != nil)
        #expect(observation.operation == "unknown")
    }

    private static func status(
        _ client: any TestClientProtocol,
        _ authorization: String?
    ) async throws -> HTTPResponse.Status {
        let headers: HTTPFields = authorization.map { [.authorization: $0] } ?? [:]
        return try await client.execute(uri: "/metrics", method: .get, headers: headers).status
    }

    @Test("are read over HTTPS with the token, and over HTTP by nobody")
    func token() async throws {
        try await Self.run(["metrics-token": Self.token]) { scraped in
            for wrong: String? in [
                nil, "", "Bearer", "Bearer ", "Bearer \(Self.token)x", "Basic \(Self.token)", Self.token,
            ] {
                let status = try await Self.status(scraped.https, wrong)
                #expect(status == .unauthorized)
            }
            for right in ["Bearer \(Self.token)", "bearer \(Self.token)", "Bearer   \(Self.token)"] {
                let status = try await Self.status(scraped.https, right)
                #expect(status == .ok)
            }
            let status = try await Self.status(scraped.http, "Bearer \(Self.token)")
            #expect(status == .notFound)
        }
    }

    @Test("are for API tokens only where no token of their own is set")
    func off() async throws {
        try await Self.run { scraped in
            for (client, status) in [(scraped.https, HTTPResponse.Status.unauthorized), (scraped.http, .notFound)] {
                let response = try await client.execute(
                    uri: "/metrics", method: .get, headers: [.authorization: "Bearer "])
                #expect(response.status == status)
            }
        }
    }

    @Test("are also read by whom somebody else vouches for")
    func hook() async throws {
        let access = MetricsAccess(token: nil) { $0 == "vouched for" }
        #expect(access.isOpen)
        #expect(await access.allows("Bearer vouched for"))
        #expect(await !access.allows("Bearer other"))
        #expect(!MetricsAccess(token: nil).isOpen)
    }

    @Test("are counted while the database is away as far as they can be")
    func withoutDatabase() async throws {
        try await Self.run { scraped in
            try scraped.live.registry.close()
            let metrics = try await scraped.metrics()
            #expect(metrics["ucm_certificates", ["state": "valid"]] == nil)
            #expect(metrics["ucm_ca_expiry_seconds", ["ca": "UCM CA"]] != nil)
        }
    }
}

@Suite("The settings of metrics")
struct MetricsSettingsTests {
    @Test("name a listener on this machine alone, unless another is asked for", arguments: Source.allCases)
    func listener(_ source: Source) async throws {
        #expect(try await source.configuration("metrics", "9100").metrics == ListenAddress("127.0.0.1:9100"))
        #expect(try await source.configuration("metrics", "0.0.0.0:9100").metrics == ListenAddress("9100"))
        #expect(try await source.configuration("metrics", "off").metrics == nil)
        #expect(try await configuration().metrics == nil)
    }

    @Test("take a token from one place, and none that is short")
    func token() async throws {
        let file = try await configuration(flags: ["metrics-token-file": "/nowhere"])
        let missing = try await startupError { try MetricsAccess(file) }
        #expect(missing == "the file /nowhere of --metrics-token-file cannot be read")
        let short = try await configuration(environment: ["UCM_METRICS_TOKEN": "short"])
        let refused = try await startupError { try MetricsAccess(short) }
        #expect(refused == "the token for metrics has fewer than 16 characters")
        let both = try await configuration(
            flags: ["metrics-token-file": "/dev/null"], environment: ["UCM_METRICS_TOKEN": MetricsEndpointTests.token])
        let twice = try await startupError { try MetricsAccess(both) }
        #expect(twice.contains("one place only"))
    }
}
