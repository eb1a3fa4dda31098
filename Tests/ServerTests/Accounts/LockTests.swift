import Foundation
import Testing

@testable import Registry
@testable import Server

@Suite("A name for which much was wrong")
struct LockTests {
    @Test(
        "is locked for the network after five failures in a quarter of an hour, for as long",
        arguments: ["alice", "nobody"])
    func local(name: String) async throws {
        try await People.run { people in
            try await people.add("alice")
            for number in 0..<5 {
                let error = try await people.refusal(name, "wrong", at: People.second(Double(number) * 60))
                #expect(error == .wrongCredentials)
            }
            let until = People.second(240 + 900)
            let trials = await people.administration.passwords.trials
            for seconds in [240, 300, 1139] {
                #expect(try await people.refusal(name, at: People.second(Double(seconds))) == .locked(until: until))
            }
            // Nothing is tried meanwhile, and a lock does not grow.
            #expect(await people.administration.passwords.trials == trials)
            #expect(try await people.refusal(name, "wrong", at: until) == .wrongCredentials)
            #expect(try await people.refusal(name, "wrong", at: until) == .wrongCredentials)
            // From elsewhere the same person gets in.
            let elsewhere = try await people.refusal(name, from: "192.0.2.2", at: People.second(300))
            #expect(elsewhere == (name == "alice" ? nil : .wrongCredentials))
            let locked = try await people.events(.accountLocked)
            let event = "accountLocked: user alice: locked from 192.0.2.1 until \(until.formatted(.iso8601))"
            #expect(locked == (name == "alice" ? [event] : []))
        }
    }

    @Test("is not locked by failures that are far enough apart, or before somebody got in")
    func forgiving() async throws {
        try await People.run { people in
            try await people.add("alice")
            for number in 0..<9 {
                let error = try await people.refusal("alice", "wrong", at: People.second(Double(number) * 226))
                #expect(error == .wrongCredentials)
            }
            for _ in 0..<3 {
                #expect(try await people.refusal("alice", at: People.second(3000)) == nil)
                for _ in 0..<4 {
                    #expect(try await people.refusal("alice", "wrong", at: People.second(3000)) == .wrongCredentials)
                }
            }
        }
    }

    @Test("is counted in IPv6 by the network of a household")
    func networks() async throws {
        try await People.run { people in
            try await people.add("alice")
            for number in 0..<5 { _ = try await people.refusal("alice", "wrong", from: "2001:db8::\(number)") }
            let same = try await people.refusal("alice", from: "2001:db8::ffff")
            #expect(same == .locked(until: People.second(900)))
            #expect(try await people.refusal("alice", from: "2001:db8:0:1::1") == nil)
            let locks = try await people.account("alice").locks
            #expect(locks == [AccountLock(network: "2001:db8::/64", until: People.second(900))])
        }
    }

    @Test("is one of all names that are locked for a network after fifty failures with whatever names")
    func anyName() async throws {
        try await People.run { people in
            try await people.add("alice")
            for number in 0..<50 {
                let error = try await people.refusal("name \(number)", "wrong", at: People.second(Double(number) * 10))
                #expect(error == .wrongCredentials)
            }
            let until = People.second(490 + 900)
            let trials = await people.administration.passwords.trials
            for name in ["alice", "name 1", "somebody else"] {
                #expect(try await people.refusal(name, at: People.second(500)) == .locked(until: until))
            }
            #expect(await people.administration.passwords.trials == trials)
            #expect(try await people.refusal("alice", from: "192.0.2.2", at: People.second(500)) == nil)
            let event = "accountLocked: all names locked from 192.0.2.1 until \(until.formatted(.iso8601))"
            #expect(try await people.events(.accountLocked) == [event])
            #expect(try await people.refusal("alice", at: until) == nil)
        }
    }

    @Test("is locked from everywhere after a hundred failures in an hour")
    func global() async throws {
        try await People.run { people in
            try await people.add("alice")
            for number in 0..<100 {
                let address = "198.51.100.\(number / 4)"
                let error = try await people.refusal(
                    "alice", "wrong", from: address, at: People.second(Double(number) * 36))
                #expect(error == .wrongCredentials)
            }
            let until = People.second(99 * 36 + 900)
            #expect(
                try await people.refusal("alice", from: "203.0.113.1", at: People.second(3600)) == .locked(until: until)
            )
            #expect(try await people.account("alice", at: People.second(3600)).locks == [AccountLock(until: until)])
            #expect(try await people.refusal("alice", from: "203.0.113.1", at: until) == nil)
        }
    }

    @Test("lets nobody try more passwords by sending them together", arguments: 0..<2)
    func race(round: Int) async throws {
        try await People.run { people in
            try await people.add("alice")
            let answers = try await withThrowingTaskGroup(of: SignInError?.self) { group in
                for _ in 0..<30 { group.addTask { try await people.refusal("alice", "wrong") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.count { $0 == .wrongCredentials } == 5)
            #expect(answers.count { $0 == .locked(until: People.second(900)) } == 25)
            // The right one, tried while the others were, is worth nothing once they have locked the name.
            #expect(try await people.refusal("alice") == .locked(until: People.second(900)))
            #expect(try await people.events(.accountLocked).count == 1)
            #expect(try await people.administration.registry.count("sign_in_failure") == 5)
        }
    }

    @Test("is unlocked by whoever may, which is recorded")
    func unlocked() async throws {
        try await People.run { people in
            let administration = people.administration
            try await people.add("alice")
            let viewer = try await people.enter("vera")
            for _ in 0..<5 { _ = try await people.refusal("alice", "wrong") }
            let error = try await obstacle {
                try await administration.unlockAccount("alice", by: viewer, at: People.now)
            }
            #expect(error?.kind == .forbidden)
            #expect(try await administration.unlockAccount("ALICE", by: people.machine, at: People.now))
            #expect(try await !administration.unlockAccount("alice", by: people.machine, at: People.now))
            #expect(try await people.account("alice").locks.isEmpty)
            #expect(try await people.refusal("alice") == nil)
            #expect(try await people.events(.accountUnlocked) == ["accountUnlocked: user alice"])
            let unknown = try await obstacle {
                try await administration.unlockAccount("nobody-here", by: people.machine, at: People.now)
            }
            #expect(unknown?.kind == .notFound)
        }
    }

    @Test("is locked by wrong passwords in a session too, which is worth no more guesses than none")
    func inSession() async throws {
        try await People.run { people in
            let administration = people.administration
            let alice = try await people.enter("alice")
            for number in 0..<7 {
                let error = try await obstacle {
                    try await administration.changePassword(
                        from: "wrong", to: "Tanne unter Schnee 7", by: alice, at: People.now)
                }
                #expect(error?.kind == (number < 5 ? .invalid : .tooMany))
                #expect(error?.field == (number < 5 ? "oldPassword" : nil))
            }
            let right = try await obstacle {
                try await administration.changePassword(
                    from: People.password, to: "Tanne unter Schnee 7", by: alice, at: People.now)
            }
            #expect(right?.kind == .tooMany)
            #expect(try await people.refusal("alice") == .locked(until: People.second(900)))
        }
    }
}
