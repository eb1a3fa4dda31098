import Enrollment
import Foundation

@testable import Registry
@testable import Server

/// An installation whose audit log has something in it.
struct AuditInstallation {
    let installation: OpenedInstallation
    let administration: Administration
    var registry: Registry { self.installation.registry }

    static let now = TestInstallation.now

    /// Runs a test with changes of a profile in the log, and where refusals were, gaps.
    static func run(_ body: (AuditInstallation) async throws -> Void) async throws {
        try await TestInstallation.run { test in
            let installation = try await test.open()
            defer { try? installation.registry.close() }
            let administration = try await Administration(try await test.configuration())
            let audit = AuditInstallation(installation: installation, administration: administration)
            for number in 0..<6 {
                try await audit.registry.record(
                    NewEvent(.refused, by: Decider.device, detail: "\(number)"), at: Self.now.addingTimeInterval(-1))
                _ = try await administration.changeProfile(
                    "default", authority: nil, challenge: .keep,
                    by: Decider("anna", means: "the token deploy", address: "192.0.2.1"), at: Self.now
                ) { $0.queue.days = number + 1 }
            }
            try await audit.registry.prune(refusalsBefore: Self.now, keepingAtMost: 10)
            try await audit.registry.record(
                NewEvent(
                    .refused, by: Decider.device, clientAddress: "192.0.2.7", subject: "=1+2,\"\u{1b}[31m\r\nü",
                    explanation: "challenge: fails"), at: Self.now)
            try await body(audit)
            try administration.close()
        }
    }

    /// An export in one text.
    func export(_ filter: EventFilter? = nil, as format: AuditExport.Format = .jsonl) async throws -> String {
        var text = ""
        _ = try await self.administration.exportAudit(filter, as: format, by: "anna", at: Self.now) { text += $0 }
        return text
    }

    func tamper(_ statement: String) async throws {
        _ = try await self.registry.database.write { try $0.execute(statement, []) }
    }
}
