import Foundation
import Testing

@testable import Registry

@Suite("A session", .freshDatabase)
struct SessionRecordTests {
    @Test("is found by its digest, and known when and from where it is used", arguments: DatabaseDriver.available)
    func used(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let id = try await registry.changeAccounts(at: TestRecords.now) { accounts throws in
            try accounts.begin(1, of: accounts.make("alice").id)
        }
        let session = try #require(
            try await registry.readAccounts(at: TestRecords.now) { try $0.session(digest: TestRecords.bytes(1)) })
        #expect((session.id, session.accountName, session.account) == (id, "alice", 1))
        #expect((session.createdAt, session.lastUsedAt) == (TestRecords.now, TestRecords.now))
        #expect(session.expiresAt == TestRecords.second(3600))
        #expect((session.clientAddress, session.userAgent) == ("192.0.2.1", "browser 1"))
        let steps: [(seconds: TimeInterval, address: String?, last: TimeInterval, from: String)] = [
            (60, "192.0.2.9", 60, "192.0.2.9"), (30, "192.0.2.8", 60, "192.0.2.9"), (90, nil, 90, "192.0.2.9"),
        ]
        for step in steps {
            try await registry.changeAccounts(at: TestRecords.second(step.seconds)) { accounts throws in
                try accounts.noteUse(ofSession: id, from: step.address)
                let session = try accounts.session(id)
                #expect(session?.lastUsedAt == TestRecords.second(step.last))
                #expect(session?.clientAddress == step.from)
            }
        }
        #expect(try await registry.readAccounts(at: TestRecords.now) { try $0.session(digest: [1]) } == nil)
    }

    @Test("is listed and ended, alone or with the others", arguments: DatabaseDriver.available)
    func ended(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        try await registry.changeAccounts(at: TestRecords.now) { accounts throws in
            let (alice, bob) = (try accounts.make("alice").id, try accounts.make("bob").id)
            let sessions = try (1...4).map { try accounts.begin($0, of: $0 == 3 ? bob : alice) }
            #expect(try accounts.sessions(of: nil, limit: 9).map(\.id) == sessions.reversed())
            #expect(try accounts.sessions(of: bob, limit: 9).map(\.accountName) == ["bob"])
            #expect(try accounts.sessions(of: alice, after: sessions[3], limit: 1).map(\.id) == [sessions[1]])
            #expect(try accounts.deleteSession(sessions[0]))
            #expect(try !accounts.deleteSession(sessions[0]))
            #expect(try accounts.deleteSessions(of: alice, except: sessions[3]) == 1)
            #expect(try accounts.sessions(of: nil, limit: 9).map(\.id) == [sessions[3], sessions[2]])
            #expect(try accounts.deleteSessions(of: alice) == 1)
            #expect(try accounts.sessions(of: nil, limit: 9).map(\.id) == [sessions[2]])
        }
    }

    @Test("is forgotten when it is over, or one of too many", arguments: DatabaseDriver.available)
    func forgotten(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let ids = try await registry.changeAccounts(at: TestRecords.now) { accounts throws in
            let (alice, bob) = (try accounts.make("alice").id, try accounts.make("bob").id)
            return try [(1, alice, 60), (2, alice, 900), (3, alice, 900), (4, alice, 900), (5, bob, 60)].map {
                try accounts.begin($0.0, of: $0.1, lasting: TimeInterval($0.2))
            }
        }
        try await registry.changeAccounts(at: TestRecords.second(60)) { accounts throws in
            try accounts.forgetSessions(of: 1, lastUsedBefore: TestRecords.now, keepingAtMost: 2)
            #expect(try accounts.sessions(of: nil, limit: 9).map(\.id) == [ids[4], ids[3], ids[2]])
            try accounts.noteUse(ofSession: ids[3], from: nil)
            try accounts.forgetSessions(of: 1, lastUsedBefore: TestRecords.second(1), keepingAtMost: 2)
            #expect(try accounts.sessions(of: nil, limit: 9).map(\.id) == [ids[4], ids[3]])
        }
        #expect(try await registry.pruneSessions(at: TestRecords.second(59), lastUsedBefore: TestRecords.now) == 0)
        #expect(try await registry.pruneSessions(at: TestRecords.second(60), lastUsedBefore: TestRecords.now) == 1)
        #expect(
            try await registry.pruneSessions(at: TestRecords.second(60), lastUsedBefore: TestRecords.second(61)) == 1)
        #expect(try await registry.count("session") == 0)
    }

    @Test("has a digest of its own and an account that is there", arguments: DatabaseDriver.available)
    func unique(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let alice = try await registry.changeAccounts(at: TestRecords.now) { try $0.make("alice").id }
        for (number, account, isRefused) in [(1, alice, false), (1, alice, true), (2, alice + 7, true)] {
            let error = await Self.failure {
                try await registry.changeAccounts(at: TestRecords.now) { try $0.begin(number, of: account) }
            }
            #expect((error != nil) == isRefused)
        }
        #expect(try await registry.count("session") == 1)
    }

    /// What is thrown; nil for nothing.
    static func failure<T>(_ body: () async throws -> T) async -> RegistryError? {
        do {
            _ = try await body()
            return nil
        } catch {
            return error as? RegistryError
        }
    }
}
