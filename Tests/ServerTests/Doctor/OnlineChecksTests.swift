import Enrollment
import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import HummingbirdTesting
import NIOSSL
import TestSupport
import Testing

@testable import Registry
@testable import Server
@testable import ucm

@Suite("An examination of a running server")
struct OnlineChecksTests {
    /// What a server on a real socket should serve.
    private static func examined(_ live: LiveInstallation, port: Int?) async throws -> ExaminedInstallation {
        let flags = ["https": "off", "http": "127.0.0.1:\(port ?? 1)"]
        return try ExaminedInstallation(
            try await live.test.configuration(flags),
            live.served.current,
            states: try await live.registry.revocationListStates()
        )
    }

    private static func serve(
        _ body: @escaping @Sendable (LiveInstallation, Int) async throws -> Void
    ) async throws {
        try await LiveInstallation.run(at: Date()) { live in
            try await live.publish(at: Date())
            let router = live.installation.router(logger: .quiet, on: .http)
            try await Application(router: router, server: TestServer.http1, logger: .quiet).test(.live) { client in
                try await body(live, try #require(client.port))
            }
        }
    }

    private static func find(_ findings: [Finding], _ check: String) throws -> Finding {
        try #require(findings.first { $0.check == check }, "\(findings)")
    }

    @Test("finds that it answers by HTTP, SCEP, CRL and OCSP, and leaves nothing behind")
    func well() async throws {
        try await Self.serve { live, port in
            _ = try await live.administration.createProfile(
                "routers", authority: nil, settings: ProfileSettings(), challenge: .keep, by: "anna", at: Date())
            _ = try await live.served.refresh()
            let before = try await live.registry.everything()
            let examined = try await Self.examined(live, port: port)
            let findings = await OnlineChecks(examined, timeout: .seconds(60)).run()
            for check in ["HTTP listener", "SCEP default", "SCEP routers", "CRL UCM CA", "OCSP UCM CA"] {
                #expect(try Self.find(findings, check).level == .ok, "\(findings)")
            }
            #expect(try await live.registry.everything() == before)
        }
    }

    @Test("finds that another server answers")
    func another() async throws {
        try await Self.serve { live, port in
            var examined = try await Self.examined(live, port: port)
            try await TestInstallation.run { test in
                let other = try await test.open(at: Date())
                defer { try? other.registry.close() }
                let stranger = try ExaminedInstallation(
                    try await test.configuration(), other.configuration.current, states: [:])
                examined.profiles = stranger.profiles
                examined.authorities = stranger.authorities
            }
            let findings = await OnlineChecks(examined, timeout: .seconds(60)).run()
            let finding = try Self.find(findings, "SCEP default")
            #expect(finding.level == .error)
            #expect(finding.advice.contains("another server answers"))
            #expect(try Self.find(findings, "OCSP UCM CA").level == .error)
        }
    }

    @Test("finds a profile that is not served, a CRL that is not there, and certificates that name a wrong place")
    func missing() async throws {
        try await Self.serve { live, port in
            var examined = try await Self.examined(live, port: port)
            examined.profiles[0].path = "/scep/gone"
            examined.authorities[0].revocationListPath = "/crl/gone.crl"
            examined.publicationURL = "http://127.0.0.1:\(port)/nowhere"
            let findings = await OnlineChecks(examined, timeout: .seconds(60)).run()
            for check in ["SCEP default", "CRL UCM CA", "publication URL"] {
                let finding = try Self.find(findings, check)
                #expect(finding.level == .error)
                #expect(finding.what.contains("404"), "\(finding)")
            }
        }
    }

    @Test("finds that a server is not ready")
    func notReady() async throws {
        try await Self.serve { live, port in
            let examined = try await Self.examined(live, port: port)
            try live.registry.close()
            let findings = await OnlineChecks(examined, timeout: .seconds(60)).run()
            let finding = try Self.find(findings, "HTTP listener")
            #expect(finding.level == .error)
            #expect(finding.what.contains("503"))
        }
    }

    @Test("skips what it cannot ask where no server runs")
    func notRunning() async throws {
        try await LiveInstallation.run { live in
            let examined = try await Self.examined(live, port: nil)
            let findings = await OnlineChecks(examined, timeout: .seconds(60)).run()
            #expect(findings.map(\.check) == ["HTTP listener", "SCEP"])
            #expect(findings.allSatisfy { $0.level == .skipped })
        }
    }

    @Test("looks at the certificate of the HTTPS listener", arguments: [true, false])
    func tls(isTrusted: Bool) async throws {
        try await LiveInstallation.run(at: Date()) { live in
            let names = isTrusted ? ["localhost"] : ["other.example"]
            let certificate = try await ServerCertificate(live.installation, names: names, at: Date())
            let server = try HTTPServerBuilder.tls(
                TestServer.http1, tlsConfiguration: certificate.configuration())
            let router = live.installation.router(logger: .quiet)
            try await Application(router: router, server: server, logger: .quiet).test(.live) { client in
                let port = try #require(client.port)
                let configuration = try await live.test.configuration(["https": "\(port)"])
                let examined = try ExaminedInstallation(configuration, live.served.current, states: [:])
                let findings = await OnlineChecks(examined, timeout: .seconds(60)).run()
                #expect(try Self.find(findings, "HTTPS listener").level == .ok)
                let finding = try Self.find(findings, "TLS")
                #expect(finding.level == (isTrusted ? .ok : .error), "\(finding)")
            }
        }
    }
}
