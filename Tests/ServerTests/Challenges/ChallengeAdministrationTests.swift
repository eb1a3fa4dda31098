import CertificateAuthority
import Enrollment
import Foundation
import Registry
import TestSupport
import Testing

@testable import Server

@Suite("The challenges that an administrator makes")
struct ChallengeAdministrationTests {
    static let now = TestInstallation.now

    static func order(_ change: (inout ChallengeOrder) -> Void = { _ in }) -> ChallengeOrder {
        var order = ChallengeOrder(profile: Profile.defaultName, at: Self.now)
        change(&order)
        return order
    }

    @Test("are good for what was ordered, at a server that runs")
    func made() async throws {
        try await MaintenanceTests.run { test, installation in
            let administration = try await Administration(try await test.configuration())
            let pattern = try SubjectPattern(parsing: "CN=other.example")
            let orders = [
                Self.order { $0.device = "pump-4" }, Self.order(), Self.order { $0.binding.subjects = [pattern] },
            ]
            let made = try await administration.createChallenges(orders, by: "anna", at: Self.now)
            #expect(made.map(\.order) == orders)
            #expect(Set(made.map(\.secret)).count == 3)
            #expect(made.allSatisfy { $0.secret.utf8.count >= 20 })
            for (number, secret) in made.map(\.secret).enumerated() {
                let first = try await installation.enrol(with: secret, transactionID: "\(number)", at: Self.now)
                #expect(first.certificates.count == (number < 2 ? 1 : 0))
            }
            let (record, requests) = try await administration.challenge(made[0].id)
            #expect(record.createdBy == "anna")
            #expect(record.state(at: Self.now) == .spent)
            #expect(record.challenge.device == "pump-4")
            #expect(record.challenge.expiresAt == Self.now.addingTimeInterval(3600))
            #expect(requests.map(\.request.subject) == ["CN=device.example"])
            // What was bound to another name is as good as before.
            #expect(try await administration.challenge(made[2].id).0.state(at: Self.now) == .usable)
            try administration.close()
        }
    }

    static let senseless: [(String, @Sendable (inout ChallengeOrder) -> Void)] = [
        ("no profile nobody", { $0.profile = "nobody" }), ("uses", { $0.uses = 0 }), ("uses", { $0.uses = 1_000_001 }),
        ("ended", { $0.expiresAt = Self.now }), ("template", { $0.binding.template = "No such" }),
        ("200", { $0.label = String(repeating: "a", count: 201) }),
        ("200", { $0.device = String(repeating: "ä", count: 101) }),
        ("255", { $0.secret = "" }), ("255", { $0.secret = String(repeating: "a", count: 256) }),
    ]

    @Test("are all made or none, and the error names the one that cannot be", arguments: Self.senseless.indices)
    func refused(row: Int) async throws {
        let (word, change) = Self.senseless[row]
        try await AdministrationTests.run { administration in
            func create(_ orders: [ChallengeOrder]) async throws {
                _ = try await administration.createChallenges(orders, by: "anna", at: Self.now)
            }
            let order = Self.order(change)
            let alone = await #expect(throws: AdministrationError.self) { try await create([order]) }
            #expect(alone?.description.contains(word) == true, "\(String(describing: alone))")
            let second = await #expect(throws: AdministrationError.self) { try await create([Self.order(), order]) }
            // Of a profile that is not there it does not matter which one names it.
            #expect(
                second?.description.hasPrefix(word == "no profile nobody" ? "there is no profile" : "challenge 2: ")
                    == true)
            let challenges = try await administration.challenges(profile: nil, usableAt: nil, limit: 10)
            #expect(challenges.map(\.challenge.label) == ["first start"])
        }
    }

    @Test("are no more at once than are made in one transaction, and at least one", arguments: [0, 10_001])
    func count(count: Int) async throws {
        try await AdministrationTests.run { administration in
            let orders = [ChallengeOrder](repeating: Self.order(), count: count)
            await #expect(throws: AdministrationError.self) {
                try await administration.createChallenges(orders, by: "anna", at: Self.now)
            }
        }
    }

    @Test("have a secret that the profile never had before, also among themselves")
    func duplicates() async throws {
        try await AdministrationTests.run { administration in
            func create(_ secrets: [String], uses: Int? = 1) async throws -> [MadeChallenge] {
                let orders = secrets.map { secret in
                    Self.order {
                        $0.secret = secret
                        $0.uses = uses
                    }
                }
                return try await administration.createChallenges(orders, by: "anna", at: Self.now)
            }
            let made = try await create(["a"])
            try await administration.revokeChallenge(made[0].id, by: "anna", at: Self.now)
            for secrets in [["a"], ["b", "a"], ["b", "b"]] {
                let error = await #expect(throws: AdministrationError.self) { try await create(secrets, uses: nil) }
                #expect(
                    error?.description.hasPrefix(secrets.count == 1 ? "the secret is one" : "the secret of challenge 2")
                        == true)
            }
            #expect(try await administration.challenges(profile: nil, usableAt: nil, limit: 10).count == 2)
        }
    }

    @Test("are listed page by page, and revoked once")
    func lists() async throws {
        try await AdministrationTests.run { administration in
            let orders = (0..<5).map { number in Self.order { $0.label = "\(number)" } }
            let ids = try await administration.createChallenges(orders, by: "anna", at: Self.now).map(\.id)
            func labels(usableAt now: Date?, after last: Int64? = nil, limit: Int = 10) async throws -> [String] {
                try await administration.challenges(profile: "default", usableAt: now, after: last, limit: limit)
                    .map(\.challenge.label)
            }
            #expect(try await labels(usableAt: nil, limit: 2) == ["4", "3"])
            #expect(try await labels(usableAt: nil, after: ids[3], limit: 2) == ["2", "1"])
            #expect(try await administration.challenges(profile: "other", usableAt: nil, limit: 2).isEmpty)
            try await administration.revokeChallenge(ids[4], by: "bea", at: Self.now)
            #expect(try await labels(usableAt: Self.now) == ["3", "2", "1", "0", "first start"])
            #expect(try await labels(usableAt: Self.now.addingTimeInterval(3601)) == ["first start"])
            for id in [ids[4], 1000] {
                await #expect(throws: AdministrationError.self) {
                    try await administration.revokeChallenge(id, by: "bea", at: Self.now)
                }
            }
            #expect(try await administration.challenge(ids[4]).0.revocation?.decider == "bea")
            await #expect(throws: AdministrationError.self) { try await administration.challenge(1000) }
        }
    }

    @Test("take their own profile down, and no other, where this version cannot read what one is bound to")
    func unreadable() async throws {
        try await MaintenanceTests.run { test, installation in
            let administration = try await Administration(try await test.configuration())
            _ = try await administration.createProfile(
                "routers", authority: nil, settings: ProfileSettings(), challenge: .generate, by: "anna", at: Self.now)
            let bound = NewChallenge(profile: "routers", digest: [1], label: "new", binding: #"{"subjects":["CN"]}"#)
            guard case .inserted(let ids) = try await installation.registry.insert([bound], by: "anna", at: Self.now)
            else {
                Issue.record("the challenge is not recorded")
                return
            }
            let maintenance = Maintenance(configuration: installation.configuration, logger: .quiet)
            try await maintenance.followConfiguration()
            #expect(installation.configuration.current.unserved.map(\.profile) == ["routers"])
            #expect(try await installation.enrol(at: Self.now).certificates.count == 1)
            // It can be found and revoked, and then all is well.
            let found = try await administration.challenges(profile: "routers", usableAt: Self.now, limit: 10)
            #expect(found.first?.id == ids[0])
            try await administration.revokeChallenge(try #require(ids.first), by: "anna", at: Self.now)
            try await maintenance.followConfiguration()
            #expect(installation.configuration.current.unserved.isEmpty)
            try administration.close()
        }
    }
}
