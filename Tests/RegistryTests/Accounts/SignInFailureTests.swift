import Foundation
import Testing

@testable import Registry

@Suite("A failure to sign in", .freshDatabase)
struct SignInFailureTests {
    private static func fail(
        _ registry: Registry,
        _ name: String,
        from network: String,
        after seconds: TimeInterval,
        isKnown: Bool = true
    ) async throws {
        try await registry.changeAccounts(at: TestRecords.second(seconds)) { accounts throws in
            try accounts.insert(SignInFailure(name: name, network: network, isKnown: isKnown))
        }
    }

    @Test("is counted by name in whatever case, and by network", arguments: DatabaseDriver.available)
    func counted(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let failures: [(name: String, network: String)] = [
            ("alice", "a"), ("ALICE", "b"), ("bob", "a"), ("Alice", "a"), ("nobody", "c"),
        ]
        for (number, failure) in failures.enumerated() {
            try await Self.fail(
                registry, failure.name, from: failure.network, after: Double(number), isKnown: failure.name != "nobody")
        }
        try await registry.changeAccounts(at: TestRecords.now) { accounts throws in
            func seconds(_ name: String, _ network: String?, _ limit: Int = 9) throws -> [TimeInterval] {
                try accounts.failures(of: name, from: network, limit: limit)
                    .map { $0.timeIntervalSince(TestRecords.now) }
            }
            #expect(try seconds("aLICE", nil) == [3, 1, 0])
            #expect(try seconds("alice", "a") == [3, 0])
            #expect(try seconds("alice", nil, 1) == [3])
            #expect(try seconds("alice", "c").isEmpty)
            #expect(
                try accounts.failingNetworks(of: "alice", since: TestRecords.now, atLeast: 1) == ["a", "b"])
            #expect(try accounts.failingNetworks(of: "alice", since: TestRecords.now, atLeast: 2) == ["a"])
            #expect(try accounts.failingNetworks(of: "alice", since: TestRecords.second(1), atLeast: 2).isEmpty)
            #expect(try accounts.hasTriedUnknownNames("c", since: TestRecords.second(4)))
            #expect(try !accounts.hasTriedUnknownNames("c", since: TestRecords.second(5)))
            #expect(try !accounts.hasTriedUnknownNames("a", since: TestRecords.now))
            #expect(try accounts.forgetFailures(of: "ALICE", from: "a") == 2)
            #expect(try seconds("alice", nil) == [1])
            #expect(try accounts.forgetFailures(of: "alice") == 1)
            #expect(try accounts.forgetFailures(of: "alice") == 0)
            #expect(try seconds("bob", nil) == [2])
        }
    }

    @Test("is forgotten when it is old, or one of too many", arguments: DatabaseDriver.available)
    func forgotten(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        try await registry.changeAccounts(at: TestRecords.now) { accounts throws in
            for number in 0..<1200 {
                try accounts.insert(SignInFailure(name: "\(number)", network: "a", isKnown: false))
            }
        }
        try await Self.fail(registry, "later", from: "a", after: 10)
        #expect(try await registry.pruneSignInFailures(before: TestRecords.now, keepingAtMost: 5000) == 0)
        #expect(try await registry.pruneSignInFailures(before: TestRecords.now, keepingAtMost: 1000) == 201)
        let last = try await registry.readAccounts(at: TestRecords.now) { accounts throws in
            try accounts.failures(of: "later", from: nil, limit: 9).count
        }
        #expect(last == 1)
        #expect(try await registry.pruneSignInFailures(before: TestRecords.second(10), keepingAtMost: 5000) == 999)
        #expect(try await registry.pruneSignInFailures(before: TestRecords.second(11), keepingAtMost: 5000) == 1)
        #expect(try await registry.count("sign_in_failure") == 0)
    }

    @Test(
        "is counted whatever the name", arguments: DatabaseDriver.available, HostileTextTests.texts.indices)
    func hostile(_ driver: DatabaseDriver, index: Int) async throws {
        let text = HostileTextTests.texts[index]
        let registry = try await driver.openRegistry()
        try await registry.changeAccounts(at: TestRecords.now) { accounts throws in
            #expect(try accounts.account(named: text) == nil)
            try accounts.insert(SignInFailure(name: text, network: text, isKnown: false))
            #expect(try accounts.failures(of: text, from: text, limit: 9).count == 1)
            #expect(try accounts.hasTriedUnknownNames(text, since: TestRecords.now))
            let account = try accounts.make("alice").id
            let session = NewSession(
                digest: [1], account: account, expiresAt: TestRecords.now, clientAddress: text, userAgent: text)
            let id = try accounts.insert(session)
            #expect(try accounts.session(id)?.userAgent == text.shortened(to: 300).storable)
            #expect(try accounts.session(id)?.clientAddress == text.shortened(to: 200).storable)
            #expect(try accounts.forgetFailures(of: text) == 1)
        }
    }
}
