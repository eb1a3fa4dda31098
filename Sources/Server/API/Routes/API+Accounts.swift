import AdministrationAPI
import Foundation
import HTTPTypes
import Registry

extension API {
    private static let group = "Users"
    private static let name = [(name: "name", summary: "The user's name.")]
    private static let search = QueryParameter("q", .text(1...200), "Those with a text in their name or full name.")
    private static let role = QueryParameter("role", .text(1...64), "Those with a role.")

    /// An account with the password that was generated for it.
    private static let withPassword = Schema.object(
        AccountFields.account.fields.map { ($0.name, $0.schema) } + [
            ("password", Schema.string().orNull.described("The password that was generated, shown only now."))
        ],
        required: AccountFields.account.fields.map(\.name) + ["password"])

    /// Accounts.
    static let accountRoutes: [APIRoute] = [
        APIRoute(
            method: .get, path: "/users", name: "listUsers", group: Self.group, summary: "List the users.",
            access: .permission(.readUsers),
            query: [Self.search.parameter, Self.role.parameter] + APIList.pagingByName,
            answer: APIList.answer("User", "The users, by name.")
        ) { request in
            let limit = try request.limit
            let found = try await request.administration.accounts(
                AccountFilter(search: try request.query(Self.search), role: try request.query(Self.role)),
                after: try request.query(APIList.afterName),
                limit: limit + 1, by: try request.principal, at: request.now)
            return APIList.page(found, limit: limit, AccountFields.account, next: \.name)
        },
        APIRoute(
            method: .post, path: "/users", name: "createUser", group: Self.group,
            summary: "Make a user, whose password has to be changed at the first sign-in.",
            access: .permission(.writeUsers), input: AccountFields.newAccount.sentSchema(isNew: true),
            answer: .json(Self.withPassword, .created, "The user, and the password that was generated."),
            problems: [.notFound, .conflict, .invalid, .refused], isCreation: true
        ) { request in
            let draft = try request.read(AccountFields.newAccount, into: AccountDraft())
            let made = try await request.administration.createAccount(
                draft.order, by: try request.principal, at: request.now)
            return .created(
                Self.json(made), at: "/users/\(APIPath.escaped(made.account.name))", revision: made.account.revision)
        },
        APIRoute(
            method: .get, path: "/users/{name}", name: "getUser", group: Self.group, summary: "Show a user.",
            access: .permission(.readUsers), pathParameters: Self.name, answer: .json(.named("User"), "The user."),
            problems: [.notFound]
        ) { request in
            Self.reply(
                try await request.administration.account(
                    request.parameter("name"), by: try request.principal, at: request.now))
        },
        APIRoute(
            method: .patch, path: "/users/{name}", name: "changeUser", group: Self.group,
            summary: "Change a user; another role, or being disabled, ends the user's sessions.",
            access: .permission(.writeUsers), pathParameters: Self.name,
            input: AccountFields.changedAccount.sentSchema(isNew: false), inputExample: ["role": "auditor"],
            answer: .json(.named("User"), "The user as it is now."),
            problems: [.notFound, .conflict, .invalid, .refused],
            isEdit: true
        ) { request in
            let draft = try request.read(AccountFields.changedAccount, into: AccountDraft())
            return Self.reply(
                try await request.administration.changeAccount(
                    request.parameter("name"), draft.change, expecting: request.expectedRevision,
                    by: try request.principal, at: request.now))
        },
        APIRoute(
            method: .delete, path: "/users/{name}", name: "deleteUser", group: Self.group,
            summary: "Delete a user with all sessions and tokens; what the user did stays recorded.",
            access: .permission(.writeUsers), pathParameters: Self.name, answer: .nothing("The user is deleted."),
            problems: [.notFound, .conflict], isEdit: true
        ) { request in
            try await request.administration.deleteAccount(
                request.parameter("name"), expecting: request.expectedRevision, by: try request.principal,
                at: request.now)
            return .nothing
        },
        APIRoute(
            method: .post, path: "/users/{name}/reset-password", name: "resetPassword", group: Self.group,
            summary: "Give a user a new password, to be changed at the next sign-in; sessions and locks end.",
            access: .permission(.writeUsers), pathParameters: Self.name,
            input: AccountFields.reset.sentSchema(isNew: true),
            answer: .json(Self.withPassword, "The user, and the password that was generated."),
            problems: [.notFound, .invalid]
        ) { request in
            let draft = try request.read(AccountFields.reset, into: AccountDraft())
            return .json(
                Self.json(
                    try await request.administration.resetPassword(
                        of: request.parameter("name"), to: draft.order.password, by: try request.principal,
                        at: request.now)))
        },
        APIRoute(
            method: .post, path: "/users/{name}/unlock", name: "unlockUser", group: Self.group,
            summary: "Let a user sign in again, whatever was wrong before.",
            access: .permission(.writeUsers), pathParameters: Self.name,
            answer: .json(.named("User"), "The user as it is now."), problems: [.notFound]
        ) { request in
            let name = request.parameter("name")
            try await request.administration.unlockAccount(name, by: try request.principal, at: request.now)
            return Self.reply(
                try await request.administration.account(name, by: try request.principal, at: request.now))
        },
        APIRoute(
            method: .post, path: "/users/{name}/disable-totp", name: "disableTOTP", group: Self.group,
            summary: "Let a user sign in without a code, who has lost the authenticator.",
            access: .permission(.writeUsers), pathParameters: Self.name,
            answer: .json(.named("User"), "The user as it is now."), problems: [.notFound, .conflict]
        ) { request in
            let name = request.parameter("name")
            try await request.administration.disableTOTP(of: name, by: try request.principal, at: request.now)
            return Self.reply(
                try await request.administration.account(name, by: try request.principal, at: request.now))
        },
    ]

    private static func reply(_ account: AccountDescription) -> APIReply {
        .json(AccountFields.account.json(account), revision: account.revision)
    }

    private static func json(_ made: AccountWithPassword) -> JSONValue {
        var json = AccountFields.account.json(made.account)
        json.append("password", .text(ifPresent: made.password))
        return json
    }
}
