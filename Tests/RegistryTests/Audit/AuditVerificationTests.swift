import Foundation
import Testing

@testable import Registry

@Suite("The audit log", .freshDatabase)
struct AuditVerificationTests {
    @Test("that nobody has altered is intact, also an empty one", arguments: DatabaseDriver.available)
    func intact(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let empty = try await registry.verifyAudit()
        #expect(empty.isIntact)
        #expect(empty.chains.map(\.entries) == [0])
        #expect(empty.chains.first?.head == nil)
        // More than are read together.
        try await registry.log(1...1_203)
        let verification = try await registry.verifyAudit()
        #expect(verification.isIntact)
        let chain = try #require(verification.chains.first)
        #expect(chain.entries == 1_203)
        #expect(chain.gaps == 0)
        #expect(chain.head == (try await registry.events(limit: 1).first?.link))
        #expect(verification.expectation == nil)
    }

    static let columns: [(column: String, value: String)] = [
        ("at", "at + 1"), ("at", "9223372036854775807"), ("at", "-9223372036854775808"), ("kind", "'profileDeleted'"),
        ("actor", "'bert'"), ("via", "NULL"), ("via", "''"), ("origin", "'192.0.2.2'"), ("profile", "'other'"),
        ("profile", "NULL"), ("request_id", "7"), ("challenge_id", "NULL"), ("certificate_id", "4"),
        ("client_address", "'192.0.2.8'"), ("subject", "subject || ' '"), ("object", "'profile other'"),
        ("detail", "''"), ("explanation", "'challenge: fails'"), ("state_before", "'{}'"), ("state_after", "NULL"),
        ("digest", "zeroblob(32)"), ("digest", "zeroblob(0)"), ("digest", "zeroblob(64)"),
    ]

    @Test("shows the first entry of which a column was altered", arguments: columns.indices)
    func alteration(index: Int) async throws {
        let (column, value) = Self.columns[index]
        let registry = try await DatabaseDriver.sqlite.openRegistry()
        try await registry.log(1...40)
        try await registry.tamper(
            "UPDATE event SET \(column) = \(value) WHERE id = 17", "UPDATE event SET detail = '' WHERE id = 23")
        #expect(
            try await registry.auditFault()
                == "entry 17, event 17: its content or its digest was changed, or the digest of the entry before it"
        )
        #expect(try await registry.verifyAudit().chains.map(\.entries) == [40])
    }

    @Test("knows of every column that its entries have")
    func allColumns() async throws {
        let registry = try await DatabaseDriver.sqlite.openRegistry()
        let names = try await registry.database.read { connection in
            try connection.query("SELECT name FROM pragma_table_info('event')", []).map { try $0.text(0) }
        }
        let others: Set<String> = ["id", "chain", "sequence"]
        #expect(Set(names).subtracting(others) == Set(Self.columns.map(\.column)))
    }

    static let unreadable = ["kind", "actor", "detail", "at", "request_id", "chain", "sequence", "digest", "via"]

    @Test("shows an entry that holds something that was never there", arguments: unreadable)
    func unreadableColumn(column: String) async throws {
        let registry = try await DatabaseDriver.sqlite.openRegistry()
        try await registry.log(1...9)
        let value = ["kind", "actor", "detail", "via"].contains(column) ? "X'ff'" : "'x'"
        try await registry.tamper("UPDATE event SET \(column) = \(value) WHERE id = 5")
        #expect(
            try await registry.auditFault()
                == "entry 5 is missing; event 5: it cannot be read, so something else than UCM has written it"
        )
    }

    static let manipulations: [(statements: [String], fault: String)] = [
        (["DELETE FROM event WHERE id = 17"], "entry 17 is missing"),
        (["DELETE FROM event WHERE id IN (17, 18, 19, 25)"], "entries 17 to 19 are missing"),
        (["DELETE FROM event WHERE id = 1"], "entry 1 is missing"),
        (["DELETE FROM event WHERE id < 30"], "entries 1 to 29 are missing"),
        (["DELETE FROM event WHERE id = 40"], "entry 40 is missing"),
        (["DELETE FROM event WHERE id > 30"], "entries 31 to 40 are missing"),
        (["DELETE FROM event"], "entries 1 to 40 are missing"),
        (["DELETE FROM event", "DELETE FROM audit_chain"], "the record of the last entry is missing"),
        // The end as well.
        (
            ["DELETE FROM event WHERE id > 30", "UPDATE audit_chain SET sequence = 30"],
            "the last entry is to be 30 with the digest"
        ),
        (["UPDATE audit_chain SET sequence = 39"], "the last entry is to be 39 with the digest"),
        (["UPDATE audit_chain SET sequence = 41"], "entry 41 is missing"),
        (["UPDATE audit_chain SET digest = zeroblob(32)"], "the last entry is to be 40 with the digest 0000"),
        (["UPDATE audit_chain SET sequence = 9223372036854775807"], "entries 41 to 9223372036854775807 are missing"),
        (["UPDATE audit_chain SET sequence = -9223372036854775808"], "the last entry is to be -9223372036854775808"),
        (["DELETE FROM audit_chain"], "the record of the last entry is missing"),
        // Another order.
        (
            [
                "UPDATE event SET id = 1000 WHERE id = 17", "UPDATE event SET id = 17 WHERE id = 18",
                "UPDATE event SET id = 18 WHERE id = 1000",
            ], "entry 17 is missing"
        ),
        (
            [
                "UPDATE event SET sequence = 1000 WHERE id = 17", "UPDATE event SET sequence = 17 WHERE id = 18",
                "UPDATE event SET sequence = 18 WHERE id = 1000",
            ], "entries 17 to 999 are missing"
        ),
        (["UPDATE event SET id = 100 WHERE id = 17"], "entry 17 is missing"),
        (["UPDATE event SET id = -5 WHERE id = 17"], "entries 1 to 16 are missing"),
        (["UPDATE event SET sequence = 16 WHERE id = 17"], "entry 16, event 17: it stands behind an entry"),
        (["UPDATE event SET sequence = -9223372036854775808 WHERE id = 17"], "entry -9223372036854775808, event 17"),
        (["UPDATE event SET sequence = 9223372036854775807 WHERE id = 17"], "entries 17 to 9223372036854775806 are"),
        // What was never written by UCM.
        (
            [
                """
                INSERT INTO event (at, kind, actor, detail, explanation) VALUES (1, 'refused', 'x', '', '')
                """
            ], "event 41: it has no place in the audit log"
        ),
        (
            [
                """
                INSERT INTO event (at, kind, actor, detail, explanation, chain, sequence, digest)
                SELECT at, kind, actor, detail, explanation, chain, 41, digest FROM event WHERE id = 40
                """
            ], "entry 41, event 41: its content or its digest was changed"
        ),
        (
            [
                """
                INSERT INTO event (at, kind, actor, detail, explanation, chain, sequence, digest)
                SELECT at, kind, actor, detail, explanation, 7, 1, digest FROM event WHERE id = 40
                """
            ], "entry 1, event 41: its content or its digest was changed"
        ),
        (["UPDATE event SET chain = 2 WHERE id = 17"], "entry 17 is missing"),
        (["UPDATE event SET chain = NULL WHERE id = 17"], "entry 17 is missing"),
        (["UPDATE event SET digest = NULL WHERE id = 40"], "entry 40 is missing"),
    ]

    @Test("shows entries that are missing, moved or added, and another end", arguments: manipulations.indices)
    func manipulation(index: Int) async throws {
        let (statements, fault) = Self.manipulations[index]
        let registry = try await DatabaseDriver.sqlite.openRegistry()
        try await registry.log(1...40)
        for statement in statements { try await registry.tamper(statement) }
        let found = try #require(try await registry.auditFault(), "\(statements)")
        #expect(found.hasPrefix(fault), "\(found)")
    }

    @Test("goes through an end that somebody noted, unless it was written anew")
    func expected() async throws {
        let registry = try await DatabaseDriver.sqlite.openRegistry()
        try await registry.log(1...20)
        let noted = try #require(try await registry.auditHeads().first?.head)
        try await registry.log(21...1_100)
        #expect(try await registry.verifyAudit(expecting: noted).expectation == .confirmed)

        // Everything from the fifth entry on, with right digests.
        try await registry.tamper("DELETE FROM event WHERE id >= 5")
        let link = try #require(try await registry.event(4)?.link)
        _ = try await registry.database.write { connection in
            try connection.execute(
                "UPDATE audit_chain SET sequence = 4, digest = $1", [.bytes(link.digest)])
        }
        let short = try await registry.verifyAudit(expecting: noted)
        #expect(short.faults.isEmpty)
        #expect(short.expectation == .missing)
        #expect(!short.isIntact)
        try await registry.log(6...30)
        let forged = try await registry.verifyAudit(expecting: noted)
        #expect(forged.faults.isEmpty)
        #expect(forged.expectation == .different)
        #expect(!forged.isIntact)
        let other = AuditLink(chain: 2, sequence: 1, digest: noted.digest)
        #expect(try await registry.verifyAudit(expecting: other).expectation == .missing)
        #expect(try await registry.verifyAudit().isIntact)
    }

    @Test("can be written to while it is verified", arguments: DatabaseDriver.available)
    func live(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        try await registry.log(1...3_000) { $0.isMultiple(of: 3) ? .refused : .issued }
        var verifier = AuditVerifier()
        var position = AuditPosition()
        var round = 0
        while true {
            let page = try await registry.auditPage(from: position)
            for item in page.items { verifier.add(item) }
            // Behind the reader, under it and before it; single ones and everything.
            if round < 4 {
                round += 1
                try await registry.log(3_000 + round * 10...3_005 + round * 10)
                _ = try await registry.prune(
                    refusalsBefore: TestRecords.now.addingTimeInterval(Double(round) * 400), keepingAtMost: 10_000)
            } else if round == 4 {
                round += 1
                let day = TestRecords.now.addingTimeInterval(2_800)
                #expect(try await registry.prune(eventsBefore: day, by: "anna", at: day) > 1_000)
            }
            if let heads = page.heads {
                let verification = verifier.finish(heads: heads)
                #expect(verification.faults.map(\.description) == [])
                break
            }
            position = page.end
        }
        #expect(try await registry.auditFault() == nil)
    }

    @Test("cannot be written to once its end is gone, and so nothing happens that nobody knows of")
    func withoutEnd() async throws {
        let registry = try await DatabaseDriver.sqlite.openRegistry()
        _ = try await registry.install()
        try await registry.tamper("DELETE FROM audit_chain")
        await #expect(throws: RegistryError.self) {
            try await registry.grant(TestRecords.request(1), TestRecords.certificate(1), at: TestRecords.now)
        }
        #expect(try await registry.count("request") == 0)
    }
}
