import Foundation
import Testing

@testable import Registry
@testable import Server

@Suite("Somebody who signs in")
struct SignInTests {
    @Test("has a session with what his role permits, whatever the case of his name")
    func works() async throws {
        try await People.run { people in
            try await people.add("Alice", "operator")
            for name in ["Alice", "alice", "ALICE"] {
                let signIn = try await people.signIn(name)
                let principal = signIn.principal
                #expect((principal.name, principal.role) == ("Alice", "operator"))
                #expect(principal.permissions == Role.operator.permissions)
                #expect(principal.decider == Decider("Alice", address: "192.0.2.1"))
                #expect(!principal.mustChangePassword)
                #expect(signIn.expiresAt == People.second(12 * 3600))
                #expect(signIn.csrfToken == Administration.csrfToken(of: signIn.secret))
                let known = try await people.administration.principal(
                    forSession: signIn.secret, address: "192.0.2.1", at: People.now)
                #expect(known == principal)
            }
            #expect(try await people.account("alice").lastSignInAt == People.now)
            #expect(try await people.events(.signedIn).count == 3)
        }
    }

    static let wrong: [(name: String, password: String)] = [
        ("alice", "wrong"), ("alice", ""), ("nobody", People.password), ("", ""), ("alice ", People.password),
        ("alice\u{0}", People.password), ("%", People.password), ("' OR 1=1 --", People.password),
        ("off", People.password), ("off", "wrong"), (String(repeating: "a", count: 100_000), People.password),
        ("alice", String(repeating: "a", count: 1_000_000)), ("alice", People.password.uppercased()),
    ]

    @Test("with anything wrong gets one answer, and scrypt runs once for each", arguments: wrong.indices)
    func refused(index: Int) async throws {
        let (name, password) = Self.wrong[index]
        try await People.run { people in
            try await people.add("alice")
            try await people.add("off")
            try await people.administration.changeAccount(
                "off", AccountChange(isDisabled: true), by: people.machine, at: People.now)
            let before = await people.administration.passwords.trials
            #expect(try await people.refusal(name, password) == .wrongCredentials)
            #expect(await people.administration.passwords.trials == before + 1)
            #expect(try await people.administration.registry.count("session") == 0)
            #expect(try await people.events(.signInFailed).count == 1)
        }
    }

    @Test("with names that nobody has is recorded once in a while, and what he typed is not")
    func unknownNames() async throws {
        try await People.run { people in
            for number in 0..<4 { _ = try await people.refusal("my secret \(number)") }
            _ = try await people.refusal("my secret", from: "192.0.2.2")
            _ = try await people.refusal("my secret", at: People.second(901))
            let failed = "signInFailed: names that no user has"
            #expect(try await people.events(.signInFailed) == [failed, failed, failed])
            #expect(try await people.administration.registry.count("sign_in_failure") == 6)
            #expect(try await people.administration.registry.pruneSignInFailures(at: People.second(3600)) == 0)
            #expect(try await people.administration.registry.pruneSignInFailures(at: People.second(3601)) == 5)
        }
    }

    @Test("for the first time has to change the password, and can do nothing before")
    func initial() async throws {
        try await People.run { people in
            let administration = people.administration
            let order = AccountOrder(name: "alice", role: "administrator")
            let made = try await administration.createAccount(order, by: people.machine, at: People.now)
            let password = try #require(made.password)
            let signIn = try await people.signIn("alice", password)
            let alice = signIn.principal
            #expect(alice.mustChangePassword)
            let calls: [@Sendable () async throws -> Void] = [
                { try alice.require(.readProfiles) },
                { _ = try await administration.accounts(by: alice, at: People.now) },
                { _ = try await administration.account("alice", by: alice, at: People.now) },
                { _ = try await administration.sessions(of: "alice", by: alice, at: People.now) },
                { _ = try await administration.tokens(of: "alice", by: alice, at: People.now) },
                {
                    let order = TokenOrder(name: "a", scopes: [.readProfiles], at: People.now)
                    _ = try await administration.createToken(order, by: alice, at: People.now)
                },
                { _ = try await administration.beginTOTP(by: alice, at: People.now) },
                { _ = try await administration.resetPassword(of: "admin", by: alice, at: People.now) },
                { _ = try await administration.roles(by: alice, at: People.now) },
            ]
            for call in calls {
                let error = try await obstacle { try await call() }
                #expect(error?.kind == .forbidden)
            }
            try await administration.changePassword(
                from: password, to: People.password, by: alice, at: People.now)
            let later = try #require(
                try await administration.principal(forSession: signIn.secret, address: nil, at: People.now))
            #expect(!later.mustChangePassword)
            try later.require(.writeUsers)
            #expect(try await people.refusal("alice", password) == .wrongCredentials)
            #expect(try await people.refusal("alice") == nil)
        }
    }

    @Test("as the administrator of a first start has the password that was shown then, and has to change it")
    func firstStart() async throws {
        try await LiveInstallation.run { live in
            let people = People(administration: live.administration)
            let shown = try #require(live.installation.secrets?.adminPassword)
            let admin = try await people.signIn("admin", shown).principal
            #expect(admin.mustChangePassword && admin.role == "administrator")
            #expect(try await people.account("admin").createdBy == "first start")
            try await live.administration.changePassword(
                from: shown, to: People.password, by: admin, at: People.now)
            #expect(try await !people.signIn("admin").principal.mustChangePassword)
        }
    }

    @Test("whose password is kept too cheaply has it kept anew")
    func stronger() async throws {
        try await People.run { people in
            try await people.add("alice")
            let cheap = try PasswordHash.make(
                People.password, cost: PasswordHash.Cost(rounds: 2, blockSize: 1, parallelism: 1)
            ).text
            try await people.administration.registry.changeAccounts(at: People.now) { accounts throws in
                var alice = try accounts.existing("alice")
                alice.passwordHash = cheap
                try accounts.update(alice)
            }
            _ = try await people.signIn("alice")
            let kept = try await people.administration.registry.readAccounts(at: People.now) { accounts throws in
                try accounts.existing("alice").passwordHash
            }
            #expect(PasswordHash(text: kept)?.cost == people.administration.passwords.cost)
            #expect(try await people.refusal("alice") == nil)
        }
    }

    @Test("has as many sessions as anybody needs, and then the oldest ends")
    func manySessions() async throws {
        try await People.run { people in
            try await people.add("alice")
            let first = try await people.signIn("alice")
            for _ in 0..<50 { _ = try await people.signIn("alice") }
            #expect(try await people.sessionCount("alice") == 50)
            let principal = try await people.administration.principal(
                forSession: first.secret, address: nil, at: People.now)
            #expect(principal == nil)
        }
    }
}
