import Foundation
import Testing

@testable import Registry

@Suite("The schema of the fourth version", .freshDatabase)
struct AuditMigrationTests {
    /// A database of the fourth version with these statements run in it, brought up to date.
    private static func migrate(_ driver: DatabaseDriver, _ statements: [String]) async throws -> Registry {
        let database = try driver.open()
        try await Migrations.run(on: database, upTo: 4)
        try await database.write { connection in
            for statement in statements { try connection.execute(statement, []) }
        }
        try database.close()
        return try await driver.openRegistry()
    }

    private static let events = """
        INSERT INTO event (id, at, kind, profile, request_id, challenge_id, certificate_id, actor, client_address, subject,
            detail, explanation)
        VALUES (3, 5000, 'issued', 'default', 7, 8, 9, 'device', '192.0.2.7', 'CN=a', '', ''),
            (5, 4000, 'profileChanged', 'default', NULL, NULL, NULL, 'anna', NULL, NULL, 'CA 1, settings {}', ''),
            (9, 6000, 'refused', 'default', NULL, NULL, NULL, 'device', '192.0.2.8', 'CN=b', 'wrong', 'rules')
        """

    @Test("keeps its events, which are the beginning of the audit log", arguments: DatabaseDriver.available)
    func keeps(_ driver: DatabaseDriver) async throws {
        let registry = try await Self.migrate(driver, [Self.events])
        let events = try await registry.events(order: .oldestFirst, limit: 10)
        #expect(
            events.map(\.unlinked) == [
                EventRecord(
                    id: 3, milliseconds: 5_000, kindName: "issued", actor: "device", profile: "default", request: 7,
                    challenge: 8, certificate: 9, clientAddress: "192.0.2.7", subject: "CN=a"),
                EventRecord(
                    id: 5, milliseconds: 4_000, kindName: "profileChanged", actor: "anna", profile: "default",
                    detail: "CA 1, settings {}"),
                EventRecord(
                    id: 9, milliseconds: 6_000, kindName: "refused", actor: "device", profile: "default",
                    clientAddress: "192.0.2.8", subject: "CN=b", detail: "wrong", explanation: "rules"),
            ]
        )
        #expect(events.map { $0.link?.sequence } == [1, 2, 3])
        #expect(try await registry.auditFault() == nil)
        try await registry.log(4...5)
        #expect(try await registry.auditFault() == nil)
        #expect(try await registry.prune(refusalsBefore: .distantFuture, keepingAtMost: 0) == 1)
        #expect(try await registry.verifyAudit().chains.map(\.entries) == [4])
        try await registry.tamper("UPDATE event SET actor = 'bert' WHERE id = 5")
        #expect(try await registry.auditFault()?.hasPrefix("entry 2, event 5") == true)
    }

    @Test("with many events has them all in the chain")
    func many() async throws {
        let registry = try await Self.migrate(
            .sqlite,
            [
                """
                WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 5500)
                INSERT INTO event (at, kind, actor, detail, explanation) SELECT n, 'issued', 'device', 'n' || n, '' FROM number
                """
            ]
        )
        let verification = try await registry.verifyAudit()
        #expect(verification.isIntact)
        #expect(verification.chains.map(\.entries) == [5_500])
    }

    @Test("without events has an empty audit log")
    func empty() async throws {
        let registry = try await Self.migrate(.sqlite, [])
        #expect(try await registry.auditHeads().map(\.entries) == [0])
        #expect(try await registry.auditFault() == nil)
    }

    @Test("that cannot be read is left as it is")
    func damaged() async throws {
        let database = try DatabaseDriver.sqlite.open()
        try await Migrations.run(on: database, upTo: 4)
        _ = try await database.write { try $0.execute(Self.events.replacing("'anna'", with: "X'ff'"), []) }
        await #expect(throws: RegistryError.self) { _ = try await Registry(database: database) }
        let version = try await database.read {
            try $0.query("SELECT version FROM schema_version", []).first?.integer(0)
        }
        #expect(version == 4)
    }
}
