import Foundation
import Testing

@testable import Registry

@Suite("What is sealed", .freshDatabase)
struct SealedTests {
    private struct Unreadable: Error {}

    /// Every sealed column, in an order that is always the same.
    static func sealed(in registry: Registry) async throws -> [[UInt8]] {
        try await registry.database.read { connection in
            try [
                "SELECT sealed_key FROM authority ORDER BY id", "SELECT sealed_key FROM service_key ORDER BY id",
                "SELECT sealed_key FROM authority_request ORDER BY id",
                "SELECT sealed_request FROM request ORDER BY id",
                "SELECT sealed_totp FROM account WHERE sealed_totp IS NOT NULL ORDER BY id",
                "SELECT sealed_new_totp FROM account WHERE sealed_new_totp IS NOT NULL ORDER BY id",
                "SELECT sealed FROM secret ORDER BY name",
            ].flatMap { try connection.query($0, []).map { try $0.bytes(0) } }
        }
    }

    /// Puts something of everything that is sealed in, and a request of which nothing is kept.
    static func fill(_ registry: Registry, requests: Int = 3) async throws {
        _ = try await registry.install()
        _ = try await registry.addAuthority("other")
        _ = try await registry.insert(
            NewAuthorityRequest(name: "later", encoded: [1], sealedKey: [2]), by: "anna", at: TestRecords.now)
        for number in 0..<requests {
            _ = try await registry.waiting(TestRecords.request(number, transactionID: "\(number)", key: number))
        }
        _ = try await registry.database.write {
            try $0.execute("UPDATE request SET sealed_request = $1 WHERE id = 2", [.bytes([])])
        }
        try await registry.changeAccounts(at: TestRecords.now) { accounts in
            var account = try accounts.make("alice")
            (account.sealedCodes, account.sealedNewCodes) = ([5], [6])
            try accounts.update(account)
        }
        for name in ["a", "b"] { try await registry.setSecret(name, to: Array(name.utf8)) }
    }

    @Test("is sealed anew, each as what it is, and secrets are set with it", arguments: DatabaseDriver.available)
    func everything(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        try await Self.fill(registry)
        let before = try await Self.sealed(in: registry)
        let revision = try await registry.configurationRevision()
        try await registry.reseal(secrets: [("b", [8]), ("c", [9])], by: "anna", at: TestRecords.now) { thing, old in
            Array("\(thing) ".utf8) + old
        }
        let things: [SealedThing] = [
            .authority(name: "CA"), .authority(name: "other"), .service(.registrationAuthority),
            .authorityRequest(name: "later"), .request, .request, .request, .oneTimeCodes(account: 2),
            .oneTimeCodes(account: 2), .secret(name: "a"),
        ]
        var expected = zip(things, before).map { thing, old in old.isEmpty ? [] : Array("\(thing) ".utf8) + old }
        expected += [[8], [9]]
        #expect(try await Self.sealed(in: registry) == expected)
        #expect(try await registry.secret(named: "b") == [8])
        #expect(try await registry.configurationRevision() == revision + 1)
        let event = try #require(try await registry.events(limit: 1).first)
        #expect(event.kind == .masterKeyRotated)
        #expect(event.actor == "anna")
        #expect(event.detail == "9 keys, requests and secrets are sealed under another master key")
    }

    @Test("stays as it is where one of it cannot be opened", arguments: DatabaseDriver.available, 0...7)
    func failure(_ driver: DatabaseDriver, step: Int) async throws {
        let registry = try await driver.openRegistry()
        try await Self.fill(registry)
        let things: [SealedThing] = [
            .authority(name: "CA"), .authority(name: "other"), .service(.registrationAuthority),
            .authorityRequest(name: "later"), .request, .oneTimeCodes(account: 2), .secret(name: "a"),
            .secret(name: "b"),
        ]
        let failing = things[step]
        let before = try await Self.sealed(in: registry)
        let counts = (try await registry.counts(), try await registry.configurationRevision())
        await #expect(throws: Unreadable.self) {
            try await registry.reseal(secrets: [("c", [9])], by: "anna", at: TestRecords.now) { thing, old in
                if thing == failing { throw Unreadable() }
                return old + [1]
            }
        }
        #expect(try await Self.sealed(in: registry) == before)
        #expect(try await registry.counts() == counts.0)
        #expect(try await registry.configurationRevision() == counts.1)
    }

    @Test("in more requests than are looked at together is sealed once each", arguments: DatabaseDriver.available)
    func manyRequests(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        try await Self.fill(registry, requests: 2_500)
        let before = try await Self.sealed(in: registry)
        try await registry.reseal(by: "anna", at: TestRecords.now) { _, old in old + [0] }
        #expect(try await Self.sealed(in: registry) == before.map { $0.isEmpty ? [] : $0 + [0] })
    }

    @Test("under a name is a secret, the last one or the first", arguments: DatabaseDriver.available)
    func secrets(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        #expect(try await registry.secret(named: "a") == nil)
        #expect(try await registry.setSecret("a", to: [1], onlyIfAbsent: true))
        #expect(try await !registry.setSecret("a", to: [2], onlyIfAbsent: true))
        #expect(try await registry.secret(named: "a") == [1])
        #expect(try await registry.setSecret("a", to: [2]))
        #expect(try await registry.setSecret("b", to: []))
        #expect(try await registry.secret(named: "a") == [2])
        #expect(try await registry.secret(named: "b") == [])
        let kept = try await ChallengeRaceTests.all(20) { number in
            try await registry.setSecret("c", to: [UInt8(number)], onlyIfAbsent: true)
        }
        #expect(kept.count { $0 } == 1)
    }

    @Test("tells the master key in a database of whatever version, which stays as it is", arguments: 0...4)
    func probe(version: Int) async throws {
        let database = try DatabaseDriver.sqlite.open()
        if version > 0 { try await Migrations.run(on: database, upTo: version) }
        #expect(try await Registry.sealedProbe(in: database) == nil)
        if version > 0 {
            _ = try await database.write { connection in
                try connection.execute(
                    """
                    INSERT INTO authority (id, name, certificate, sealed_key, created_at)
                    VALUES (1, 'first', $1, $2, 0), (2, 'second', $3, $4, 0)
                    """,
                    [.bytes([1]), .bytes([2]), .bytes([3]), .bytes([4])]
                )
            }
            #expect(try await Registry.sealedProbe(in: database) == SealedProbe(name: "first", sealedKey: [2]))
            let found = try await database.read { try $0.query("SELECT version FROM schema_version", []) }
            #expect(try found.map { try $0.integer(0) } == [Int64(version)])
        } else {
            await #expect(throws: RegistryError.self) {
                try await database.read { try $0.query("SELECT version FROM schema_version", []) }
            }
        }
        _ = try await Registry(database: database)
    }

    @Test("tells nothing of the master key where it cannot be read, which is no empty database")
    func unreadableProbe() async throws {
        let database = try DatabaseDriver.sqlite.open()
        try await Migrations.run(on: database)
        _ = try await database.write { try $0.execute("ALTER TABLE authority RENAME TO lost", []) }
        await #expect(throws: RegistryError.self) { try await Registry.sealedProbe(in: database) }
    }
}
