import ArgumentParser
import CryptographicMessageSyntax
import Foundation
import SCEP
import TestSupport
import Testing

@testable import EnrollmentLoad
@testable import SCEPClient
@testable import ucm

/// Loads over sockets, against this project's own registration authority.
@Suite struct RealLoadTests {
    @Test func `thirty certificates over connections that are kept`() async throws {
        try await RealServerTests.serving { authority, url in
            let negotiated = try await RealServerTests.client(authority, url).negotiate()
            var plan = LoadPlan()
            plan.extent = .count(30)
            plan.connections = 3
            plan.keys = .pool(2)
            plan.challenges = .same(TestAuthority.challenge)
            let made = plan
            let report = try await KeptConnections.with(3, timeout: .seconds(600)) { connections in
                try await EnrollmentLoad(made, at: negotiated, over: connections, now: { TestAuthority.now }).run()
            }
            #expect(report.issued == 30)
            #expect(report.failures.map(\.example) == [])
        }
    }

    @Test func `nobody there`() async throws {
        try await RealServerTests.serving { authority, url in
            let negotiated = try await RealServerTests.client(authority, url).negotiate()
            let elsewhere = NegotiatedServer(
                url: try SCEPURL("http://127.0.0.1:1/scep"),
                configuration: negotiated.configuration,
                algorithms: negotiated.algorithms,
                authorities: negotiated.authorities,
                isPOST: true
            )
            var plan = LoadPlan()
            plan.extent = .count(2)
            plan.keys = .pool(1)
            let made = plan
            let report = try await KeptConnections.with(1, timeout: .seconds(600)) { connections in
                try await EnrollmentLoad(made, at: elsewhere, over: connections, now: { TestAuthority.now }).run()
            }
            #expect(report.failures.map(\.reason) == ["no connection"])
            #expect(report.failed == 2)
        }
    }

    /// The clock of that server stands still elsewhere, so nothing is issued; the command says so and ends with 1.
    @Test func `the command counts what is refused`() async throws {
        try await RealServerTests.serving { authority, url in
            let known = "\(Fingerprint(of: authority.caCertificate.encoded))"
            let words = [
                "bench", url, "--count", "3", "--keys", "1", "--challenge", "wrong", "--fingerprint", known, "--json",
                "--timeout", "600", "--trust-answers",
            ]
            var status: Int32 = 0
            do {
                let command = try #require(try UCM.parseAsRoot(words) as? BenchCommand)
                try await command.run()
            } catch let error as ExitCode {
                status = error.rawValue
            }
            #expect(status == 1)
        }
    }
}
