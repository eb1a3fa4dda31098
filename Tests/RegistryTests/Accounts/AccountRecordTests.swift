import Foundation
import Testing

@testable import Registry

@Suite("An account", .freshDatabase)
struct AccountRecordTests {
    @Test("is what it was made as, and has to get another password", arguments: DatabaseDriver.available)
    func made(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let made = try await registry.changeAccounts(at: TestRecords.now) { accounts throws in
            try accounts.make("Alice", fullName: "Alice Ä", role: "operator")
        }
        #expect((made.name, made.fullName, made.role) == ("Alice", "Alice Ä", "operator"))
        #expect((made.passwordHash, made.createdBy, made.revision) == ("hash of Alice", "anna", 1))
        #expect((made.mustChangePassword, made.isDisabled) == (true, false))
        #expect((made.createdAt, made.passwordChangedAt) == (TestRecords.now, TestRecords.now))
        #expect(made.sealedCodes == nil && made.sealedNewCodes == nil && made.lastStep == nil)
        #expect(made.lastSignInAt == nil)
    }

    @Test("is found in whatever case, and its name is taken in all of them", arguments: DatabaseDriver.available)
    func folded(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        try await registry.changeAccounts(at: TestRecords.now) { accounts throws in
            let made = try accounts.make("Alice")
            for name in ["alice", "ALICE", "aLiCe"] {
                #expect(try accounts.account(named: name) == made)
                let again = NewAccount(name: name, passwordHash: "", role: "viewer")
                #expect(try accounts.insert(again, by: "anna") == nil)
            }
            for name in ["", "alic", "alice ", "alice\u{0}", "%", "_lice", "álice"] {
                #expect(try accounts.account(named: name) == nil)
            }
            #expect(try accounts.account(made.id + 1) == nil)
        }
        #expect(try await registry.count("account") == 1)
    }

    @Test("is changed whole, but for its name and what was when", arguments: DatabaseDriver.available)
    func changed(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let made = try await registry.changeAccounts(at: TestRecords.now) { try $0.make("alice") }
        var changed = made
        (changed.fullName, changed.passwordHash, changed.role) = ("Alice", "other", "auditor")
        (changed.mustChangePassword, changed.isDisabled, changed.lastStep) = (false, true, 7)
        (changed.sealedCodes, changed.sealedNewCodes) = ([1], [2])
        changed.passwordChangedAt = TestRecords.second(5)
        try await registry.changeAccounts(at: TestRecords.second(9)) { [changed] in try $0.update(changed) }
        changed.revision = 2
        #expect(try await registry.readAccounts(at: TestRecords.now) { try $0.account(made.id) } == changed)

        // Signing in is no change of it.
        try await registry.changeAccounts(at: TestRecords.second(10)) { accounts throws in
            try accounts.noteSignIn(of: made.id, step: nil, hash: nil)
        }
        changed.lastSignInAt = TestRecords.second(10)
        #expect(try await registry.readAccounts(at: TestRecords.now) { try $0.account(made.id) } == changed)
        try await registry.changeAccounts(at: TestRecords.second(11)) { accounts throws in
            try accounts.noteSignIn(of: made.id, step: 8, hash: "stronger")
        }
        (changed.lastSignInAt, changed.lastStep, changed.passwordHash) = (TestRecords.second(11), 8, "stronger")
        #expect(try await registry.readAccounts(at: TestRecords.now) { try $0.account(made.id) } == changed)
    }

    @Test("goes with all that can be signed in with", arguments: DatabaseDriver.available)
    func deleted(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        try await registry.changeAccounts(at: TestRecords.now) { accounts throws in
            for (number, name) in ["alice", "bob"].enumerated() {
                let account = try accounts.make(name)
                try accounts.begin(number, of: account.id)
                try accounts.token(number, of: account.id)
                try accounts.replaceRecoveryCodes(by: [[1]], of: account.id)
            }
            try accounts.deleteAccount(accounts.account(named: "alice")?.id ?? 0)
        }
        for table in ["account", "session", "api_token", "recovery_code"] {
            #expect(try await registry.count(table) == 1)
        }
        #expect(try await registry.readAccounts(at: TestRecords.now) { try $0.account(named: "alice") } == nil)
    }

    @Test("is not changed by what throws afterwards", arguments: DatabaseDriver.available)
    func undone(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        await #expect(throws: RegistryError.failed("on purpose")) {
            try await registry.changeAccounts(at: TestRecords.now) { accounts throws in
                try accounts.make("alice")
                throw RegistryError.failed("on purpose")
            }
        }
        #expect(try await registry.count("account") == 0)
    }
}

@Suite("Accounts", .freshDatabase)
struct AccountListTests {
    static let filters: [(filter: AccountFilter, names: [String])] = [
        (AccountFilter(), ["anna", "Bob", "carl", "dora_", "Émile"]),
        (AccountFilter(search: "AN"), ["anna", "Bob"]), (AccountFilter(search: "_"), ["dora_"]),
        (AccountFilter(search: "%"), []), (AccountFilter(search: "é"), ["Émile"]),
        (AccountFilter(role: "viewer"), ["anna", "carl", "dora_", "Émile"]), (AccountFilter(role: "none"), []),
        (AccountFilter(isDisabled: true), ["carl"]),
        (AccountFilter(search: "a", role: "viewer", isDisabled: false), ["anna", "dora_"]),
        (AccountFilter(search: "'; DROP TABLE account; --"), []),
    ]

    @Test("are listed by name, as filters say, page by page", arguments: DatabaseDriver.available, filters.indices)
    func listed(_ driver: DatabaseDriver, index: Int) async throws {
        let (filter, names) = Self.filters[index]
        let registry = try await driver.openRegistry()
        try await registry.changeAccounts(at: TestRecords.now) { accounts throws in
            try accounts.make("carl")
            try accounts.make("Émile")
            try accounts.make("Bob", fullName: "Robert Anson", role: "operator")
            try accounts.make("anna")
            try accounts.make("dora_")
            guard var carl = try accounts.account(named: "carl") else { return }
            carl.isDisabled = true
            try accounts.update(carl)
        }
        try await registry.readAccounts(at: TestRecords.now) { accounts throws in
            #expect(try accounts.accounts(filter, limit: 10).map(\.name) == names)
            var (found, last) = ([String](), String?.none)
            while let account = try accounts.accounts(filter, after: last, limit: 1).first {
                found.append(account.name)
                last = account.name
            }
            #expect(found == names)
            #expect(try accounts.accounts(filter, limit: -1).isEmpty)
        }
    }

    @Test("say which roles are in use, and by whom", arguments: DatabaseDriver.available)
    func roles(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        try await registry.changeAccounts(at: TestRecords.now) { accounts throws in
            try accounts.make("b")
            try accounts.make("A")
            var disabled = try accounts.make("c", role: "auditor")
            disabled.isDisabled = true
            try accounts.update(disabled)
            #expect(try accounts.rolesInUse() == ["viewer"])
            #expect(try accounts.accountNames(withRole: "viewer") == ["A", "b"])
            #expect(try accounts.accountNames(withRole: "auditor") == ["c"])
        }
    }
}
