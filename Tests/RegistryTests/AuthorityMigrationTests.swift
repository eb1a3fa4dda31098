import Foundation
import Testing

@testable import Registry

@Suite("The schema of the third version", .freshDatabase)
struct AuthorityMigrationTests {
    /// A database of the third version with these statements run in it, brought up to date.
    private static func migrate(_ driver: DatabaseDriver, _ statements: [String]) async throws -> Registry {
        let database = try driver.open()
        try await Migrations.run(on: database, upTo: 3)
        try await database.write { connection in
            for statement in statements { try connection.execute(driver.statement(statement), []) }
        }
        try database.close()
        return try await driver.openRegistry()
    }

    private static let authorities = """
        INSERT INTO authority (id, name, certificate, sealed_key, created_at, successor_id, switch_at, next_with_ra,
            next_alone, revocation_changes)
        VALUES (1, 'CA', X'01', X'02', 0, NULL, NULL, NULL, NULL, 3), (2, 'CA G2', X'03', X'04', 0, NULL, NULL, NULL,
            NULL, 0), (3, 'other', X'05', X'06', 0, NULL, NULL, NULL, NULL, 1)
        """

    @Test("keeps what is in it", arguments: DatabaseDriver.available)
    func keeps(_ driver: DatabaseDriver) async throws {
        let registry = try await Self.migrate(
            driver,
            [
                Self.authorities,
                "INSERT INTO profile (name, authority_id, settings) VALUES ('default', 2, '{}'), ('a', 1, '{}')",
                """
                INSERT INTO certificate (id, authority_id, serial_number, profile, subject, not_before, not_after, encoded,
                    created_at, revoked_at, revocation_reason, key_digest, assigned_template, assigned_days)
                VALUES
                    (1, 1, X'01', 'default', 'CN=Old', 0, 9000, X'11', 5000, 7000, 4, X'0a', 'vpn', 7),
                    (2, 1, X'02', NULL, 'CN=RA', 0, 9000, X'12', 5000, NULL, NULL, NULL, NULL, NULL),
                    (3, 1, X'03', 'gone', 'CN=b', 0, 9000, X'13', 5000, 6000, NULL, NULL, NULL, NULL),
                    (4, 3, X'03', 'a', 'CN=c', 0, 9000, X'14', 5000, 6000, 6, NULL, NULL, NULL)
                """,
                """
                INSERT INTO crl (authority_id, number, encoded, this_update, next_update, revocation_changes)
                VALUES (1, 7, X'010203', 5000, 6000, 2)
                """,
            ]
        )
        let authorities = try await registry.authorities()
        #expect(authorities.map(\.name) == ["CA", "CA G2", "other"])
        #expect(authorities.map(\.isDefault) == [false, true, false])
        #expect(authorities.allSatisfy { $0.parents.isEmpty && $0.retiredAt == nil })
        let record = try #require(try await registry.certificate(1))
        #expect(
            record.certificate
                == NewCertificate(
                    serialNumber: [1], profile: "default", subject: "CN=Old", notBefore: Date(timeIntervalSince1970: 0),
                    notAfter: Date(timeIntervalSince1970: 9), encoded: [0x11], keyDigest: [10],
                    assignedTemplate: "vpn", assignedDays: 7)
        )
        #expect(record.createdAt == Date(timeIntervalSince1970: 5))
        #expect(record.revocation == Revocation(date: Date(timeIntervalSince1970: 7), reason: 4))
        let all = try await registry.certificates(CertificateFilter(), at: TestRecords.now, limit: 9)
        #expect(all.map(\.origin) == [.scep, .scep, .service, .scep])
        #expect(all.map(\.template) == [nil, nil, nil, nil])
        #expect(try await registry.certificateCount(CertificateFilter(search: "cn=OLD"), at: TestRecords.now) == 1)
        for (id, sequence) in [(1, 3), (2, nil), (3, 3), (4, 1)] as [(Int64, Int64?)] {
            #expect(try await registry.sequence(of: id) == sequence)
        }
        #expect(try await registry.revocations(authority: 1).map(\.revocation.reason) == [4, 0])
        #expect(try await registry.revocationChanges(authority: 1, after: 2).changes.count == 2)
        #expect(try await registry.revocationChanges(authority: 1, after: 3).changes.isEmpty)
        let list = try #require(try await registry.revocationList(authority: 1))
        #expect(
            list
                == RevocationListRecord(
                    number: 7, encoded: [1, 2, 3], thisUpdate: Date(timeIntervalSince1970: 5),
                    nextUpdate: Date(timeIntervalSince1970: 6), revocationChanges: 2)
        )
        #expect(try await registry.insert(list, authority: 2))
        // A hold of before can be taken back, and the numbers go on.
        #expect(
            try await registry.release([4], by: "anna", note: "", at: TestRecords.now).map(\.outcome) == [.released])
        #expect(try await registry.sequence(of: 4) == 2)
        #expect(
            try await registry.deleteTemplate("vpn", named: TemplateTests.naming, by: "anna", at: TestRecords.now)
                == .unknown)
    }

    static let defaults: [(profiles: String?, authority: Int64?)] = [
        ("('a', 1, '{}'), ('default', 2, '{}')", 2), ("('a', 1, '{}')", 3), (nil, 3),
    ]

    @Test("has a default afterwards: the default profile's CA, or the newest", arguments: defaults.indices)
    func defaultAuthority(index: Int) async throws {
        let (profiles, authority) = Self.defaults[index]
        let insertion = profiles.map { "INSERT INTO profile (name, authority_id, settings) VALUES \($0)" }
        let registry = try await Self.migrate(.sqlite, [Self.authorities] + [insertion].compactMap(\.self))
        #expect(try await registry.authorities().filter(\.isDefault).map(\.id) == [authority])
    }

    @Test("without a CA has no default, and the first one becomes it")
    func empty() async throws {
        let registry = try await Self.migrate(.sqlite, [])
        #expect(try await registry.authorities().isEmpty)
        _ = try await registry.addAuthority("first")
        #expect(try await registry.authorities().map(\.isDefault) == [true])
    }

    @Test("is left with one default at most, whatever a statement does")
    func oneDefault() async throws {
        let registry = try await Self.migrate(.sqlite, [Self.authorities])
        await #expect(throws: RegistryError.self) {
            try await registry.database.write { try $0.execute("UPDATE authority SET is_default = 1", []) }
        }
    }
}
