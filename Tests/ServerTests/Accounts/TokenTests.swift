import Foundation
import Testing

@testable import Registry
@testable import Server

@Suite("An API token")
struct TokenTests {
    private static func order(_ name: String = "ci", _ scopes: Set<Permission> = [.readProfiles]) -> TokenOrder {
        TokenOrder(name: name, scopes: scopes, at: People.now)
    }

    private static func principal(_ people: People, _ made: MadeToken, at seconds: TimeInterval = 0) async throws
        -> Principal?
    {
        try await people.administration.principal(
            forToken: made.secret, address: "192.0.2.5", at: People.second(seconds))
    }

    @Test("is shown once, and permits what both it and its account may")
    func life() async throws {
        try await People.run { people in
            let administration = people.administration
            let alice = try await people.enter("alice", "operator")
            let made = try await administration.createToken(
                Self.order("ci", [.readProfiles, .writeChallenges]), by: alice, at: People.now)
            #expect(made.secret.hasPrefix("ucm_") && made.secret.count == 36)
            #expect((made.token.name, made.token.account, made.token.createdBy) == ("ci", "alice", "alice"))
            #expect(made.token.expiresAt == People.second(90 * 86_400))
            let principal = try #require(try await Self.principal(people, made))
            #expect(principal.permissions == [.readProfiles, .writeChallenges])
            #expect(principal.means == .token(made.token.id, name: "ci"))
            #expect(principal.decider == Decider("alice", means: "the token ci", address: "192.0.2.5"))
            try await administration.changeAccount(
                "alice", AccountChange(role: "viewer"), by: people.machine, at: People.now)
            #expect(try await Self.principal(people, made)?.permissions == [.readProfiles])
            // Nothing in the database is as good as the token.
            #expect(try await !administration.registry.contains(made.secret))
            #expect(
                try await people.events(.tokenCreated) == [
                    "tokenCreated: token ci of alice\nexpiresAt: - -> \(People.second(90 * 86_400).formatted(.iso8601))\n"
                        + #"scopes: - -> ["profiles:read","challenges:write"]"#
                ])
        }
    }

    @Test("is worth nothing when it is over, revoked, or its account is disabled or gone")
    func worthless() async throws {
        try await People.run { people in
            let administration = people.administration
            let alice = try await people.enter("alice")
            var short = Self.order("short")
            short.expiresAt = People.second(60)
            let ending = try await administration.createToken(short, by: alice, at: People.now)
            #expect(try await Self.principal(people, ending, at: 59) != nil)
            #expect(try await Self.principal(people, ending, at: 60) == nil)
            var endless = Self.order("endless")
            endless.expiresAt = nil
            let made = try await administration.createToken(endless, by: alice, at: People.now)
            #expect(try await Self.principal(people, made, at: 1e9) != nil)
            for isDisabled in [true, false] {
                try await administration.changeAccount(
                    "alice", AccountChange(isDisabled: isDisabled), by: people.machine, at: People.now)
                #expect((try await Self.principal(people, made) == nil) == isDisabled)
            }
            let again = try await people.signIn("alice").principal
            try await administration.revokeToken(made.token.id, by: again, at: People.now)
            #expect(try await Self.principal(people, made) == nil)
            let twice = try await obstacle {
                try await administration.revokeToken(made.token.id, by: again, at: People.now)
            }
            #expect(twice?.kind == .conflict)
            let last = try await administration.createToken(Self.order("last"), by: again, at: People.now)
            try await administration.deleteAccount("alice", by: people.machine, at: People.now)
            #expect(try await Self.principal(people, last) == nil)
            #expect(
                try await people.events(.tokenRevoked) == [
                    "tokenRevoked: token endless of alice\n" + #"scopes: ["profiles:read"] -> -"#
                ])
        }
    }

    @Test("has its last use written once a minute")
    func lastUse() async throws {
        try await People.run { people in
            let alice = try await people.enter("alice")
            let made = try await people.administration.createToken(Self.order(), by: alice, at: People.now)
            #expect(made.token.lastUsedAt == nil)
            let steps: [(seconds: TimeInterval, last: TimeInterval)] = [(1, 1), (60, 1), (61, 61), (62, 61)]
            for (seconds, last) in steps {
                _ = try await Self.principal(people, made, at: seconds)
                let tokens = try await people.administration.tokens(of: "alice", by: alice, at: People.now)
                #expect(tokens.map(\.lastUsedAt) == [People.second(last)])
                #expect(tokens.map(\.lastAddress) == ["192.0.2.5"])
            }
        }
    }

    @Test("makes no tokens and changes no passwords and codes, whatever it permits")
    func limited() async throws {
        try await People.run { people in
            let administration = people.administration
            let admin = try await people.enter("ada", "administrator")
            try await people.add("alice")
            let made = try await administration.createToken(
                Self.order("all", Role.administrator.permissions), by: admin, at: People.now)
            let token = try #require(try await Self.principal(people, made))
            let calls: [@Sendable () async throws -> Void] = [
                { _ = try await administration.createToken(Self.order("more"), by: token, at: People.now) },
                { _ = try await administration.resetPassword(of: "alice", by: token, at: People.now) },
                {
                    try await administration.changePassword(
                        from: People.password, to: PasswordChangeTests.new, by: token, at: People.now)
                },
                { _ = try await administration.beginTOTP(by: token, at: People.now) },
                { _ = try await administration.confirmTOTP(code: "123456", by: token, at: People.now) },
                {
                    _ = try await administration.makeRecoveryCodes(password: People.password, by: token, at: People.now)
                },
                { try await administration.disableOwnTOTP(password: People.password, by: token, at: People.now) },
                { try await administration.disableTOTP(of: "alice", by: token, at: People.now) },
                { try await administration.signOut(token, at: People.now) },
            ]
            for call in calls {
                let error = try await obstacle { try await call() }
                #expect(error?.kind == .forbidden)
            }
            // Other things it does.
            try await administration.changeAccount("alice", AccountChange(role: "operator"), by: token, at: People.now)
            let event = try #require(
                try await administration.events(EventFilter(kinds: [.accountChanged]), limit: 1).first)
            #expect(event.actor == "ada")
        }
    }

    @Test("revokes itself and no other one without the permission")
    func revoking() async throws {
        try await People.run { people in
            let administration = people.administration
            let alice = try await people.enter("alice")
            let bob = try await people.enter("bob")
            let one = try await administration.createToken(Self.order("one"), by: alice, at: People.now)
            let two = try await administration.createToken(Self.order("two"), by: alice, at: People.now)
            let token = try #require(try await Self.principal(people, one))
            for principal in [bob, token] {
                let error = try await obstacle {
                    try await administration.revokeToken(two.token.id, by: principal, at: People.now)
                }
                #expect(error?.kind == .notFound)
            }
            try await administration.revokeToken(one.token.id, by: token, at: People.now)
            #expect(try await Self.principal(people, one) == nil)
            #expect(try await Self.principal(people, two) != nil)
            // Its list is for its owner, or whoever may see accounts.
            #expect(
                try await administration.tokens(of: "alice", by: alice, at: People.now).map(\.name) == ["two", "one"])
            for name in ["alice", nil] {
                let error = try await obstacle { try await administration.tokens(of: name, by: bob, at: People.now) }
                #expect(error?.kind == .forbidden)
            }
            let all = try await administration.tokens(of: nil, limit: 1, by: people.machine, at: People.now)
            #expect(all.map(\.name) == ["two"])
        }
    }

    @Test("is made for anybody at the machine itself, with no more than he may")
    func machine() async throws {
        try await People.run { people in
            let administration = people.administration
            try await people.add("alice")
            let made = try await administration.createToken(
                Self.order(), for: "ALICE", by: people.machine, at: People.now)
            #expect((made.token.account, made.token.createdBy) == ("alice", "root at the command line"))
            let more = try await obstacle {
                try await administration.createToken(
                    Self.order("more", [.readAudit]), for: "alice", by: people.machine, at: People.now)
            }
            #expect(more?.field == "scopes")
            let nobody = try await obstacle {
                try await administration.createToken(Self.order("x"), by: people.machine, at: People.now)
            }
            #expect(nobody?.field == "account")
        }
    }

    static let senseless: [(String, @Sendable (inout TokenOrder) -> Void)] = [
        ("name", { $0.name = "" }), ("name", { $0.name = "  " }), ("name", { $0.name = "a\nb" }),
        ("name", { $0.name = String(repeating: "a", count: 101) }), ("name", { $0.name = "taken" }),
        ("scopes", { $0.scopes = [] }), ("expiresAt", { $0.expiresAt = People.now }),
        ("expiresAt", { $0.expiresAt = .distantPast }),
    ]

    @Test("is refused by its field where it makes no sense", arguments: senseless.indices)
    func refused(index: Int) async throws {
        let (field, change) = Self.senseless[index]
        try await People.run { people in
            let alice = try await people.enter("alice")
            _ = try await people.administration.createToken(Self.order("taken"), by: alice, at: People.now)
            var order = Self.order()
            change(&order)
            let error = try await obstacle {
                try await people.administration.createToken(order, by: alice, at: People.now)
            }
            #expect(error?.field == field)
        }
    }

    @Test("is one of a hundred at most, of which those that are over do not count")
    func many() async throws {
        try await People.run { people in
            let alice = try await people.enter("alice")
            var made: [MadeToken] = []
            for number in 0..<100 {
                made.append(
                    try await people.administration.createToken(Self.order("\(number)"), by: alice, at: People.now))
            }
            let error = try await obstacle {
                try await people.administration.createToken(Self.order("more"), by: alice, at: People.now)
            }
            #expect(error?.kind == .conflict)
            try await people.administration.revokeToken(made[0].token.id, by: alice, at: People.now)
            _ = try await people.administration.createToken(Self.order("0"), by: alice, at: People.now)
            #expect(Set(made.map(\.secret)).count == 100)
        }
    }

    @Test(
        "is known by its secret only",
        arguments: ["", "ucm_", "ucm_\u{0}", "x", "ucm_" + String(repeating: "a", count: 1_000_000), "Bearer ucm_a"])
    func unknown(secret: String) async throws {
        try await People.run { people in
            let alice = try await people.enter("alice")
            let made = try await people.administration.createToken(Self.order(), by: alice, at: People.now)
            for text in [secret, made.secret.lowercased() + "x", String(made.secret.dropFirst(4)), made.secret + " "] {
                let principal = try await people.administration.principal(forToken: text, address: nil, at: People.now)
                #expect(principal == nil)
            }
            // A session's secret is no token, and the other way round.
            let signIn = try await people.signIn("alice")
            let swapped = [
                try await people.administration.principal(forToken: signIn.secret, address: nil, at: People.now),
                try await people.administration.principal(forSession: made.secret, address: nil, at: People.now),
            ]
            #expect(swapped == [nil, nil])
        }
    }
}

extension Registry {
    /// Whether a text is anywhere in the tables of accounts, in an event, or in an answer that is kept.
    func contains(_ text: String) async throws -> Bool {
        try await self.database.read { connection in
            for (table, columns) in [
                ("api_token", "digest, name, scopes"), ("session", "digest"), ("idempotency_key", "name, reply"),
                ("event", "object, detail, state_before, state_after"), ("account", "password_hash"),
            ] {
                let list = columns.split(separator: ", ").map {
                    "instr(CAST(\($0) AS BLOB), CAST($1 AS BLOB)) > 0"
                }.joined(separator: " OR ")
                if try !connection.query("SELECT 1 FROM \(table) WHERE \(list)", [.text(text)]).isEmpty { return true }
            }
            return false
        }
    }

    /// How many rows a table has.
    func count(_ table: String) async throws -> Int64 {
        try await self.database.read { try $0.query("SELECT count(*) FROM \(table)", [])[0].integer(0) }
    }
}
