import Foundation
import Registry
import Testing

@testable import Server

@Suite("A session")
struct SessionTests {
    private static func principal(_ people: People, _ signIn: SignIn, at seconds: TimeInterval) async throws
        -> Principal?
    {
        try await people.administration.principal(
            forSession: signIn.secret, address: "192.0.2.9", at: People.second(seconds))
    }

    @Test("is over when it is not used for half an hour")
    func idle() async throws {
        try await People.run { people in
            try await people.add("alice")
            let signIn = try await people.signIn("alice")
            for seconds in [0, 59, 1799, 3598, 5397] as [TimeInterval] {
                #expect(try await Self.principal(people, signIn, at: seconds) != nil)
            }
            #expect(try await people.sessionCount("alice", at: People.second(7196)) == 1)
            #expect(try await people.sessionCount("alice", at: People.second(7197)) == 0)
            #expect(try await Self.principal(people, signIn, at: 7197) == nil)
            #expect(try await people.administration.registry.pruneSessions(at: People.second(7190)) == 0)
            #expect(try await people.administration.registry.pruneSessions(at: People.second(7198)) == 1)
        }
    }

    @Test("is over after twelve hours, however much it is used")
    func absolute() async throws {
        try await People.run { people in
            try await people.add("alice")
            let signIn = try await people.signIn("alice")
            for seconds in stride(from: 0.0, to: 43_200, by: 1200) {
                #expect(try await Self.principal(people, signIn, at: seconds) != nil)
            }
            #expect(try await Self.principal(people, signIn, at: 43_199) != nil)
            #expect(try await Self.principal(people, signIn, at: 43_200) == nil)
        }
    }

    @Test("is over sooner or later as the settings say, also one that goes on")
    func settings() async throws {
        try await People.run { people in
            try await people.add("alice")
            let signIn = try await people.signIn("alice")
            try await people.administration.change(AccountSettings.self, by: people.machine.decider, at: People.now) {
                ($0.idleMinutes, $0.absoluteMinutes) = (5, 8)
            }
            #expect(try await Self.principal(people, signIn, at: 299) != nil)
            #expect(try await Self.principal(people, signIn, at: 479) != nil)
            #expect(try await Self.principal(people, signIn, at: 480) == nil)
            #expect(try await people.signIn("alice").expiresAt == People.second(480))
            #expect(
                try await people.events(.settingChanged).last
                    == "settingChanged: setting accounts\nabsoluteMinutes: 720 -> 8\nidleMinutes: 30 -> 5")
            for (idle, absolute) in [(4, 60), (60, 59), (5, 43_201), (0, 0), (.max, .max), (-1, 60)] {
                let error = try await obstacle {
                    try await people.administration.change(
                        AccountSettings.self, by: people.machine.decider, at: People.now
                    ) {
                        ($0.idleMinutes, $0.absoluteMinutes) = (idle, absolute)
                    }
                }
                #expect(error?.field != nil)
            }
        }
    }

    @Test("has its last use written once a minute")
    func lastUse() async throws {
        try await People.run { people in
            try await people.add("alice")
            let signIn = try await people.signIn("alice")
            let steps: [(seconds: TimeInterval, last: TimeInterval)] = [
                (59, 0), (60, 60), (61, 60), (119, 60), (120, 120),
            ]
            for (seconds, last) in steps {
                _ = try await Self.principal(people, signIn, at: seconds)
                let sessions = try await people.administration.sessions(
                    of: "alice", by: signIn.principal, at: People.second(seconds))
                #expect(sessions.map(\.lastUsedAt) == [People.second(last)])
                #expect(sessions.map(\.address) == [last == 0 ? "192.0.2.1" : "192.0.2.9"])
                #expect(sessions.map(\.isCurrent) == [true])
                #expect(sessions.map(\.userAgent) == ["browser"])
            }
        }
    }

    @Test(
        "is known by its secret only",
        arguments: ["", "x", String(repeating: "a", count: 43), String(repeating: "a", count: 1_000_000), "\u{0}"])
    func unknown(secret: String) async throws {
        try await People.run { people in
            _ = try await people.enter("alice")
            let principal = try await people.administration.principal(forSession: secret, address: nil, at: People.now)
            #expect(principal == nil)
        }
    }

    @Test("ends when its owner signs out, once")
    func signOut() async throws {
        try await People.run { people in
            try await people.add("alice")
            let signIn = try await people.signIn("alice")
            let other = try await people.signIn("alice")
            try await people.administration.signOut(signIn.principal, at: People.now)
            try await people.administration.signOut(signIn.principal, at: People.now)
            #expect(try await Self.principal(people, signIn, at: 1) == nil)
            #expect(try await Self.principal(people, other, at: 1) != nil)
            #expect(try await people.events(.signedOut) == ["signedOut: user alice"])
            let error = try await obstacle { try await people.administration.signOut(people.machine, at: People.now) }
            #expect(error?.kind == .forbidden)
        }
    }

    @Test("is ended by its owner, or whoever may, and is not there for others")
    func revoked() async throws {
        try await People.run { people in
            let administration = people.administration
            let alice = try await people.enter("alice")
            let vera = try await people.enter("vera")
            let auditor = try await people.enter("otto", "auditor")
            let admin = try await people.enter("ada", "administrator")
            let session = try #require(alice.session)
            for principal in [vera, auditor] {
                let error = try await obstacle {
                    try await administration.revokeSession(session, by: principal, at: People.now)
                }
                #expect(error?.kind == .notFound)
            }
            try await administration.revokeSession(session, by: admin, at: People.now)
            let again = try await obstacle {
                try await administration.revokeSession(session, by: admin, at: People.now)
            }
            #expect(again?.kind == .notFound)
            try await administration.revokeSession(try #require(vera.session), by: vera, at: People.now)
            #expect(
                try await administration.sessions(of: nil, by: auditor, at: People.now).map(\.account) == [
                    "ada", "otto",
                ])
            let hidden = try await obstacle { try await administration.sessions(of: nil, by: vera, at: People.now) }
            #expect(hidden?.kind == .forbidden)
            #expect(
                try await people.events(.sessionRevoked) == [
                    "sessionRevoked: user alice: session \(session)",
                    "sessionRevoked: user vera: session \(vera.session ?? 0)",
                ])
        }
    }

    @Test("is listed page by page, without those that are over")
    func listed() async throws {
        try await People.run { people in
            try await people.add("alice")
            for number in 0..<6 { _ = try await people.signIn("alice", at: People.second(Double(number) * 600)) }
            let now = People.second(3600)
            let all = try await people.administration.sessions(of: nil, by: people.machine, at: now)
            #expect(all.count == 2)
            let first = try await people.administration.sessions(of: nil, limit: 1, by: people.machine, at: now)
            let second = try await people.administration.sessions(
                of: nil, after: first.last?.id, limit: 1, by: people.machine, at: now)
            #expect(first + second == all)
            #expect(try await people.administration.sessions(of: nil, limit: 0, by: people.machine, at: now).isEmpty)
        }
    }

    @Test("of a form is proved by what only the session's secret gives")
    func forms() {
        let (one, other) = (Credential.session(), Credential.session())
        let token = Administration.csrfToken(of: one)
        #expect(Administration.isCSRFToken(token, of: one))
        #expect(!Administration.isCSRFToken(token, of: other))
        for text in ["", "x", token + "x", String(token.dropLast()), token.uppercased(), "\u{0}"] {
            #expect(!Administration.isCSRFToken(text, of: one))
        }
        #expect(
            token.count == 43 && token.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) })
        #expect(Set((0..<100).map { _ in Credential.session() }).count == 100)
    }
}
