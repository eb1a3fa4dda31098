import Foundation
import Testing

@testable import Registry

@Suite("Keeping the audit log for a while", .freshDatabase)
struct AuditRetentionTests {
    private static func time(_ seconds: Int) -> Date { TestRecords.now.addingTimeInterval(Double(seconds)) }

    @Test("forgets what is older, says so, and leaves the rest intact", arguments: DatabaseDriver.available)
    func pruning(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        try await registry.log(1...1_700)
        let last = try #require(try await registry.event(1_250)?.link)
        let count = try await registry.prune(eventsBefore: Self.time(1_251), by: "anna", at: Self.time(1_800))
        #expect(count == 1_250)
        #expect(try await registry.gaps() == [[1, 1_250]])
        let event = try #require(try await registry.events(limit: 1).first)
        #expect(event.kind == .auditPruned)
        #expect(event.actor == "anna")
        #expect(event.object == "audit log")
        #expect(event.detail == "entries before 2027-01-15T08:20:51Z: 1250, the last one \(last)")
        #expect(event.after?.contains(last.digestText) == true)
        let verification = try await registry.verifyAudit(expecting: last)
        #expect(verification.isIntact)
        #expect(verification.expectation == .confirmed)
        #expect(verification.chains.map(\.entries) == [451])
        // Nothing is older any more, and then nothing is said.
        #expect(try await registry.prune(eventsBefore: Self.time(1_251), by: "anna", at: Self.time(1_800)) == 0)
        #expect(try await registry.count("event") == 451)
        #expect(try await registry.prune(eventsBefore: .distantFuture, by: "anna", at: Self.time(1_900)) == 451)
        #expect(try await registry.eventKinds() == [.auditPruned])
        #expect(try await registry.gaps() == [[1, 1_701]])
        #expect(try await registry.auditFault() == nil)
    }

    @Test("says nothing where only refusals are forgotten", arguments: DatabaseDriver.available)
    func refusals(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        try await registry.log(1...600) { $0.isMultiple(of: 2) ? .refused : .accessDenied }
        #expect(try await registry.prune(eventsBefore: .distantFuture, by: "server", at: Self.time(0)) == 600)
        #expect(try await registry.count("event") == 0)
        #expect(try await registry.gaps() == [[1, 600]])
        #expect(try await registry.auditFault() == nil)
    }

    @Test("does not stop at entries that were written while the clock was wrong", arguments: DatabaseDriver.available)
    func clocks(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        try await registry.log(1...20)
        try await registry.log(100_000...100_009)
        try await registry.log(21...30)
        #expect(try await registry.prune(eventsBefore: Self.time(25), by: "anna", at: Self.time(40)) == 24)
        #expect(try await registry.gaps() == [[1, 20], [31, 34]])
        #expect(try await registry.details().prefix(16).dropFirst(10) == (25...30).map { "detail \($0)" }[...])
        #expect(try await registry.auditFault() == nil)
    }

    @Test("is for as many days as somebody has set, or for ever", arguments: DatabaseDriver.available)
    func setting(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        #expect(try await registry.auditRetentionDays() == nil)
        try await registry.set(Registry.auditRetention, to: "730", by: "anna", at: TestRecords.now)
        #expect(try await registry.auditRetentionDays() == 730)
        for text in ["", "0", "-1", "1.5", "x", "99999999999999999999"] {
            try await registry.set(Registry.auditRetention, to: text, by: "anna", at: TestRecords.now)
            await #expect(throws: RegistryError.self, "\(text)") { try await registry.auditRetentionDays() }
        }
        try await registry.set(Registry.auditRetention, to: nil, by: "anna", at: TestRecords.now)
        #expect(try await registry.auditRetentionDays() == nil)
    }
}
