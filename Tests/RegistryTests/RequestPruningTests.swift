import Foundation
import Testing

@testable import Registry

@Suite("Requests that were replaced", .freshDatabase)
struct RequestPruningTests {
    @Test("are forgotten, but not what somebody has decided on them", arguments: DatabaseDriver.available)
    func pruning(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        // The first is replaced as it was, the second after somebody rejected it, the third after the first of two
        // approvals.
        for transaction in 1...3 {
            let id = try await registry.waiting(
                TestRecords.request(transaction, transactionID: "\(transaction)", key: transaction))
            if transaction == 2 {
                #expect(try await registry.reject(id, reason: "sold", by: "anna", at: TestRecords.now))
            }
            if transaction == 3 {
                let outcome = try await registry.approve(
                    id, TestRecords.certificate(3), by: "anna", terms: "", needed: 2, at: TestRecords.now)
                #expect(outcome == .recorded(have: 1))
            }
            _ = try await registry.waiting(
                TestRecords.request(10 + transaction, transactionID: "\(transaction)", key: transaction))
        }
        let later = TestRecords.now.addingTimeInterval(1)
        #expect(try await registry.prune(idleRequestsBefore: later, keepingAtMost: 10) == 1)
        #expect(try await registry.prune(idleRequestsBefore: later, keepingAtMost: 0) == 0)
        #expect(try await registry.request(1) == nil)
        #expect(try await registry.events(request: 1).isEmpty)
        #expect(try await registry.events(request: 3).map(\.kind) == [.pending, .rejected])
        #expect(try await registry.events(request: 5).map(\.kind) == [.pending, .approvalGiven])
        #expect(try await registry.approvals(of: 5).map(\.decider) == ["anna"])
        #expect(try await registry.requests(RequestFilter(statuses: [.pending]), limit: 10).count == 3)
    }
}
