import Foundation
import Registry
import Testing

@testable import Server

@Suite("A password")
struct PasswordPolicyTests {
    static let good = [
        "correct horse battery staple", "Fichte unter Regen 9", "8amt8-c29r6-nhdnu-hd9pn", "Grüße aus dem Süden",
        "パスワードは長い方がいいです", "🔑🐎🔋📎🌧🌲🦊🐢🦀🐝🐙🦉", "tr0ub4dor&3 zwei", "x9$kLm2!qPz7", "password of my old horse",
        String(repeating: "sonnenblume ", count: 21),
    ]

    @Test("is anything that is not guessed first", arguments: good)
    func accepted(password: String) throws {
        try PasswordPolicy().check(password, of: "alice", field: "password")
    }

    static let bad = [
        "", "short", "elevenchars", "aaaaaaaaaaaa", "abababababab", "123456789012", "abcdefghijklm", "zyxwvutsrqpon",
        "password1234", "Password2024!", "P@ssw0rd2024!", "passwordpassword", "administrator1", "ucm-admin-2024",
        "alice-password-1", "alicealicealice", "Alice.Example1", "alice.example", "qwertyuiop123", "letmein-letmein",
        "welcome-welcome", "Passwort-2026", "tab\tin the password", "line\nin the password", "nul\u{0}in the password",
        String(repeating: "sonnenblume ", count: 22), String(repeating: "a\u{301}", count: 300_000),
        "e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}ab",
    ]

    @Test("is refused by its field and not repeated where it is", arguments: bad)
    func refused(password: String) {
        let error = #expect(throws: AdministrationError.self) {
            try PasswordPolicy().check(password, of: "alice.example", field: "newPassword")
        }
        #expect(error?.field == "newPassword" && error?.kind == .invalid)
        #expect(password.isEmpty || error?.description.contains(password) == false)
    }

    @Test("has as many characters as the policy says, which never says less than 12")
    func minimum() async throws {
        try await People.run { people in
            #expect(try await people.administration.settings(PasswordPolicy.self).minimumLength == 12)
            for length in [-1, 0, 8, 11, 65, .max] {
                let error = try await obstacle {
                    try await people.administration.change(
                        PasswordPolicy.self, by: people.machine.decider, at: People.now
                    ) {
                        $0.minimumLength = length
                    }
                }
                #expect(error?.field == "minimumLength")
            }
            try await people.administration.change(PasswordPolicy.self, by: people.machine.decider, at: People.now) {
                $0.minimumLength = 20
            }
            #expect(try await people.administration.settings(PasswordPolicy.self).minimumLength == 20)
            let short = AccountOrder(name: "alice", role: "viewer", password: "Fichte unter Regen!")
            let error = try await obstacle {
                try await people.administration.createAccount(short, by: people.machine, at: People.now)
            }
            #expect(error?.field == "password")
            let long = AccountOrder(name: "alice", role: "viewer", password: "Fichte unter Regen !")
            let made = try await people.administration.createAccount(long, by: people.machine, at: People.now)
            #expect(made.password == nil && made.account.mustChangePassword)
            #expect(
                try await people.events(.settingChanged).last
                    == "settingChanged: setting password-policy\nminimumLength: 12 -> 20")
        }
    }
}
