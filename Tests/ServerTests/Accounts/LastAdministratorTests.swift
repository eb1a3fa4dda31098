import Foundation
import Registry
import Testing

@testable import Server

@Suite("The last administrator")
struct LastAdministratorTests {
    static let changes: [(String, @Sendable (Administration, String, Principal) async throws -> Void)] = [
        ("deleted", { try await $0.deleteAccount($1, by: $2, at: People.now) }),
        ("disabled", { try await $0.changeAccount($1, AccountChange(isDisabled: true), by: $2, at: People.now) }),
        (
            "given another role",
            { try await $0.changeAccount($1, AccountChange(role: "auditor"), by: $2, at: People.now) }
        ),
    ]

    @Test("is not taken away, and is when there is another one", arguments: changes.indices)
    func stays(index: Int) async throws {
        let (_, change) = Self.changes[index]
        try await People.run { people in
            let before = try await people.account("admin")
            let refused = try await obstacle { try await change(people.administration, "admin", people.machine) }
            #expect(refused?.kind == .conflict)
            #expect(try await people.account("admin") == before)
            // One that nobody can sign in with is none.
            try await people.add("ada", "administrator")
            try await people.administration.changeAccount(
                "ada", AccountChange(isDisabled: true), by: people.machine, at: People.now)
            let still = try await obstacle { try await change(people.administration, "admin", people.machine) }
            #expect(still?.kind == .conflict)
            try await people.administration.changeAccount(
                "ada", AccountChange(isDisabled: false), by: people.machine, at: People.now)
            try await change(people.administration, "admin", people.machine)
        }
    }

    @Test("may be one by a role that somebody has made, which then keeps that permission")
    func customRole() async throws {
        try await People.run { people in
            let administration = people.administration
            let role = Role(name: "boss", permissions: [.readUsers, .writeUsers])
            try await administration.createRole(role, by: people.machine, at: People.now)
            try await people.add("bob", "boss")
            try await administration.deleteAccount("admin", by: people.machine, at: People.now)
            let error = try await obstacle {
                try await administration.changeRole(
                    "boss", RoleChange(permissions: [.readUsers]), by: people.machine, at: People.now)
            }
            #expect(error?.kind == .conflict)
            try await administration.changeRole(
                "boss", RoleChange(permissions: [.writeUsers]), by: people.machine, at: People.now)
            try await administration.changeRole("boss", RoleChange(summary: "all"), by: people.machine, at: People.now)
        }
    }

    @Test("is left by many who take each other's place away at the same time", arguments: changes.indices)
    func race(index: Int) async throws {
        let (_, change) = Self.changes[index]
        try await People.run { people in
            let names = (0..<8).map { "admin\($0)" }
            for name in names { try await people.add(name, "administrator") }
            try await people.administration.deleteAccount("admin", by: people.machine, at: People.now)
            let errors = try await OneTimeCodeTests.all(names.count) { number in
                try await obstacle { try await change(people.administration, names[number], people.machine) }
            }
            #expect(errors.count { $0 == nil } == names.count - 1)
            #expect(errors.compactMap { $0?.kind } == [.conflict])
            let filter = AccountFilter(role: "administrator", isDisabled: false)
            #expect(try await people.administration.accounts(filter, by: people.machine, at: People.now).count == 1)
        }
    }
}
