import Foundation
import Testing

@testable import Registry

@Suite("A template", .freshDatabase)
struct TemplateTests {
    private struct Unreadable: Error {}

    /// Settings and bindings of these tests name a template after a colon.
    static let naming = TemplateNaming(
        inSettings: { text in text == "?" ? nil : text.split(separator: ":").dropFirst().first.map(String.init) },
        inBinding: { text in text.split(separator: ":").dropFirst().first.map(String.init) }
    )

    static let later = TestRecords.now.addingTimeInterval(60)

    @Test("is recorded, changed from what was read, and deleted", arguments: DatabaseDriver.available)
    func changes(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let (first, second) = (
            TemplateRecord(name: "device", settings: #"{"a":1}"#), TemplateRecord(name: "device", settings: #"{"a":2}"#)
        )
        let revision = try await registry.configurationRevision()
        #expect(try await registry.insert(first, by: "anna", at: TestRecords.now))
        #expect(try await !registry.insert(second, by: "bea", at: TestRecords.now))
        #expect(try await registry.update(second, from: first, by: "bea", at: Self.later))
        #expect(try await !registry.update(first, from: first, by: "bea", at: Self.later))
        let unknown = TemplateRecord(name: "other", settings: "{}")
        #expect(try await !registry.update(unknown, from: unknown, by: "bea", at: Self.later))
        let templates = try await registry.templates()
        #expect(templates.map(\.name) == ["device"])
        #expect(templates.map(\.settings) == [second.settings])
        let history = TemplateRecord.History(
            createdAt: TestRecords.now, createdBy: "anna", changedAt: Self.later, changedBy: "bea")
        #expect(templates.first?.history == history)
        // What was read can be changed as it is.
        let read = try #require(templates.first)
        #expect(try await registry.update(first, from: read, by: "bea", at: Self.later))
        for outcome in [TemplateDeletion.deleted, .unknown] {
            #expect(
                try await registry.deleteTemplate("device", named: Self.naming, by: "bea", at: Self.later) == outcome)
        }
        #expect(try await registry.templates().isEmpty)
        #expect(try await registry.configurationRevision() == revision + 4)
        let kinds = try await registry.events(limit: 10).map(\.kind)
        #expect(kinds == [.templateDeleted, .templateChanged, .templateChanged, .templateCreated])
    }

    @Test("is not deleted while profiles, challenges or certificates need it", arguments: DatabaseDriver.available)
    func inUse(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        for name in ["device", "other"] {
            let template = TemplateRecord(name: name, settings: "{}")
            #expect(try await registry.insert(template, by: "anna", at: TestRecords.now))
        }
        for (name, settings) in [("a", "template:device"), ("b", "template:other"), ("c", "?")] {
            let profile = ProfileRecord(name: name, authority: 1, settings: settings)
            #expect(try await registry.insert(profile, challenges: [], by: "anna", at: TestRecords.now))
        }
        let challenges = try await Self.challenges(in: registry)
        let certificates = try await Self.certificates(in: registry)
        let before = (try await registry.count("event"), try await registry.configurationRevision())
        #expect(
            try await registry.deleteTemplate("device", named: Self.naming, by: "anna", at: TestRecords.now)
                == .inUse(by: ["profile a"] + challenges.map { "challenge \($0)" } + ["2 certificates"])
        )
        #expect(try await registry.templates().count == 2)
        #expect(try await registry.count("event") == before.0)
        #expect(try await registry.configurationRevision() == before.1)
        // One by one nobody needs it any more.
        #expect(try await registry.deleteProfile("a", by: "anna", at: TestRecords.now))
        for id in challenges { #expect(try await registry.revokeChallenge(id, by: "anna", at: TestRecords.now)) }
        #expect(
            try await registry.deleteTemplate("device", named: Self.naming, by: "anna", at: TestRecords.now)
                == .inUse(by: ["2 certificates"])
        )
        let order = RevocationOrder(reason: 5, note: "", by: "anna")
        _ = try await registry.revoke(certificates, order, at: TestRecords.now)
        #expect(
            try await registry.deleteTemplate("device", named: Self.naming, by: "anna", at: TestRecords.now)
                == .deleted)
        #expect(try await registry.templates().map(\.name) == ["other"])
    }

    /// Makes challenges that name the template, and returns those that can still be used.
    private static func challenges(in registry: Registry) async throws -> [Int64] {
        var usable: [Int64] = []
        for number in 0..<6 {
            var challenge = TestRecords.challenge(
                100 + number,
                uses: [nil, 1, 1, 1, 1, 1][number],
                expiresAt: number == 3 ? TestRecords.now : nil
            )
            challenge.binding = number == 5 ? "template:other" : "template:device"
            guard
                case .inserted(let ids) = try await registry.insert([challenge], by: "anna", at: TestRecords.now),
                let id = ids.first
            else { continue }
            // One is spent, one reserved, one expired, one revoked.
            let request = TestRecords.request(
                number, transactionID: "\(number)", challenge: ChallengeUse(id: id, isLimited: true))
            if number == 1 {
                _ = try await registry.grant(request, TestRecords.certificate(number), at: TestRecords.now)
            }
            if number == 2 { _ = try await registry.waiting(request) }
            if number == 4 { _ = try await registry.revokeChallenge(id, by: "anna", at: TestRecords.now) }
            if [0, 2].contains(number) { usable.append(id) }
        }
        return usable
    }

    /// Issues certificates for which the template was decided, and returns those that can be renewed: a valid one and one
    /// that is on hold.
    private static func certificates(in registry: Registry) async throws -> [Int64] {
        var ids: [Int64] = []
        for number in 0..<5 {
            var certificate = TestRecords.certificate(200 + number)
            certificate.assignedTemplate = number == 4 ? "other" : "device"
            if number == 3 { certificate.notAfter = TestRecords.now }
            ids.append(try await registry.issue(certificate))
        }
        _ = try await registry.revoke([ids[1]], TestRecords.hold, at: TestRecords.now)
        _ = try await registry.revoke([ids[2]], TestRecords.compromise, at: TestRecords.now)
        return [ids[0], ids[1]]
    }

    @Test("is not deleted where it cannot be known who needs it", arguments: DatabaseDriver.available)
    func unreadable(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        #expect(
            try await registry.insert(
                TemplateRecord(name: "device", settings: "{}"), by: "anna", at: TestRecords.now))
        let naming = TemplateNaming(inSettings: { _ in throw Unreadable() }, inBinding: { _ in nil })
        await #expect(throws: Unreadable.self) {
            try await registry.deleteTemplate("device", named: naming, by: "anna", at: TestRecords.now)
        }
        #expect(try await registry.templates().map(\.name) == ["device"])
    }

    @Test("that many challenges name is not deleted, and says so briefly", arguments: DatabaseDriver.available)
    func many(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        #expect(
            try await registry.insert(
                TemplateRecord(name: "device", settings: "{}"), by: "anna", at: TestRecords.now))
        let challenges = (0..<25).map { number in
            var challenge = TestRecords.challenge(100 + number, uses: 1)
            challenge.binding = "template:device"
            return challenge
        }
        _ = try await registry.insert(challenges, by: "anna", at: TestRecords.now)
        let outcome = try await registry.deleteTemplate("device", named: Self.naming, by: "anna", at: TestRecords.now)
        guard case .inUse(let users) = outcome else { throw Unreadable() }
        #expect(users.count == 11)
        #expect(users.last == "15 further challenges")
    }
}
