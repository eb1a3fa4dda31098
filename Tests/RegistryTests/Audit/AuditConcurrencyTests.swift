import Foundation
import Testing

@testable import Registry

@Suite("Many who write to the audit log", .freshDatabase)
struct AuditConcurrencyTests {
    @Test("leave one chain without a break, and each their entries", arguments: DatabaseDriver.available)
    func writers(_ driver: DatabaseDriver) async throws {
        let first = try await driver.openRegistry()
        _ = try await first.install()
        // Two that know nothing of each other, as a server and a command.
        let registries = [first, try await driver.openRegistry()]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    let registry = registries[task % 2]
                    for number in 0..<40 {
                        let id = task * 1_000 + number
                        if number % 10 == 9 {
                            _ = try await registry.prune(refusalsBefore: .distantPast, keepingAtMost: 20)
                        } else if number.isMultiple(of: 3) {
                            try await registry.record(AuditLog.event(id, .refused), at: TestRecords.now)
                        } else {
                            _ = try await registry.grant(
                                TestRecords.request(id, transactionID: "\(id)", key: id),
                                TestRecords.certificate(id), at: TestRecords.now)
                        }
                        // What fails leaves nothing.
                        _ = try? await registry.grant(
                            TestRecords.request(id + 500, transactionID: "x\(id)", key: id, authority: 99),
                            TestRecords.certificate(id + 500), at: TestRecords.now)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await first.auditFault() == nil)
        let events = try await first.events(limit: 10_000)
        #expect(events.filter { $0.kind == .issued }.count == 8 * 24)
        #expect(zip(events, events.dropFirst()).allSatisfy { ($0.link?.sequence ?? 0) > ($1.link?.sequence ?? 0) })
    }

    @Test("are none where a change is undone", arguments: DatabaseDriver.available)
    func undone(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        try await registry.log(1...3)
        await #expect(throws: RegistryError.self) {
            try await registry.database.write { connection in
                try Registry.record(AuditLog.event(4), at: TestRecords.now, in: connection)
                throw RegistryError.failed("on purpose")
            }
        }
        try await registry.log(5...5)
        #expect(try await registry.events(limit: 1).first?.link?.sequence == 4)
        #expect(try await registry.auditFault() == nil)
    }
}
