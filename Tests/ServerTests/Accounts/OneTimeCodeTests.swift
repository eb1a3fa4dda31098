import Foundation
import Testing

@testable import Registry
@testable import Server

@Suite("Codes beside the password")
struct OneTimeCodeTests {
    @Test("are needed once one was shown, each good once")
    func life() async throws {
        try await People.run { people in
            let alice = try await people.enter("alice")
            _ = try await people.signIn("alice")
            let (codes, recovery) = try await people.setUpCodes(alice)
            #expect(Set(recovery).count == 10)
            // Other sessions end, this one goes on.
            #expect(try await people.sessionCount("alice") == 1)
            let account = try await people.account("alice")
            #expect(account.needsCode && account.recoveryCodesLeft == 10)

            #expect(try await people.refusal("alice") == .codeNeeded)
            #expect(try await people.refusal("alice", code: " ") == .codeNeeded)
            #expect(try await people.refusal("alice", "wrong", code: "123456") == .wrongCredentials)
            let step = TOTP.step(at: People.now)
            // The one by which it was confirmed was used.
            #expect(try await people.refusal("alice", code: codes.code(step: step)) == .wrongCode)
            #expect(try await people.refusal("alice", code: codes.code(step: step - 1)) == .wrongCode)
            let next = codes.code(step: step + 1)
            #expect(try await people.refusal("alice", code: next) == nil)
            #expect(try await people.refusal("alice", code: next) == .wrongCode)
            let later = People.second(60)
            #expect(try await people.refusal("alice", code: codes.code(step: step + 2), at: later) == nil)
            #expect(
                try await people.events(.accountChanged) == ["accountChanged: user alice\ntotp: false -> true"])
        }
    }

    @Test("are not needed before one was shown, which has to be the right one")
    func confirmation() async throws {
        try await People.run { people in
            let administration = people.administration
            let alice = try await people.enter("alice")
            let early = try await obstacle {
                try await administration.confirmTOTP(code: "123456", by: alice, at: People.now)
            }
            #expect(early?.kind == .conflict)
            let first = try await administration.beginTOTP(by: alice, at: People.now)
            let second = try await administration.beginTOTP(by: alice, at: People.now)
            #expect(first.secret != second.secret && second.address.contains(second.secret))
            for setup in [first, second] {
                let codes = TOTP(secret: try #require(Base32.decode(setup.secret)))
                let code = codes.code(step: TOTP.step(at: People.now))
                let error = try await obstacle {
                    try await administration.confirmTOTP(code: code, by: alice, at: People.now)
                }
                #expect(error?.field == (setup == first ? "code" : nil))
            }
            let third = try await obstacle { try await administration.beginTOTP(by: alice, at: People.now) }
            #expect(third?.kind == .conflict)
            #expect(try await people.account("alice").recoveryCodesLeft == 10)
        }
    }

    @Test("that are wrong lock the account, also with the right password")
    func guessing() async throws {
        try await People.run { people in
            let (codes, _) = try await people.setUpCodes(try await people.enter("alice"))
            for number in 0..<5 {
                // Asking for the code in between forgives nothing.
                #expect(try await people.refusal("alice") == .codeNeeded)
                #expect(try await people.refusal("alice", code: "00000\(number)x") == .wrongCode)
            }
            let code = codes.code(step: TOTP.step(at: People.now) + 1)
            #expect(try await people.refusal("alice", code: code) == .locked(until: People.second(900)))
            #expect(try await people.events(.signInFailed).allSatisfy { $0.hasSuffix("right password, wrong code") })
        }
    }

    @Test("are used by one of many who send the same one", arguments: 0..<2)
    func replayRace(round: Int) async throws {
        try await People.run { people in
            let (codes, _) = try await people.setUpCodes(try await people.enter("alice"))
            let code = codes.code(step: TOTP.step(at: People.now) + 1)
            let answers = try await Self.all(12) {
                try await people.refusal("alice", code: code, from: "192.0.2.\($0)")
            }
            #expect(answers.count { $0 == nil } == 1)
            #expect(answers.count { $0 == .wrongCode } == 11)
        }
    }

    @Test("can be replaced by recovery codes, each good once, however it is typed")
    func recovery() async throws {
        try await People.run { people in
            let (_, codes) = try await people.setUpCodes(try await people.enter("alice"))
            let signIn = try await people.signIn("alice", code: codes[0])
            #expect(signIn.recoveryCodesLeft == 9)
            #expect(try await people.refusal("alice", code: codes[0]) == .wrongCode)
            #expect(try await people.refusal("alice", code: codes[1].uppercased()) == nil)
            #expect(try await people.refusal("alice", code: codes[2].replacing("-", with: " ")) == nil)
            #expect(try await people.refusal("alice", code: codes[3].replacing("-", with: "")) == nil)
            #expect(try await people.refusal("alice", code: String(codes[4].dropLast())) == .wrongCode)
            let answers = try await Self.all(12) {
                try await people.refusal("alice", code: codes[5], from: "192.0.2.1\($0)")
            }
            #expect(answers.count { $0 == nil } == 1)
            #expect(try await people.account("alice").recoveryCodesLeft == 5)
            #expect(
                try await people.events(.signedIn).filter { $0.contains("recovery") }.first
                    == "signedIn: user alice: with a recovery code, 9 are left")
        }
    }

    @Test("and recovery codes are made anew and turned off by whoever knows the password")
    func own() async throws {
        try await People.run { people in
            let administration = people.administration
            let alice = try await people.enter("alice")
            for call in [Self.renew, Self.turnOff] {
                let error = try await obstacle { try await call(administration, People.password, alice) }
                #expect(error?.kind == .conflict)
            }
            let (_, old) = try await people.setUpCodes(alice)
            for call in [Self.renew, Self.turnOff] {
                let error = try await obstacle { try await call(administration, "wrong", alice) }
                #expect(error?.field == "password")
            }
            let new = try await administration.makeRecoveryCodes(
                password: People.password, by: alice, at: People.now)
            #expect(Set(old).isDisjoint(with: new))
            #expect(try await people.refusal("alice", code: old[0]) == .wrongCode)
            #expect(try await people.refusal("alice", code: new[0]) == nil)
            #expect(try await people.sessionCount("alice") == 2)
            try await administration.disableOwnTOTP(password: People.password, by: alice, at: People.now)
            #expect(try await people.sessionCount("alice") == 1)
            #expect(try await people.refusal("alice") == nil)
            let account = try await people.account("alice")
            #expect(!account.needsCode && account.recoveryCodesLeft == 0)
        }
    }

    static let renew: @Sendable (Administration, String, Principal) async throws -> Void = {
        _ = try await $0.makeRecoveryCodes(password: $1, by: $2, at: People.now)
    }
    static let turnOff: @Sendable (Administration, String, Principal) async throws -> Void = {
        try await $0.disableOwnTOTP(password: $1, by: $2, at: People.now)
    }

    @Test("are turned off for somebody else by whoever may, and at the machine itself")
    func others() async throws {
        try await People.run { people in
            let administration = people.administration
            let admin = try await people.enter("ada", "administrator")
            _ = try await people.setUpCodes(admin)
            _ = try await people.setUpCodes(try await people.enter("alice"))
            let own = try await obstacle { try await administration.disableTOTP(of: "ada", by: admin, at: People.now) }
            #expect(own?.kind == .forbidden)
            try await administration.disableTOTP(of: "alice", by: admin, at: People.now)
            #expect(try await people.sessionCount("alice") == 0)
            try await administration.disableTOTP(of: "ada", by: people.machine, at: People.now)
            let again = try await obstacle {
                try await administration.disableTOTP(of: "ada", by: people.machine, at: People.now)
            }
            #expect(again?.kind == .conflict)
            #expect(try await people.refusal("ada") == nil)
        }
    }

    @Test("are made from what is sealed for this account only")
    func sealed() async throws {
        try await People.run { people in
            let (codes, _) = try await people.setUpCodes(try await people.enter("alice"))
            try await people.add("mallory")
            try await people.administration.registry.changeAccounts(at: People.now) { accounts throws in
                var mallory = try accounts.existing("mallory")
                let alice = try accounts.existing("alice")
                mallory.sealedCodes = alice.sealedCodes
                try accounts.update(mallory)
                #expect(alice.sealedCodes.map { $0.count } == 20 + 28)
            }
            let code = codes.code(step: TOTP.step(at: People.now) + 1)
            let answer = await refusal { try await people.signIn("mallory", code: code) }
            #expect(answer.contains("does not open"))
        }
    }

    static func all<T: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> T) async throws -> [T]
    {
        try await withThrowingTaskGroup(of: T.self) { group in
            for number in 0..<count { group.addTask { try await body(number) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}
