import Foundation
import Testing

@testable import Registry

@Suite("The schema", .freshDatabase)
struct MigrationTests {
    private static let tables = [
        "account", "api_token", "approval", "audit_gap", "authority", "authority_parent", "authority_request",
        "certificate", "certificate_count",
        "challenge", "challenge_use", "crl", "event", "event_count", "exchange", "idempotency_key", "profile",
        "list_block", "recovery_code",
        "request", "role", "secret", "service_key", "session", "setting", "sign_in_failure", "template",
        "wrong_challenge",
    ]

    @Test("is made in an empty database", arguments: DatabaseDriver.available)
    func fromNothing(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        for table in Self.tables { #expect(try await registry.count(table) == 0) }
        #expect(try await registry.authorities().isEmpty)
        #expect(try await registry.profiles().isEmpty)
    }

    @Test("is made once, and what is in it stays", arguments: DatabaseDriver.available)
    func twice(_ driver: DatabaseDriver) async throws {
        let first = try await driver.openRegistry()
        _ = try await first.install()
        let before = try await first.authorities()
        try first.close()
        let second = try await driver.openRegistry()
        #expect(try await second.authorities() == before)
        #expect(try await second.count("schema_version") == 1)
    }

    @Test("is made once by several that start at the same time", arguments: DatabaseDriver.available)
    func concurrently(_ driver: DatabaseDriver) async throws {
        let databases = try (0..<4).map { _ in try driver.open() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for database in databases { group.addTask { _ = try await Registry(database: database) } }
            try await group.waitForAll()
        }
        let registry = try await driver.openRegistry()
        #expect(try await registry.count("schema_version") == 1)
    }

    @Test("of a newer version is refused and left alone", arguments: DatabaseDriver.available)
    func tooNew(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let known = Migrations.steps.count
        _ = try await registry.database.write { connection in
            try connection.execute("UPDATE schema_version SET version = $1", [.integer(Int64(known + 1))])
        }
        await #expect(throws: RegistryError.tooNew(found: known + 1, known: known)) {
            try await Registry(database: try driver.open())
        }
        let version = try await registry.database.read { try $0.query("SELECT version FROM schema_version", []) }
        #expect(try version.map { try $0.integer(0) } == [Int64(known + 1)])
    }

    @Test("of the first version keeps what is in it", arguments: DatabaseDriver.available)
    func fromVersionOne(_ driver: DatabaseDriver) async throws {
        let database = try driver.open()
        try await Migrations.run(on: database, upTo: 1)
        try await database.write { connection in
            for statement in Self.firstVersion { try connection.execute(driver.statement(statement), []) }
        }
        try database.close()
        let registry = try await driver.openRegistry()
        #expect(
            try await registry.profiles() == [
                ProfileRecord(
                    name: "default",
                    authority: 1,
                    settings: #"{"mode":"ca","algorithmLevel":"legacy","isOpen":true}"#
                )
            ]
        )
        #expect(try await registry.staticChallenges(at: TestRecords.now).map(\.challenge.digest) == [[7]])
        let requests = try await registry.requests(limit: 10)
        #expect(requests.map(\.state) == [.issued(certificate: [3])])
        #expect(requests.map(\.request.authority) == [1])
        #expect(requests.map(\.request.identity.transaction.transactionID) == ["T"])
        #expect(try await registry.authorities().map(\.rollover) == [nil])
    }

    /// What the first version would have recorded, where it matters.
    static let firstVersion = [
        "INSERT INTO authority VALUES (1, 'CA', X'01', X'02', 0)",
        "INSERT INTO profile VALUES ('default', 1, 'ca', 'legacy', 1)",
        "INSERT INTO challenge VALUES (1, 'default', X'07', 0)",
        "INSERT INTO certificate VALUES (1, 1, X'05', 'default', 'CN=x', 0, 1, X'03', 0)",
        "INSERT INTO request VALUES (1, 'default', 'T', X'0a', X'0b', 'CN=x', '192.0.2.7', X'04', 1, 0)",
    ]

    @Test("of the second version keeps what is in it", arguments: DatabaseDriver.available)
    func fromVersionTwo(_ driver: DatabaseDriver) async throws {
        let database = try driver.open()
        try await Migrations.run(on: database, upTo: 2)
        try await database.write { connection in
            for statement in Self.secondVersion { try connection.execute(driver.statement(statement), []) }
        }
        try database.close()
        let registry = try await driver.openRegistry()
        let created = Date(timeIntervalSince1970: 5)
        let challenges = try await registry.challenges(profile: nil, limit: 10)
        #expect(
            challenges.map(\.challenge) == [
                NewChallenge(profile: "routers", digest: [7], label: ""),
                NewChallenge(profile: "default", digest: [8], label: ""),
                NewChallenge(profile: "default", digest: [7], label: ""),
            ]
        )
        for challenge in challenges {
            #expect(challenge.createdAt == created)
            #expect(challenge.createdBy == "first start")
            #expect(challenge.uses == 0)
            #expect(challenge.state(at: TestRecords.now) == .usable)
        }
        let requests = try await registry.requests(limit: 10)
        #expect(requests.map(\.id) == [9, 7, 6, 5, 2, 1])
        #expect(
            requests.map(\.state) == [
                .pending, nil, .rejected(reason: "no"), .issued(certificate: [4]), .pending,
                .issued(certificate: [3]),
            ]
        )
        #expect(requests.map(\.request.signerCertificate) == [nil, nil, nil, 1, nil, nil])
        #expect(requests.map(\.decidedBy) == [nil, nil, "anna", nil, nil, nil])
        #expect(requests.allSatisfy { $0.request.namesDigest.isEmpty && $0.request.challenge == nil })
        #expect(requests.map(\.request.expiresAt) == [nil, nil, nil, nil, nil, nil])
        #expect(try await registry.renewal(signedBy: 1, requestDigest: [12]) == .issued(certificate: [4]))
        // What waits can be decided on, and the numbers go on.
        let other = TestRecords.certificate(9)
        #expect(try await registry.approve(2, other, at: TestRecords.now) == .issued)
        let earlier = try await registry.earlierCertificates(subject: "CN=x", keyDigest: [0], limit: 10)
        #expect(earlier.map(\.certificate.encoded) == [[4], [3]])
        #expect(try await registry.waiting(TestRecords.request(1)) > 9)
    }

    /// What the second version would have recorded, where it matters.
    static let secondVersion = [
        """
        INSERT INTO authority (id, name, certificate, sealed_key, created_at) VALUES (1, 'CA', X'01', X'02', 0)
        """,
        "INSERT INTO profile (name, authority_id, settings) VALUES ('default', 1, '{}'), ('routers', 1, '{}')",
        """
        INSERT INTO challenge (id, profile, digest, created_at) VALUES (1, 'default', X'07', 5000),
            (2, 'default', X'08', 5000), (3, 'default', X'07', 6000), (4, 'routers', X'07', 5000)
        """,
        """
        INSERT INTO certificate
            (id, authority_id, serial_number, profile, subject, not_before, not_after, encoded, created_at)
        VALUES (1, 1, X'05', 'default', 'CN=x', 0, 1, X'03', 0), (2, 1, X'06', 'default', 'CN=x', 0, 1, X'04', 0)
        """,
        """
        INSERT INTO request
            (id, profile, authority_id, transaction_id, key_digest, request_digest, message_type, status, subject,
             client_address, sealed_request, signer_certificate_id, certificate_id, reason, decided_by, decided_at,
             created_at)
        VALUES
            (1, 'default', 1, 'T', X'0a', X'0b', 19, 'issued', 'CN=x', '', X'', NULL, 1, NULL, NULL, 0, 0),
            (2, 'default', 1, 'U', X'0a', X'0b', 19, 'pending', 'CN=x', '', X'00', NULL, NULL, NULL, NULL, NULL, 0),
            (5, 'default', 1, 'V', X'0a', X'0c', 17, 'issued', 'CN=x', '', X'00', 1, 2, NULL, NULL, 0, 0),
            (6, 'default', 1, 'W', X'0a', X'0b', 19, 'rejected', 'CN=x', '', X'00', NULL, NULL, 'no', 'anna', 0, 0),
            (7, 'default', 1, 'X', X'0a', X'0b', 19, 'replaced', 'CN=x', '', X'00', NULL, NULL, NULL, NULL, NULL, 0),
            (9, 'gone', 1, 'X', X'0a', X'0c', 19, 'pending', 'CN=x', '', X'00', NULL, NULL, NULL, NULL, NULL, 0)
        """,
    ]

    @Test("refers to no column type of its own", arguments: Migrations.steps.indices)
    func isPortable(step: Int) {
        for statement in Migrations.steps[step] {
            for word in ["BLOB", "BYTEA", "AUTOINCREMENT", "SERIAL", "DATETIME", "BOOLEAN", "INTEGER"] {
                #expect(!statement.contains(word))
            }
        }
    }
}
