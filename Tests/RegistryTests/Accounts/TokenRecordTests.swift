import Foundation
import Testing

@testable import Registry

@Suite("An API token", .freshDatabase)
struct TokenRecordTests {
    @Test("is found by its digest, used, revoked once and still listed", arguments: DatabaseDriver.available)
    func life(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let ids = try await registry.changeAccounts(at: TestRecords.now) { accounts throws in
            let (alice, bob) = (try accounts.make("alice").id, try accounts.make("bob").id)
            return try [
                accounts.token(1, of: alice), accounts.token(2, of: alice, expiresAt: TestRecords.second(60)),
                accounts.token(3, of: bob),
            ]
        }
        try await registry.changeAccounts(at: TestRecords.second(30)) { accounts throws in
            let token = try #require(try accounts.token(digest: TestRecords.bytes(2)))
            #expect((token.id, token.accountName, token.name) == (ids[1], "alice", "token 2"))
            #expect((token.scopes, token.createdBy) == (#"["audit:read"]"#, "anna"))
            #expect((token.createdAt, token.expiresAt) == (TestRecords.now, TestRecords.second(60)))
            #expect(token.lastUsedAt == nil && token.lastAddress == nil && token.revokedAt == nil)
            #expect(try accounts.token(digest: [7]) == nil)
            #expect(try accounts.tokens(of: nil, limit: 9).map(\.id) == ids.reversed())
            #expect(try accounts.tokens(of: token.account, after: ids[1], limit: 9).map(\.id) == [ids[0]])
            #expect(try accounts.usableTokenNames(of: token.account) == ["token 1", "token 2"])
            try accounts.noteUse(ofToken: ids[0], from: "192.0.2.1")
        }
        try await registry.changeAccounts(at: TestRecords.second(60)) { accounts throws in
            let alice = try #require(try accounts.account(named: "alice")).id
            #expect(try accounts.token(ids[0])?.lastUsedAt == TestRecords.second(30))
            #expect(try accounts.token(ids[0])?.lastAddress == "192.0.2.1")
            #expect(try accounts.usableTokenNames(of: alice) == ["token 1"])
            #expect(try accounts.revokeToken(ids[0]))
            #expect(try !accounts.revokeToken(ids[0]))
            #expect(try !accounts.revokeToken(99))
            #expect(try accounts.token(ids[0])?.revokedAt == TestRecords.second(60))
            #expect(try accounts.usableTokenNames(of: alice).isEmpty)
            #expect(try accounts.tokens(of: alice, limit: 9).count == 2)
        }
    }
}

@Suite("A recovery code", .freshDatabase)
struct RecoveryCodeRecordTests {
    @Test("is used once, by its account, until there are others", arguments: DatabaseDriver.available)
    func life(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        try await registry.changeAccounts(at: TestRecords.now) { accounts throws in
            let (alice, bob) = (try accounts.make("alice").id, try accounts.make("bob").id)
            try accounts.replaceRecoveryCodes(by: [[1], [2], [3]], of: alice)
            try accounts.replaceRecoveryCodes(by: [[1]], of: bob)
            #expect(try accounts.useRecoveryCode([1], of: alice))
            #expect(try !accounts.useRecoveryCode([1], of: alice))
            #expect(try !accounts.useRecoveryCode([4], of: alice))
            #expect(try !accounts.useRecoveryCode([2], of: bob))
            #expect(try accounts.recoveryCodeCount(of: alice) == 2)
            #expect(try accounts.recoveryCodeCount(of: bob) == 1)
            try accounts.replaceRecoveryCodes(by: [[1], [5]], of: alice)
            #expect(try !accounts.useRecoveryCode([2], of: alice))
            #expect(try accounts.useRecoveryCode([1], of: alice))
            try accounts.replaceRecoveryCodes(by: [], of: alice)
            #expect(try accounts.recoveryCodeCount(of: alice) == 0)
        }
    }

    @Test("is used by one of many who have it", arguments: DatabaseDriver.available, 0..<3)
    func race(_ driver: DatabaseDriver, round: Int) async throws {
        let registries = [try await driver.openRegistry(), try await driver.openRegistry()]
        let alice = try await registries[0].changeAccounts(at: TestRecords.now) { accounts throws in
            let alice = try accounts.make("alice").id
            try accounts.replaceRecoveryCodes(by: [[1]], of: alice)
            return alice
        }
        let uses = try await ChallengeRaceTests.all(20) { number in
            try await registries[number % 2].changeAccounts(at: TestRecords.now) { accounts throws in
                try accounts.useRecoveryCode([1], of: alice)
            }
        }
        #expect(uses.count { $0 } == 1)
    }
}
