import Foundation

@testable import Registry

/// Audit logs for tests.
enum AuditLog {
    /// An event with something in every column.
    static func event(_ number: Int, _ kind: EventKind = .profileChanged) -> NewEvent {
        NewEvent(
            kind,
            by: Decider("anna", means: "the token deploy", address: "192.0.2.1"),
            profile: "default",
            request: Int64(number),
            challenge: 2,
            certificate: 3,
            clientAddress: "192.0.2.7",
            subject: "CN=device \(number)",
            object: "profile default",
            detail: "detail \(number)",
            explanation: "challenge: holds",
            before: ["number": .integer(Int64(number))],
            after: ["number": "none"]
        )
    }
}

extension Registry {
    /// Writes entries; the number of each is in its detail.
    func log(_ numbers: ClosedRange<Int>, kind: (Int) -> EventKind = { _ in .profileChanged }) async throws {
        let events = numbers.map { AuditLog.event($0, kind($0)) }
        try await self.database.write { connection in
            for (number, event) in zip(numbers, events) {
                try Registry.record(event, at: TestRecords.now.addingTimeInterval(Double(number)), in: connection)
            }
        }
    }

    /// What somebody does who gets at the database.
    func tamper(_ statements: String...) async throws {
        try await self.database.write { connection in
            for statement in statements { try connection.execute(statement, []) }
        }
    }

    /// The first thing that is wrong, in words; nil where nothing is.
    func auditFault() async throws -> String? {
        let verification = try await self.verifyAudit()
        return verification.isIntact ? nil : verification.faults.map(\.description).joined(separator: "; ")
    }

    /// The details of all events, the oldest first.
    func details() async throws -> [String] {
        try await self.events(order: .oldestFirst, limit: 100_000).map(\.detail)
    }

    /// What is written down about forgotten entries, in order.
    func gaps() async throws -> [[Int64]] {
        try await self.database.read { connection in
            try connection.query("SELECT first, last FROM audit_gap ORDER BY chain, first", []).map {
                [try $0.integer(0), try $0.integer(1)]
            }
        }
    }
}
