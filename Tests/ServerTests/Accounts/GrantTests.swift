import Foundation
import Testing

@testable import Registry
@testable import Server

@Suite("Nobody gives or takes more than he has")
struct GrantTests {
    /// Somebody who administers accounts and nothing else.
    static func manager(_ people: People) async throws -> Principal {
        let role = Role(name: "manager", permissions: [.readUsers, .writeUsers, .readProfiles])
        try await people.administration.createRole(role, by: people.machine, at: People.now)
        return try await people.enter("mona", "manager")
    }

    static let forbidden: [(String, @Sendable (Administration, Principal) async throws -> Void)] = [
        (
            "a role that permits more",
            {
                try await $0.createRole(
                    Role(name: "r", permissions: [.readProfiles, .readAudit]), by: $1, at: People.now)
            }
        ),
        (
            "more to a role",
            { try await $0.changeRole("small", RoleChange(permissions: [.readAudit]), by: $1, at: People.now) }
        ),
        (
            "less to a role that permits more",
            { try await $0.changeRole("large", RoleChange(permissions: [.readProfiles]), by: $1, at: People.now) }
        ),
        (
            "an account with a role that permits more",
            { _ = try await $0.createAccount(AccountOrder(name: "x", role: "viewer"), by: $1, at: People.now) }
        ),
        (
            "himself another role",
            { try await $0.changeAccount("mona", AccountChange(role: "administrator"), by: $1, at: People.now) }
        ),
        (
            "an account a role that permits more",
            { try await $0.changeAccount("sam", AccountChange(role: "large"), by: $1, at: People.now) }
        ),
        (
            "an account that may do more another role",
            { try await $0.changeAccount("vera", AccountChange(role: "small"), by: $1, at: People.now) }
        ),
        (
            "an account that may do more no way in",
            { try await $0.changeAccount("vera", AccountChange(isDisabled: true), by: $1, at: People.now) }
        ),
        (
            "an account that may do more another password",
            { _ = try await $0.resetPassword(of: "vera", by: $1, at: People.now) }
        ),
        (
            "an account that may do more a way in without codes",
            { try await $0.disableTOTP(of: "vera", by: $1, at: People.now) }
        ),
        ("an end to an account that may do more", { try await $0.deleteAccount("vera", by: $1, at: People.now) }),
        (
            "a token that permits more",
            {
                let order = TokenOrder(name: "t", scopes: [.readAudit], at: People.now)
                _ = try await $0.createToken(order, by: $1, at: People.now)
            }
        ),
        (
            "somebody else a token",
            {
                let order = TokenOrder(name: "t", scopes: [.readProfiles], at: People.now)
                _ = try await $0.createToken(order, for: "sam", by: $1, at: People.now)
            }
        ),
    ]

    @Test("not even whoever administers accounts gives", arguments: forbidden.indices)
    func refused(index: Int) async throws {
        let (_, call) = Self.forbidden[index]
        try await People.run { people in
            let manager = try await Self.manager(people)
            for role in [
                Role(name: "small", permissions: [.readProfiles]), Role(name: "large", permissions: [.readAudit]),
            ] {
                try await people.administration.createRole(role, by: people.machine, at: People.now)
            }
            try await people.add("vera", "viewer")
            try await people.add("sam", "small")
            let before = try await people.administration.registry.count("event")
            let error = try await obstacle { try await call(people.administration, manager) }
            #expect(error?.kind == .forbidden)
            #expect(try await people.administration.registry.count("event") == before)
        }
    }

    @Test("but what he has he gives")
    func allowed() async throws {
        try await People.run { people in
            let administration = people.administration
            let manager = try await Self.manager(people)
            let role = Role(name: "small", permissions: [.readProfiles])
            try await administration.createRole(role, by: manager, at: People.now)
            let order = AccountOrder(name: "sam", role: "small")
            _ = try await administration.createAccount(order, by: manager, at: People.now)
            _ = try await administration.resetPassword(of: "sam", by: manager, at: People.now)
            try await administration.changeAccount("sam", AccountChange(role: "manager"), by: manager, at: People.now)
            try await administration.changeRole(
                "small", RoleChange(permissions: [.readUsers]), by: manager, at: People.now)
            try await administration.deleteAccount("sam", by: manager, at: People.now)
            // The name of somebody who may do more gives nothing.
            try await people.add("vera")
            try await administration.changeAccount("vera", AccountChange(fullName: "V"), by: manager, at: People.now)
        }
    }

    @Test("an administrator gives no power over the audit log, the machine itself does")
    func auditLog() async throws {
        try await People.run { people in
            let administration = people.administration
            let admin = try await people.enter("ada", "administrator")
            let role = Role(name: "keeper", permissions: [.deleteAudit])
            let error = try await obstacle { try await administration.createRole(role, by: admin, at: People.now) }
            #expect(error?.kind == .forbidden && error?.description.contains("audit:delete") == true)
            try await administration.createRole(role, by: people.machine, at: People.now)
            try await people.add("kim", "keeper")
            let reset = try await obstacle {
                try await administration.resetPassword(of: "kim", by: admin, at: People.now)
            }
            #expect(reset?.kind == .forbidden)
        }
    }

    @Test("whoever may not administer accounts changes none", arguments: ["viewer", "operator", "auditor"])
    func others(role: String) async throws {
        try await People.run { people in
            let principal = try await people.enter("alice", role)
            try await people.add("bob")
            let calls: [@Sendable () async throws -> Void] = [
                {
                    let order = AccountOrder(name: "x", role: "viewer")
                    _ = try await people.administration.createAccount(order, by: principal, at: People.now)
                },
                {
                    let change = AccountChange(fullName: "x")
                    try await people.administration.changeAccount("bob", change, by: principal, at: People.now)
                },
                {
                    let change = AccountChange(role: "administrator")
                    try await people.administration.changeAccount("alice", change, by: principal, at: People.now)
                },
                { try await people.administration.deleteAccount("bob", by: principal, at: People.now) },
                { _ = try await people.administration.resetPassword(of: "bob", by: principal, at: People.now) },
                { try await people.administration.disableTOTP(of: "bob", by: principal, at: People.now) },
                { try await people.administration.unlockAccount("bob", by: principal, at: People.now) },
                {
                    let role = Role(name: "r", permissions: [.readProfiles])
                    try await people.administration.createRole(role, by: principal, at: People.now)
                },
                { try await people.administration.deleteRole("r", by: principal, at: People.now) },
            ]
            for call in calls {
                let error = try await obstacle { try await call() }
                #expect(error?.kind == .forbidden)
            }
        }
    }
}
