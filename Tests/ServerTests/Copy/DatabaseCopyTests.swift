import Foundation
import TestSupport
import Testing

@testable import Registry
@testable import Server

@Suite("A copy of an installation's database")
struct DatabaseCopyTests {
    @Test("goes to a data directory that is made for it, and from there to a server and back", .timeLimit(.minutes(2)))
    func directories() async throws {
        try await TestInstallation.run { test in
            try await test.open(at: Date()).registry.close()
            let (data, next) = (test.directory, test.directory + "/next")
            #expect(await BackupCommandTests.run("database", "copy", "--from", data, "--to", next) == 0)
            #expect(FileManager.default.fileExists(atPath: next + "/ucm.sqlite"))
            #expect(try RestorationTests.mode(next + "/ucm.sqlite") == 0o600)
            // What it leaves behind, and where somebody gives the command again.
            await #expect(throws: RegistryError.self) { _ = try await test.open(at: Date()) }
            #expect(await BackupCommandTests.run("database", "copy", "--from", data, "--to", next) == 1)
            #expect(await BackupCommandTests.run("database", "copy", "--from", data, "--to", data + "/third") == 1)
            #expect(!FileManager.default.fileExists(atPath: data + "/third"))
            let summary = try await DatabaseCopy(from: next + "/ucm.sqlite", to: data + "/copy.sqlite").run(
                by: Decider("somebody"), at: Date(), keepingSource: true)
            #expect(summary.report.rows > 0)
            #expect(summary.start == "ucm serve --data \(data)")
            #expect(!FileManager.default.fileExists(atPath: data + "/copy.sqlite/ucm.sqlite"))
            #expect(try await Registry(database: SQLiteDatabase(path: next + "/ucm.sqlite")).verifyAudit().isIntact)
        }
    }

    @Test("goes to PostgreSQL, and the command that is printed starts a server there", .timeLimit(.minutes(2)))
    func server() async throws {
        guard let url = ProcessInfo.processInfo.environment["UCM_TEST_POSTGRESQL"] else { return }
        try await TestInstallation.run { test in
            try await test.open(at: Date()).registry.close()
            let schema = "copy-\(UUID().uuidString)"
            let whole = PostgreSQLDatabase(try PostgreSQLAddress(url))
            _ = try await whole.write { try $0.execute("CREATE SCHEMA \"\(schema)\"", []) }
            let target = "\(url)&options=-csearch_path%3D%22\(schema)%22"
            let summary = try await DatabaseCopy(from: test.directory, to: target).run(
                by: Decider("somebody"), at: Date())
            #expect(summary.masterKey.hasSuffix(", which is in \(test.directory)/master.key"))
            #expect(summary.start.hasPrefix("ucm serve --database-url 'postgres://"))
            #expect(summary.start.hasSuffix(" --data \(test.directory) --master-key-file \(test.directory)/master.key"))
            let address = try #require(summary.start.split(separator: "'").dropFirst().first)
            let registry = try await Registry(
                database: PostgreSQLDatabase(try PostgreSQLAddress(String(address))), migrating: false)
            #expect(try await registry.events(limit: 1).first?.kind == .copied)
            try registry.close()
            _ = try await whole.write { try $0.execute("DROP SCHEMA \"\(schema)\" CASCADE", []) }
        }
    }

    @Test(
        "is refused in one sentence where there is nothing to copy or no place for it",
        arguments: [
            ("/nowhere/at/all", "/tmp/x.sqlite", "there is no database at /nowhere/at/all"),
            ("postgres://ucm:geheim@db/x", "postgres://ucm@db/x", "name the same database"),
            ("postgres://ucm:geheim@[db/x", "/tmp/x", "the database URL is malformed"),
        ])
    func refusal(_ source: String, _ target: String, _ reason: String) {
        do {
            _ = try DatabaseCopy(from: source, to: target)
            Issue.record("it was prepared")
        } catch {
            #expect("\(error)".contains(reason))
            #expect(!"\(error)".contains("geheim"))
        }
    }
}
