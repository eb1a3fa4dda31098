import Enrollment
import Foundation
import Testing

@testable import Registry
@testable import Server

@Suite("The audit log")
struct AuditAdministrationTests {
    private static let now = AuditInstallation.now

    @Test("says what somebody has changed, and how it was before")
    func changes() async throws {
        try await AuditInstallation.run { audit in
            let events = try await audit.administration.events(
                EventFilter(kinds: [.profileChanged], object: "profile default"), order: .oldestFirst, limit: 2)
            let (event, explanation) = try await audit.administration.event(try #require(events.last?.id))
            #expect(explanation == nil)
            #expect(event.differences == [AuditDifference(name: "settings.queue.days", before: "1", after: "2")])
            #expect([event.actor, event.via, event.origin] == ["anna", "the token deploy", "192.0.2.1"])
            let missing = await #expect(throws: AdministrationError.self) {
                _ = try await audit.administration.event(1_000_000)
            }
            #expect(missing?.kind == .notFound)
        }
    }

    @Test("says of settings what they were")
    func settings() async throws {
        try await AuditInstallation.run { audit in
            try await audit.administration.change(LimitSettings.self, by: "anna", at: Self.now) {
                $0.failuresPerMinute = 7
            }
            try await audit.administration.change(LimitSettings.self, by: "anna", at: Self.now) {
                $0.failuresPerMinute = 8
            }
            let events = try await audit.registry.events(limit: 2)
            #expect(events.map(\.object) == ["setting limits", "setting limits"])
            // Before somebody sets them for the first time, those of a new installation hold.
            #expect(events.map { $0.differences.map { [$0.before, $0.after] } } == [[["7", "8"]], [["60", "7"]]])
        }
    }

    @Test("is kept for as many days as somebody says")
    func retention() async throws {
        try await AuditInstallation.run { audit in
            let administration = audit.administration
            #expect(try await administration.auditRetention() == nil)
            for days in [0, -1, 36_501, .min, .max] {
                let error = await #expect(throws: AdministrationError.self) {
                    try await administration.setAuditRetention(days, by: "anna", at: Self.now)
                }
                #expect(error?.field == "days")
            }
            try await administration.setAuditRetention(30, by: "anna", at: Self.now)
            #expect(try await administration.auditRetention() == 30)
            let events = CollectingLogHandler.Events()
            let maintenance = Maintenance(
                configuration: audit.installation.configuration, logger: CollectingLogHandler.logger(events))
            let before = try await audit.registry.rowCount("event")
            try await maintenance.applyRetention(at: Self.now.addingTimeInterval(29 * 86_400))
            #expect(try await audit.registry.rowCount("event") == before)
            try await maintenance.applyRetention(at: Self.now.addingTimeInterval(31 * 86_400))
            // What was forgotten is said.
            #expect(try await audit.registry.events(limit: 10).map(\.kind) == [.auditPruned])
            #expect(try await audit.registry.events(limit: 10).map(\.actor) == ["server"])
            #expect(try await administration.verifyAudit().isIntact)
            #expect(events.all.map { $0.values["entries"] } == ["\(before)"])
            try await administration.setAuditRetention(nil, by: "anna", at: Self.now)
            try await maintenance.applyRetention(at: Self.now.addingTimeInterval(9_000 * 86_400))
            #expect(try await audit.registry.rowCount("event") == 2)
        }
    }

    @Test("is pruned up to a day that is over")
    func pruning() async throws {
        try await AuditInstallation.run { audit in
            let error = await #expect(throws: AdministrationError.self) {
                _ = try await audit.administration.pruneAudit(
                    before: Self.now.addingTimeInterval(1), by: "anna", at: Self.now)
            }
            #expect(error?.field == "before")
            let later = Self.now.addingTimeInterval(86_400)
            let count = try await audit.administration.pruneAudit(before: later, by: "anna", at: later)
            #expect(count > 5)
            let verification = try await audit.administration.verifyAudit()
            #expect(verification.isIntact)
        }
    }

    @Test("has its end in the log, which proves that nobody has written it anew")
    func heads() async throws {
        try await AuditInstallation.run { audit in
            let events = CollectingLogHandler.Events()
            let maintenance = Maintenance(
                configuration: audit.installation.configuration, logger: CollectingLogHandler.logger(events))
            try await maintenance.logAuditHeads()
            let values = try #require(events.all.first?.values)
            let head = try #require(values["head"].flatMap { AuditLink("\($0)") })
            #expect(values["entries"] == "\(try await audit.registry.rowCount("event"))")
            try await audit.registry.record(NewEvent(.signedIn, by: "anna"), at: Self.now)
            let verification = try await audit.administration.verifyAudit(expecting: head)
            #expect(verification.isIntact)
            #expect(verification.expectation == .confirmed)
        }
    }
}

extension Registry {
    /// How many rows a table has.
    fileprivate func rowCount(_ table: String) async throws -> Int64 {
        try await self.database.read { try $0.query("SELECT count(*) FROM \(table)", [])[0].integer(0) }
    }
}
