import Foundation
import Registry
import Testing

@testable import Server

@Suite("A built-in role")
struct BuiltInRoleTests {
    static let viewer: Set<String> = [
        "profiles:read", "challenges:read", "requests:read", "certificates:read", "authorities:read", "templates:read",
        "crls:read", "statistics:read", "system:read",
    ]
    static let permissions: [(Role, Set<String>)] = [
        (.viewer, viewer),
        (
            .operator,
            viewer.union(["challenges:write", "requests:decide", "certificates:issue", "certificates:revoke"])
        ),
        (.auditor, viewer.union(["audit:read", "users:read", "settings:read", "metrics:read"])),
        (.administrator, Set(Permission.allCases.map(\.rawValue)).subtracting(["audit:delete"])),
    ]

    @Test("permits what it says", arguments: permissions.indices)
    func permitted(index: Int) {
        let (role, names) = Self.permissions[index]
        #expect(Set(role.permissions.map(\.rawValue)) == names)
        #expect(Role.builtIn.contains(role))
    }

    @Test("is made of permissions that each say what they are for")
    func summaries() {
        #expect(Permission.allCases.count == 24)
        #expect(Set(Permission.allCases.map(\.summary)).count == 24)
        #expect(Permission.allCases.allSatisfy { !$0.summary.contains("\n") })
        #expect(Role.builtIn.map(\.name) == ["viewer", "operator", "administrator", "auditor"])
    }
}

@Suite("Permissions as they are stored")
struct StoredPermissionTests {
    @Test("are read back; what this version does not know permits nothing")
    func roundTrip() throws {
        let all = Set(Permission.allCases)
        #expect(try Set(json: all.json) == all)
        #expect(try Set(json: "[]").isEmpty)
        #expect(try Set(json: #"["users:write","everything","","USERS:READ"]"#) == [.writeUsers])
        #expect(Set([Permission.readAudit, .readProfiles]).json == #"["profiles:read","audit:read"]"#)
    }

    @Test(
        "are an array and nothing else", arguments: ["", "{}", "null", "[1]", "\"users:write\"", "[", "[[]]", "\u{0}"])
    func senseless(json: String) {
        #expect(throws: (any Error).self) { try Set(json: json) }
    }
}

@Suite("A role that somebody makes")
struct RoleAdministrationTests {
    @Test("is listed behind the built-in ones, with who has it, changed and deleted")
    func life() async throws {
        try await People.run { people in
            let administration = people.administration
            let role = Role(name: "help-desk", summary: "helps", permissions: [.readProfiles, .writeChallenges])
            let made = try await administration.createRole(role, by: people.machine, at: People.now)
            #expect(made == RoleDescription(role: role, isBuiltIn: false, users: [], revision: "1"))
            let alice = try await people.enter("alice", "help-desk")
            #expect(alice.permissions == role.permissions)
            let all = try await administration.roles(by: people.machine, at: People.now)
            #expect(all.map(\.role.name) == ["viewer", "operator", "administrator", "auditor", "help-desk"])
            #expect(all.map(\.users) == [[], [], ["admin"], [], ["alice"]])
            #expect(all.map(\.isBuiltIn) == [true, true, true, true, false])

            // Who has it can do it at once, in the session that goes on.
            let change = RoleChange(permissions: [.readAudit])
            let secret = try await people.signIn("alice").secret
            let changed = try await administration.changeRole(
                "help-desk", change, expecting: "1", by: people.machine, at: People.now)
            #expect((changed.role.summary, changed.role.permissions, changed.revision) == ("helps", [.readAudit], "2"))
            let now = try await administration.principal(forSession: secret, address: nil, at: People.now)
            #expect(now?.permissions == [.readAudit])

            let late = try await obstacle {
                try await administration.changeRole(
                    "help-desk", RoleChange(summary: "x"), expecting: "1", by: people.machine, at: People.now)
            }
            #expect(late?.kind == .changed)
            let inUse = try await obstacle {
                try await administration.deleteRole("help-desk", by: people.machine, at: People.now)
            }
            #expect(inUse?.kind == .conflict && inUse?.description.contains("alice") == true)
            try await administration.changeAccount(
                "alice", AccountChange(role: "viewer"), by: people.machine, at: People.now)
            try await administration.deleteRole("help-desk", expecting: "2", by: people.machine, at: People.now)
            let gone = try await obstacle {
                try await administration.role("help-desk", by: people.machine, at: People.now)
            }
            #expect(gone?.kind == .notFound)
            #expect(
                try await people.events(.roleCreated, .roleChanged, .roleDeleted) == [
                    "roleCreated: role help-desk\ndescription: - -> helps\n"
                        + #"permissions: - -> ["profiles:read","challenges:write"]"#,
                    "roleChanged: role help-desk\n"
                        + #"permissions: ["profiles:read","challenges:write"] -> ["audit:read"]"#,
                    "roleDeleted: role help-desk\ndescription: helps -> -\n" + #"permissions: ["audit:read"] -> -"#,
                ])
        }
    }

    static let senseless: [(Role, kind: AdministrationError.Kind, field: String)] = [
        (Role(name: "viewer", permissions: [.readAudit]), .conflict, "name"),
        (Role(name: "administrator", permissions: [.readAudit]), .conflict, "name"),
        (Role(name: "", permissions: [.readAudit]), .invalid, "name"),
        (Role(name: "-a", permissions: [.readAudit]), .invalid, "name"),
        (Role(name: "Viewer", permissions: [.readAudit]), .invalid, "name"),
        (Role(name: "a b", permissions: [.readAudit]), .invalid, "name"),
        (Role(name: "vïewer", permissions: [.readAudit]), .invalid, "name"),
        (Role(name: "a\u{0}", permissions: [.readAudit]), .invalid, "name"),
        (Role(name: String(repeating: "a", count: 41), permissions: [.readAudit]), .invalid, "name"),
        (Role(name: "a", permissions: []), .invalid, "permissions"),
        (Role(name: "a", summary: "two\nlines", permissions: [.readAudit]), .invalid, "description"),
        (Role(name: "a", summary: "\u{202e}x", permissions: [.readAudit]), .invalid, "description"),
        (Role(name: "taken", permissions: [.readAudit]), .conflict, "name"),
    ]

    @Test("cannot be anything", arguments: senseless.indices)
    func refused(index: Int) async throws {
        let (role, kind, field) = Self.senseless[index]
        try await People.run { people in
            try await people.administration.createRole(
                Role(name: "taken", permissions: [.readUsers]), by: people.machine, at: People.now)
            let error = try await obstacle {
                try await people.administration.createRole(role, by: people.machine, at: People.now)
            }
            #expect(error?.kind == kind)
            #expect(error?.field == field)
        }
    }

    @Test("is not a built-in one, which stays as it is")
    func builtIn() async throws {
        try await People.run { people in
            let changed = try await obstacle {
                try await people.administration.changeRole(
                    "viewer", RoleChange(permissions: [.writeUsers]), by: people.machine, at: People.now)
            }
            let deleted = try await obstacle {
                try await people.administration.deleteRole("operator", by: people.machine, at: People.now)
            }
            #expect([changed?.kind, deleted?.kind] == [.conflict, .conflict])
        }
    }
}
