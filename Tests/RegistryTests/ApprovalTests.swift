import Foundation
import Testing

@testable import Registry

@Suite("An approval", .freshDatabase)
struct ApprovalTests {
    /// One step: who approves, on what terms, and what comes of it.
    struct Step: Sendable {
        var decider: Decider
        var terms = ""
        var outcome: ApprovalOutcome
    }

    static let cases: [(name: String, needed: Int, steps: [Step])] = [
        ("one is enough", 1, [Step(decider: "anna", outcome: .issued), Step(decider: "bert", outcome: .notWaiting)]),
        ("none is one", 0, [Step(decider: "anna", outcome: .issued)]),
        (
            "two different ones", 2,
            [Step(decider: "anna", outcome: .recorded(have: 1)), Step(decider: "bert", outcome: .issued)]
        ),
        (
            "not the same one twice", 2,
            [
                Step(decider: "anna", outcome: .recorded(have: 1)), Step(decider: "anna", outcome: .recorded(have: 1)),
                Step(decider: "bert", outcome: .issued),
            ]
        ),
        (
            "on the same terms", 2,
            [
                Step(decider: "anna", terms: "90 days", outcome: .recorded(have: 1)),
                Step(decider: "bert", terms: "30 days", outcome: .recorded(have: 1)),
                Step(decider: "carl", terms: "", outcome: .recorded(have: 1)),
                Step(decider: "dora", terms: "30 days", outcome: .issued),
            ]
        ),
        (
            "who changes the terms takes the first approval back", 2,
            [
                Step(decider: "anna", terms: "90 days", outcome: .recorded(have: 1)),
                Step(decider: "anna", terms: "30 days", outcome: .recorded(have: 1)),
                Step(decider: "bert", terms: "90 days", outcome: .recorded(have: 1)),
                Step(decider: "carl", terms: "30 days", outcome: .issued),
            ]
        ),
        (
            "three", 3,
            [
                Step(decider: "anna", outcome: .recorded(have: 1)), Step(decider: "bert", outcome: .recorded(have: 2)),
                Step(decider: "bert", outcome: .recorded(have: 2)), Step(decider: "carl", outcome: .issued),
            ]
        ),
    ]

    @Test("issues when enough different people approve the same", arguments: DatabaseDriver.available, cases.indices)
    func counts(_ driver: DatabaseDriver, index: Int) async throws {
        let (name, needed, steps) = Self.cases[index]
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let id = try await registry.waiting(TestRecords.request(1))
        var kinds: [EventKind?] = [.pending]
        for (number, step) in steps.enumerated() {
            let certificate = TestRecords.certificate(number)
            let outcome = try await registry.approve(
                id, certificate, by: step.decider, terms: step.terms, needed: needed, at: TestRecords.now)
            #expect(outcome == step.outcome, "\(name), step \(number)")
            let record = try #require(try await registry.request(id))
            switch step.outcome {
            case .issued:
                #expect(record.state == .issued(certificate: certificate.encoded))
                #expect(record.decidedBy == step.decider.name)
                kinds.append(.approved)
            case .recorded:
                #expect(record.state == .pending)
                #expect(try await registry.certificateCount() == 1)
                kinds.append(.approvalGiven)
            default:
                break
            }
        }
        #expect(try await registry.certificateCount() == 2)
        #expect(try await registry.events(request: id).map(\.kind) == kinds)
    }

    @Test("says who, when, on what terms", arguments: DatabaseDriver.available)
    func records(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let challenge = try await registry.makeChallenge(1, uses: 1)
        let id = try await registry.waiting(TestRecords.request(1, challenge: challenge))
        for (number, decider) in (["bert", "anna", "bert"] as [Decider]).enumerated() {
            _ = try await registry.approve(
                id, TestRecords.certificate(number), by: decider, terms: "terms \(number)", needed: 2,
                at: TestRecords.now.addingTimeInterval(Double(number)))
        }
        let approvals = try await registry.approvals(of: id)
        #expect(approvals.map(\.decider) == ["anna", "bert"])
        #expect(approvals.map(\.terms) == ["terms 1", "terms 2"])
        #expect(approvals.map(\.date) == [1, 2].map { TestRecords.now.addingTimeInterval($0) })
        #expect(try await registry.approvals(of: id + 1).isEmpty)
        let event = try #require(try await registry.events(limit: 1).first)
        #expect(event.kind == .approvalGiven)
        #expect(event.actor == "bert")
        #expect(event.detail == "1 of 2: terms 2")
        #expect(event.challenge == challenge.id)
        // Once more is needed no more.
        let outcome = try await registry.approve(
            id, TestRecords.certificate(9), by: "carl", terms: "terms 9", needed: 1, at: TestRecords.now)
        #expect(outcome == .issued)
        // The oldest first.
        #expect(try await registry.approvals(of: id).map(\.decider) == ["carl", "anna", "bert"])
        #expect(try await registry.events(limit: 1).first?.certificate != nil)
    }

    @Test("does not count for the request that replaces an approved one", arguments: DatabaseDriver.available)
    func replacement(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let first = try await registry.waiting(TestRecords.request(1))
        let now = TestRecords.now
        _ = try await registry.approve(first, TestRecords.certificate(1), by: "anna", terms: "", needed: 2, at: now)
        let second = try await registry.waiting(TestRecords.request(2))
        #expect(try await registry.approvals(of: second).isEmpty)
        let late = try await registry.approve(
            first, TestRecords.certificate(2), by: "bert", terms: "", needed: 2, at: now)
        #expect(late == .notWaiting)
        let outcome = try await registry.approve(
            second, TestRecords.certificate(3), by: "bert", terms: "", needed: 2, at: now)
        #expect(outcome == .recorded(have: 1))
        #expect(try await registry.certificateCount() == 1)
    }

    @Test("is over when the request is rejected", arguments: DatabaseDriver.available)
    func rejection(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let id = try await registry.waiting(TestRecords.request(1))
        let now = TestRecords.now
        _ = try await registry.approve(id, TestRecords.certificate(1), by: "anna", terms: "", needed: 2, at: now)
        #expect(try await registry.reject(id, reason: "no", by: "bert", at: now))
        let late = try await registry.approve(
            id, TestRecords.certificate(2), by: "carl", terms: "", needed: 2, at: now)
        #expect(late == .notWaiting)
        #expect(try await registry.events(request: id).map(\.kind) == [.pending, .approvalGiven, .rejected])
        #expect(try await registry.events(request: id).last?.detail == "no")
    }

    @Test("with a serial number that is there already changes nothing", arguments: DatabaseDriver.available)
    func serialNumber(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let challenge = try await registry.makeChallenge(1, uses: 1)
        let granted = TestRecords.request(1, transactionID: "1")
        _ = try await registry.grant(granted, TestRecords.certificate(1), at: TestRecords.now)
        let id = try await registry.waiting(TestRecords.request(2, challenge: challenge))
        let counts = try await registry.counts()
        await #expect(throws: RegistryError.self) { try await registry.approve(id, TestRecords.certificate(1)) }
        #expect(try await registry.counts() == counts)
        #expect(try await registry.request(id)?.state == .pending)
        #expect(try await registry.usage(of: challenge) == .init(uses: 0, reserved: 1))
    }
}
