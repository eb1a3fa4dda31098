import AdministrationAPI
import Foundation
import HTTPTypes

extension API {
    private static let group = "Roles"
    private static let name = [(name: "name", summary: "The role's name.")]

    /// Roles and what they are made of.
    static let roleRoutes: [APIRoute] = [
        APIRoute(
            method: .get, path: "/permissions", name: "listPermissions", group: Self.group,
            summary: "List the permissions that roles and tokens are made of.", access: .member,
            query: APIList.pagingByName, answer: APIList.answer("Permission", "The permissions.")
        ) { request in
            try APIList.page(Permission.allCases, for: request, AccountFields.permission, name: \.rawValue)
        },
        APIRoute(
            method: .get, path: "/roles", name: "listRoles", group: Self.group, summary: "List the roles.",
            access: .permission(.readUsers), query: APIList.pagingByName,
            answer: APIList.answer("Role", "The roles, by name.")
        ) { request in
            try APIList.page(
                try await request.administration.roles(by: try request.principal, at: request.now), for: request,
                AccountFields.role, name: \.role.name)
        },
        APIRoute(
            method: .post, path: "/roles", name: "createRole", group: Self.group,
            summary: "Make a role from permissions that one has oneself.",
            access: .permission(.writeUsers), input: AccountFields.newRole.sentSchema(isNew: true),
            answer: .json(.named("Role"), .created, "The role."), problems: [.conflict, .invalid, .refused],
            isCreation: true
        ) { request in
            let role = try request.read(AccountFields.newRole, into: Role(name: "", permissions: []))
            let made = try await request.administration.createRole(role, by: try request.principal, at: request.now)
            return .created(
                AccountFields.role.json(made), at: "/roles/\(APIPath.escaped(role.name))", revision: made.revision)
        },
        APIRoute(
            method: .get, path: "/roles/{name}", name: "getRole", group: Self.group, summary: "Show a role.",
            access: .permission(.readUsers), pathParameters: Self.name, answer: .json(.named("Role"), "The role."),
            problems: [.notFound]
        ) { request in
            Self.reply(
                try await request.administration.role(
                    request.parameter("name"), by: try request.principal, at: request.now))
        },
        APIRoute(
            method: .patch, path: "/roles/{name}", name: "changeRole", group: Self.group,
            summary: "Change a role, for everybody who has it.",
            access: .permission(.writeUsers), pathParameters: Self.name,
            input: AccountFields.changedRole.sentSchema(isNew: false),
            inputExample: ["permissions": ["requests:read"]],
            answer: .json(.named("Role"), "The role as it is now."),
            problems: [.notFound, .conflict, .invalid, .refused],
            isEdit: true
        ) { request in
            let change = try request.read(AccountFields.changedRole, into: RoleChange())
            return Self.reply(
                try await request.administration.changeRole(
                    request.parameter("name"), change, expecting: request.expectedRevision, by: try request.principal,
                    at: request.now))
        },
        APIRoute(
            method: .delete, path: "/roles/{name}", name: "deleteRole", group: Self.group,
            summary: "Delete a role that nobody has any more.",
            access: .permission(.writeUsers), pathParameters: Self.name, answer: .nothing("It is deleted."),
            problems: [.notFound, .conflict], isEdit: true
        ) { request in
            try await request.administration.deleteRole(
                request.parameter("name"), expecting: request.expectedRevision, by: try request.principal,
                at: request.now)
            return .nothing
        },
    ]

    private static func reply(_ role: RoleDescription) -> APIReply {
        let json = AccountFields.role.json(role)
        return role.revision.map { .json(json, revision: $0) } ?? .json(json)
    }
}
