import CryptographicMessageSyntax
import Enrollment
import Foundation
import Registry
import SCEP
import TestSupport
import Testing

@testable import Server

@Suite("The message of GetCACaps, GetCACert and GetNextCACert")
struct SelectedProfileTests {
    @Test("selects a profile or a CA where it names one, and nothing otherwise")
    func selection() async throws {
        try await TestInstallation.run { test in
            let installation = try await test.open()
            defer { try? installation.registry.close() }
            let administration = try await Administration(try await test.configuration())
            let now = TestInstallation.now
            _ = try await administration.rollover(
                nil,
                to: .new(name: "Other CA", key: nil),
                switchAt: now.addingTimeInterval(1000),
                by: "anna",
                at: now
            )
            var settings = ProfileSettings()
            settings.algorithmLevel = .legacy
            _ = try await administration.createProfile(
                "old-routers",
                authority: "Other CA",
                settings: settings,
                challenge: .generate,
                by: "anna",
                at: now
            )
            try administration.close()
            #expect(try await installation.configuration.refresh())
            let current = installation.configuration.current
            for (message, expected) in [
                (nil, "default"), ("", "default"), ("0", "default"), ("CAIdentifier", "default"),
                ("default", "default"),
                ("UCM CA", "default"), ("old-routers", "old-routers"), ("Other CA", "old-routers"),
            ] as [(String?, String)] {
                #expect(current.selected(by: message, at: "default")?.name == expected, "\(message ?? "nil")")
            }
            #expect(current.selected(by: "default", at: "old-routers")?.name == "default")
            #expect(current.selected(by: nil, at: "old-routers")?.name == "old-routers")
            #expect(current.selected(by: nil, at: "nobody") == nil)
        }
    }

    @Test("does not move a PKIOperation to another profile than its path's")
    func pkiOperation() async throws {
        try await TestServer.run { server in
            let message = try TestEnrolment().message(for: server.authority.raCertificate)
            let response = try await server.post("/scep?operation=PKIOperation&message=routers", message)
            #expect(response.contentType == "application/x-pki-message")
            #expect(server.events.all.map { $0.values["profile"] } == ["default"])
            #expect(server.events.all.map { $0.values["outcome"] } == ["issued"])
        }
    }
}
