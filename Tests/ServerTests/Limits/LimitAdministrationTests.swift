import Enrollment
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Registry
import TestSupport
import Testing

@testable import Server

@Suite("The limits that an administrator sets")
struct LimitAdministrationTests {
    static let now = TestInstallation.now

    @Test("are those of a new installation until somebody sets them, and stay")
    func stored() async throws {
        try await AdministrationTests.run { administration in
            #expect(try await administration.settings(LimitSettings.self) == LimitSettings())
            try await administration.change(LimitSettings.self, by: "anna", at: Self.now) {
                $0.requestsPerMinute = 600
                $0.guessesUntilLocked = 30
            }
            try await administration.change(LimitSettings.self, by: "bea", at: Self.now) { $0.failuresPerMinute = 6 }
            var expected = LimitSettings()
            (expected.requestsPerMinute, expected.guessesUntilLocked, expected.failuresPerMinute) = (600, 30, 6)
            #expect(try await administration.settings(LimitSettings.self) == expected)
            let events = try await administration.events(EventFilter(kinds: [.limitsChanged]), limit: 10)
            #expect(events.map(\.actor) == ["bea", "anna"])
        }
    }

    static let senseless: [(String, @Sendable (inout LimitSettings) -> Void)] = [
        ("failures-per-minute", { $0.failuresPerMinute = 0 }), ("requests-per-minute", { $0.requestsPerMinute = 0 }),
        ("crls-per-minute", { $0.revocationListsPerMinute = 1_000_001 }),
        ("guesses-until-slowed", { $0.guessesUntilSlowed = 0 }),
        ("guesses-until-slowed", { $0.guessesUntilSlowed = 20 }),
        ("guesses-until-locked", { $0.guessesUntilLocked = 101 }), ("lock-minutes", { $0.lockMinutes = 1441 }),
        ("guesses-until-alarm", { $0.guessesUntilAlarm = 0 }),
    ]

    @Test("are refused by name where they make no sense, and nothing is changed", arguments: Self.senseless.indices)
    func refused(row: Int) async throws {
        let (name, change) = Self.senseless[row]
        try await AdministrationTests.run { administration in
            let error = await #expect(throws: LimitSettingsError.self) {
                try await administration.change(LimitSettings.self, by: "anna", at: Self.now, change)
            }
            #expect(error?.description.contains(name) == true)
            let limits = try await administration.settings(LimitSettings.self)
            #expect(limits == LimitSettings())
            let events = try await administration.events(EventFilter(kinds: [.limitsChanged]), limit: 10)
            #expect(events.isEmpty)
        }
    }

    @Test("reach a server that runs, and what it has counted stays counted")
    func running() async throws {
        try await MaintenanceTests.run { test, installation in
            let maintenance = Maintenance(configuration: installation.configuration, logger: .quiet)
            let administration = try await Administration(try await test.configuration())
            @Sendable func set(_ limit: Int?) async throws {
                try await administration.change(LimitSettings.self, by: "anna", at: Self.now) {
                    $0.requestsPerMinute = limit
                }
                try await maintenance.followConfiguration()
            }
            let router = installation.router(logger: .quiet)
            let application = Application(router: router, server: TestServer.http1, logger: .quiet)
            try await application.test(.router) { client in
                func status() async throws -> HTTPResponse.Status {
                    try await client.execute(uri: "/scep?operation=GetCACaps", method: .get).status
                }
                for _ in 0..<5 { #expect(try await status() == .ok) }
                try await set(2)
                for _ in 0..<2 { #expect(try await status() == .ok) }
                #expect(try await status() == .tooManyRequests)
                // Another change of the configuration forgets nothing.
                try await administration.change(LimitSettings.self, by: "anna", at: Self.now) {
                    $0.guessesUntilAlarm = 50
                }
                try await maintenance.followConfiguration()
                #expect(try await status() == .tooManyRequests)
                try await set(nil)
                #expect(try await status() == .ok)
            }
            try administration.close()
        }
    }

    @Test("show who guesses challenges, and let an address off")
    func guessing() async throws {
        try await MaintenanceTests.run { test, installation in
            let administration = try await Administration(try await test.configuration())
            #expect(try await administration.guessingAddresses(at: Self.now).isEmpty)
            for number in 0..<5 {
                _ = try await installation.enrol(
                    with: "guess \(number)", transactionID: "\(number)", from: "2001:db8::\(number)", at: Self.now)
            }
            _ = try await installation.enrol(with: "mistyped", from: "192.0.2.8", at: Self.now)
            let found = try await administration.guessingAddresses(at: Self.now)
            #expect(found.map(\.address) == ["2001:db8::/64", "192.0.2.8"])
            #expect(found.map(\.guesses) == [5, 1])
            #expect(found.map(\.profiles) == [["default"], ["default"]])
            #expect(found.map(\.waitsUntil) == [Self.now.addingTimeInterval(1), nil])
            await #expect(throws: UnansweredRequest.self) {
                try await installation.enrol(from: "2001:db8::ffff", at: Self.now)
            }

            // Any address of the network names it.
            try await administration.clearGuesses(from: "2001:db8::1234", by: "anna", at: Self.now)
            #expect(try await administration.guessingAddresses(at: Self.now).map(\.address) == ["192.0.2.8"])
            await #expect(throws: AdministrationError.self) {
                try await administration.clearGuesses(from: "2001:db8::1234", by: "anna", at: Self.now)
            }
            try await installation.configuration.limits.followGuesses(in: installation.registry, at: Self.now)
            let enrolled = try await installation.enrol(from: "2001:db8::ffff", at: Self.now)
            #expect(enrolled.certificates.count == 1)
            // They count for as long as lock-minutes says.
            #expect(try await administration.guessingAddresses(at: Self.now.addingTimeInterval(3601)).isEmpty)
            try administration.close()
        }
    }
}
