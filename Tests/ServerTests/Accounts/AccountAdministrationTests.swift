import Foundation
import Testing

@testable import Registry
@testable import Server

@Suite("An account that somebody administers")
struct AccountAdministrationTests {
    @Test("is made, changed and deleted, and everything is recorded without secrets")
    func life() async throws {
        try await People.run { people in
            let administration = people.administration
            let order = AccountOrder(name: "Alice", fullName: "Alice Ä", role: "viewer")
            let made = try await administration.createAccount(order, by: people.machine, at: People.now)
            let password = try #require(made.password)
            #expect((made.account.name, made.account.fullName, made.account.role) == ("Alice", "Alice Ä", "viewer"))
            #expect(made.account.mustChangePassword && !made.account.isDisabled && !made.account.needsCode)
            #expect(made.account.createdBy == "root at the command line")
            _ = try await people.signIn("alice", password)
            let change = AccountChange(fullName: "Alice B", role: "operator", isDisabled: true)
            let changed = try await administration.changeAccount(
                "alice", change, expecting: made.account.revision, by: people.machine, at: People.now)
            #expect((changed.fullName, changed.role, changed.isDisabled) == ("Alice B", "operator", true))
            #expect(try await people.sessionCount("alice") == 0)
            // What is so already changes nothing.
            let same = try await administration.changeAccount("alice", change, by: people.machine, at: People.now)
            #expect(same == changed)
            let reset = try await administration.resetPassword(of: "alice", by: people.machine, at: People.now)
            try await administration.deleteAccount("ALICE", by: people.machine, at: People.now)
            let events = try await people.events(.accountCreated, .accountChanged, .passwordReset, .accountDeleted)
            #expect(
                events == [
                    "accountCreated: user admin\ndisabled: - -> false\nfullName: - -> \nrole: - -> administrator\n"
                        + "totp: - -> false",
                    "accountCreated: user Alice\ndisabled: - -> false\nfullName: - -> Alice Ä\nrole: - -> viewer\n"
                        + "totp: - -> false",
                    "accountChanged: user Alice\ndisabled: false -> true\nfullName: Alice Ä -> Alice B\n"
                        + "role: viewer -> operator",
                    "passwordReset: user Alice",
                    "accountDeleted: user Alice\ndisabled: true -> -\nfullName: Alice B -> -\nrole: operator -> -\n"
                        + "totp: false -> -",
                ])
            let all = try await administration.events(EventFilter(), limit: 1000)
            for secret in [password, reset.password ?? "", "scrypt"] {
                #expect(!all.contains { "\($0)".contains(secret) })
            }
        }
    }

    static let names = [
        "", " ", "-a", ".a", "a b", "a\nb", "a\u{0}", "ä", "аlice", "a/b", "../etc", "a'b", "a\"b", "<a>", "a:b", "a%b",
        "a\u{202e}b", "server", "Device", "NOBODY", String(repeating: "a", count: 65),
        String(repeating: "a", count: 1_000_000),
        "root at the command line", "first start",
    ]

    @Test("has a name that is nobody else's and means nothing anywhere", arguments: names)
    func unusable(name: String) async throws {
        try await People.run { people in
            let error = try await obstacle {
                try await people.administration.createAccount(
                    AccountOrder(name: name, role: "viewer"), by: people.machine, at: People.now)
            }
            #expect(error?.field == "name")
        }
    }

    static let orders: [(AccountOrder, AdministrationError.Kind, field: String)] = [
        (AccountOrder(name: "ADMIN", role: "viewer"), .conflict, "name"),
        (AccountOrder(name: "a", role: "none"), .invalid, "role"),
        (AccountOrder(name: "a", role: "Viewer"), .invalid, "role"),
        (AccountOrder(name: "a", fullName: "a\nb", role: "viewer"), .invalid, "fullName"),
        (AccountOrder(name: "a", fullName: "\u{202e}", role: "viewer"), .invalid, "fullName"),
        (AccountOrder(name: "a", fullName: String(repeating: "a", count: 201), role: "viewer"), .invalid, "fullName"),
        (AccountOrder(name: "a", role: "viewer", password: "short"), .invalid, "password"),
    ]

    @Test("is refused where it makes no sense, and nothing is made", arguments: orders.indices)
    func refused(index: Int) async throws {
        let (order, kind, field) = Self.orders[index]
        try await People.run { people in
            let error = try await obstacle {
                try await people.administration.createAccount(order, by: people.machine, at: People.now)
            }
            #expect(error?.kind == kind)
            #expect(error?.field == field)
            #expect(try await people.administration.registry.count("account") == 1)
            #expect(try await people.events(.accountCreated).count == 1)
        }
    }

    @Test("is changed only as it was when somebody looked at it, however often others sign in")
    func revisions() async throws {
        try await People.run { people in
            let administration = people.administration
            let revision = try await people.add("alice").revision
            _ = try await people.signIn("alice")
            _ = try await people.refusal("alice", "wrong")
            try await administration.changeAccount(
                "alice", AccountChange(fullName: "A"), expecting: revision, by: people.machine, at: People.now)
            let change = try await obstacle {
                try await administration.changeAccount(
                    "alice", AccountChange(role: "operator"), expecting: revision, by: people.machine, at: People.now)
            }
            let deletion = try await obstacle {
                try await administration.deleteAccount(
                    "alice", expecting: revision, by: people.machine, at: People.now)
            }
            #expect([change?.kind, deletion?.kind] == [.changed, .changed])
            #expect(try await people.account("alice").role == "viewer")
        }
    }

    @Test("is there for whoever may see it, and for its owner")
    func visible() async throws {
        try await People.run { people in
            let administration = people.administration
            let alice = try await people.enter("alice")
            let auditor = try await people.enter("otto", "auditor")
            #expect(try await administration.account("ALICE", by: alice, at: People.now).name == "alice")
            #expect(try await administration.account("alice", by: auditor, at: People.now).name == "alice")
            #expect(
                try await administration.accounts(by: auditor, at: People.now).map(\.name) == [
                    "admin", "alice", "otto",
                ])
            #expect(
                try await administration.accounts(after: "ADMIN", limit: 1, by: auditor, at: People.now).map(\.name)
                    == ["alice"])
            // One that is there and one that is not are told alike.
            for name in ["otto", "nobody-here"] {
                let error = try await obstacle { try await administration.account(name, by: alice, at: People.now) }
                #expect(error?.kind == .forbidden)
            }
            let list = try await obstacle { try await administration.accounts(by: alice, at: People.now) }
            let unknown = try await obstacle { try await administration.account("x", by: auditor, at: People.now) }
            #expect([list?.kind, unknown?.kind] == [.forbidden, .notFound])
        }
    }
}

@Suite("A password that is changed")
struct PasswordChangeTests {
    static let new = "Tanne unter Schnee 7"

    @Test("by its owner ends his other sessions, and only the new one is good")
    func own() async throws {
        try await People.run { people in
            let administration = people.administration
            let alice = try await people.enter("alice")
            _ = try await people.signIn("alice")
            let wrong: [(old: String, new: String, field: String)] = [
                ("wrong", Self.new, "oldPassword"), (People.password, "short", "newPassword"),
                (People.password, People.password, "newPassword"),
                (People.password, "alice-alice-alice", "newPassword"),
            ]
            for attempt in wrong {
                let error = try await obstacle {
                    try await administration.changePassword(
                        from: attempt.old, to: attempt.new, by: alice, at: People.now)
                }
                #expect(error?.field == attempt.field)
            }
            #expect(try await people.sessionCount("alice") == 2)
            let later = People.second(60)
            try await administration.changePassword(from: People.password, to: Self.new, by: alice, at: later)
            #expect(try await people.sessionCount("alice") == 1)
            #expect(try await people.refusal("alice") == .wrongCredentials)
            #expect(try await people.refusal("alice", Self.new) == nil)
            #expect(try await people.account("alice").passwordChangedAt == later)
            #expect(try await people.events(.passwordChanged) == ["passwordChanged: user alice"])
            let machine = try await obstacle {
                try await administration.changePassword(
                    from: Self.new, to: People.password, by: people.machine, at: later)
            }
            #expect(machine?.kind == .forbidden)
        }
    }

    @Test("by somebody else ends all sessions and locks, and has to be changed again")
    func reset() async throws {
        try await People.run { people in
            let administration = people.administration
            let admin = try await people.enter("ada", "administrator")
            _ = try await people.enter("alice")
            for _ in 0..<5 { _ = try await people.refusal("alice", "wrong") }
            let reset = try await administration.resetPassword(of: "ALICE", by: admin, at: People.now)
            let password = try #require(reset.password)
            #expect(try await people.sessionCount("alice") == 0)
            #expect(try await people.refusal("alice") == .wrongCredentials)
            #expect(try await people.signIn("alice", password).principal.mustChangePassword)
            let given = try await administration.resetPassword(
                of: "alice", to: Self.new, by: people.machine, at: People.now)
            #expect(given.password == nil && given.account.mustChangePassword)
            #expect(try await people.signIn("alice", Self.new).principal.mustChangePassword)
            let weak = try await obstacle {
                try await administration.resetPassword(of: "alice", to: "short", by: admin, at: People.now)
            }
            #expect(weak?.field == "password")
            // Whoever finds a session open does not get the account.
            let own = try await obstacle {
                try await administration.resetPassword(of: "ada", by: admin, at: People.now)
            }
            #expect(own?.kind == .forbidden)
        }
    }

    @Test("while somebody signs in with the old one lets him in with the new one only", arguments: 0..<3)
    func race(round: Int) async throws {
        try await People.run { people in
            try await people.add("alice")
            async let refusal = people.refusal("alice")
            async let reset = people.administration.resetPassword(
                of: "alice", to: Self.new, by: people.machine, at: People.now)
            _ = try await (refusal, reset)
            #expect(try await people.sessionCount("alice") == 0)
            #expect(try await people.signIn("alice", Self.new).principal.mustChangePassword)
        }
    }
}
