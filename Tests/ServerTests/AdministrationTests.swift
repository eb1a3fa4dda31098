import CertificateAuthority
import Enrollment
import Foundation
import Registry
import SCEP
import TestSupport
import Testing

@testable import Server

@Suite("What an administrator cannot have")
struct AdministrationTests {
    static let now = TestInstallation.now

    static func run(
        _ flags: [String: String] = [:],
        _ body: (Administration) async throws -> Void
    ) async throws {
        try await TestInstallation.run { test in
            try await test.start(flags)
            let administration = try await Administration(try await test.configuration(flags))
            try await body(administration)
            try administration.close()
        }
    }

    @Test("an installation that is not there, which is not made either")
    func noInstallation() async throws {
        try await TestInstallation.run { test in
            let error = await #expect(throws: StartupError.self) {
                try await Administration(try await test.configuration())
            }
            #expect(error.map { "\($0)".contains("ucm serve") } == true)
            #expect(!FileManager.default.fileExists(atPath: test.directory))
        }
    }

    @Test(
        "a profile whose name is no part of a URL",
        arguments: [
            "", "a b", "A", "ä", "a/b", "-a", "cgi-bin", "certsrv", "pkiclient.exe", String(repeating: "a", count: 41),
        ]
    )
    func names(name: String) async throws {
        try await Self.run { administration in
            await #expect(throws: AdministrationError.self) {
                try await administration.createProfile(
                    name,
                    authority: nil,
                    settings: ProfileSettings(),
                    challenge: .generate,
                    by: "anna",
                    at: Self.now
                )
            }
        }
    }

    static let settings: [(String, @Sendable (inout ProfileSettings) -> Void)] = [
        ("template", { $0.template = "No such" }),
        ("window", { $0.renewal.windowPercent = 0 }),
        ("window", { $0.renewal.windowPercent = 101 }),
        ("grace", { $0.renewal.graceDays = -1 }),
        ("signingTime", { $0.signingTimeTolerance = 0 }),
        ("twice", { $0.capabilities = [.aes, .aes] }),
        // The CA has an ECDSA key.
        ("RA mode", { $0.mode = .certificateAuthority }),
        ("itself", { $0.publishedCertificates = .authority }),
        ("approvals", { $0.queue.approvalsNeeded = 0 }),
        ("days", { $0.queue.days = 0 }),
        ("wait", { $0.queue.limit = 0 }),
        ("address", { $0.queue.limitPerAddress = 0 }),
    ]

    @Test("settings that make no sense, and the profile stays as it was", arguments: Self.settings.indices)
    func refusedSettings(row: Int) async throws {
        let (word, change) = Self.settings[row]
        try await Self.run { administration in
            let error = await #expect(throws: AdministrationError.self) {
                try await administration.changeProfile(
                    "default",
                    authority: nil,
                    challenge: .keep,
                    by: "anna",
                    at: Self.now,
                    { change(&$0) }
                )
            }
            #expect(error.map { "\($0)".contains(word) } == true, "\(String(describing: error))")
            let settings = try await administration.profileDescriptions().map(\.settings)
            #expect(settings == [ProfileSettings()])
        }
    }

    @Test("a profile that anybody may use without saying so")
    func everybody() async throws {
        try await Self.run { administration in
            await #expect(throws: AdministrationError.self) {
                try await administration.changeProfile(
                    "default",
                    authority: nil,
                    challenge: .remove,
                    by: "anna",
                    at: Self.now
                ) {
                    $0.rules.combination = .any
                    $0.rules.addressRanges = ["0.0.0.0/1", "128.0.0.0/1"].compactMap { try? AddressRange(parsing: $0) }
                }
            }
            let change = try await administration.changeProfile(
                "default",
                authority: nil,
                challenge: .remove,
                by: "anna",
                at: Self.now
            ) {
                $0.isOpen = true
            }
            #expect(change.warning?.contains("open") == true)
            let profiles = try await administration.profileDescriptions()
            #expect(profiles.map(\.challenges) == [0])
            #expect(profiles.first?.warning == change.warning)
        }
    }

    @Test("a challenge that cannot be, and the profile stays as it was", arguments: ["", "of pump-4"])
    func refusedChallenge(secret: String) async throws {
        try await Self.run { administration in
            var order = ChallengeOrder(profile: "default", at: Self.now)
            order.secret = "of pump-4"
            _ = try await administration.createChallenges([order], by: "anna", at: Self.now)
            await #expect(throws: AdministrationError.self) {
                try await administration.changeProfile(
                    "default",
                    authority: nil,
                    challenge: .replace(secret),
                    by: "anna",
                    at: Self.now
                ) {
                    $0.isOpen = true
                }
            }
            let profiles = try await administration.profileDescriptions()
            #expect(profiles.map(\.settings) == [ProfileSettings()])
            #expect(profiles.map(\.challenges) == [1])
        }
    }

    @Test("a profile that cannot be read stands in nobody's way but its own")
    func unreadableProfile() async throws {
        try await Self.run { administration in
            _ = try await administration.registry.insert(
                ProfileRecord(name: "broken", authority: 1, settings: #"{"mode":"maybe"}"#),
                challenges: [],
                by: "anna",
                at: Self.now
            )
            let change = try await administration.changeProfile(
                "default",
                authority: nil,
                challenge: .generate,
                by: "anna",
                at: Self.now
            ) { $0.approval = .manual }
            #expect(change.challenge != nil)
            await #expect(throws: ApprovalError.unknown(7)) {
                try await administration.approve(7, by: "anna", at: Self.now)
            }
            await #expect(throws: ApprovalError.unknown(7)) {
                try await administration.reject(7, reason: "no", by: "anna", at: Self.now)
            }
        }
    }

    @Test("a profile without any challenge is warned of")
    func withoutChallenge() async throws {
        try await Self.run { administration in
            let change = try await administration.changeProfile(
                "default",
                authority: nil,
                challenge: .remove,
                by: "anna",
                at: Self.now
            ) { _ in
            }
            #expect(change.warning?.contains("every enrolment is refused") == true)
        }
    }

    @Test(
        "known addresses without a challenge are enough only where one credential is",
        arguments: [(ApprovalRules.Combination.all, true), (.any, false)]
    )
    func addressesWithoutChallenge(combination: ApprovalRules.Combination, isWarnedOf: Bool) async throws {
        try await Self.run { administration in
            let change = try await administration.changeProfile(
                "default",
                authority: nil,
                challenge: .remove,
                by: "anna",
                at: Self.now
            ) {
                $0.rules.combination = combination
                $0.rules.addressRanges = ["192.0.2.0/24"].compactMap { try? AddressRange(parsing: $0) }
            }
            #expect((change.warning != nil) == isWarnedOf)
        }
    }

    @Test("a profile twice, or one or a CA that is not there")
    func unknown() async throws {
        try await Self.run { administration in
            await #expect(throws: AdministrationError.self) {
                try await administration.createProfile(
                    "default",
                    authority: nil,
                    settings: ProfileSettings(),
                    challenge: .generate,
                    by: "anna",
                    at: Self.now
                )
            }
            await #expect(throws: AdministrationError.self) {
                try await administration.changeProfile(
                    "nobody", authority: nil, challenge: .keep, by: "anna", at: Self.now
                ) { _ in
                }
            }
            await #expect(throws: AdministrationError.self) {
                try await administration.changeProfile(
                    "default", authority: "No CA", challenge: .keep, by: "anna", at: Self.now
                ) {
                    _ in
                }
            }
            await #expect(throws: AdministrationError.self) {
                try await administration.deleteProfile("nobody", by: "anna", at: Self.now)
            }
            await #expect(throws: ApprovalError.unknown(7)) { try await administration.request(7) }
        }
    }

    static let tenYears = Self.now.addingTimeInterval(3660 * 86_400)

    @Test("a second rollover, one after the CA's end, one to a name that is taken")
    func rollover() async throws {
        try await Self.run { administration in
            func rollover(_ name: String?, to successor: String?, at date: Date) async throws -> String {
                try await administration.rollover(
                    name, to: .new(name: successor, key: nil), switchAt: date, by: "anna", at: Self.now)
            }
            let soon = Self.now.addingTimeInterval(60)
            await #expect(throws: AdministrationError.self) { try await rollover(nil, to: nil, at: Self.tenYears) }
            await #expect(throws: AdministrationError.self) { try await rollover("No CA", to: nil, at: soon) }
            await #expect(throws: AdministrationError.self) { try await rollover(nil, to: "UCM CA", at: soon) }
            await #expect(throws: AdministrationError.self) {
                try await administration.rescheduleRollover(nil, to: soon, by: "anna", at: Self.now)
            }
            #expect(try await rollover(nil, to: nil, at: soon) == "UCM CA G2")
            await #expect(throws: AdministrationError.self) { try await rollover("UCM CA", to: nil, at: soon) }
            await #expect(throws: AdministrationError.self) {
                try await administration.rescheduleRollover(nil, to: Self.tenYears, by: "anna", at: Self.now)
            }
            try await administration.rescheduleRollover(
                nil, to: Self.now.addingTimeInterval(120), by: "anna", at: Self.now)
            let all = try await administration.authorityDescriptions()
            #expect(all.map(\.name) == ["UCM CA", "UCM CA G2"])
            #expect(all[0].next?.switchAt == Self.now.addingTimeInterval(120))
            #expect(all[0].profiles == ["default"])
            #expect(all[1].next == nil)
        }
    }

    @Test("an ECDSA key after a CA that answers SCEP requests itself")
    func rolloverInAuthorityMode() async throws {
        try await Self.run(["ca-key": "rsa2048", "scep-mode": "ca"]) { administration in
            await #expect(throws: AdministrationError.self) {
                try await administration.rollover(
                    nil,
                    to: .new(name: nil, key: .p256),
                    switchAt: Self.now.addingTimeInterval(60),
                    by: "anna",
                    at: Self.now
                )
            }
        }
    }
}
