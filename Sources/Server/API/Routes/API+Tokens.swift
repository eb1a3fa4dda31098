import AdministrationAPI
import Foundation
import HTTPTypes

extension API {
    private static let group = "Tokens"
    private static let user = QueryParameter(
        "user", .text(1...64), "Those of another user, or * for all; one's own otherwise.")

    /// A token with its secret.
    private static let made = Schema.object(
        AccountFields.token.fields.map { ($0.name, $0.schema) } + [
            ("token", Schema.string().described("The token, shown only now."))
        ],
        required: AccountFields.token.fields.map(\.name) + ["token"])

    /// API tokens.
    static let tokenRoutes: [APIRoute] = [
        APIRoute(
            method: .get, path: "/tokens", name: "listTokens", group: Self.group,
            summary: "List API tokens: one's own, or with users:read those of others.", access: .member,
            query: [Self.user.parameter] + APIList.paging, answer: APIList.answer("Token", "The tokens."),
            problems: [.notFound]
        ) { request in
            let limit = try request.limit
            let found = try await request.administration.tokens(
                of: try Self.owner(request), after: try request.query(APIList.after), limit: limit + 1,
                by: try request.principal, at: request.now)
            return APIList.page(found, limit: limit, AccountFields.token) { "\($0.id)" }
        },
        APIRoute(
            method: .post, path: "/tokens", name: "createToken", group: Self.group,
            summary: "Make an API token; not by a token.", access: .member,
            input: AccountFields.newToken.sentSchema(isNew: true),
            answer: .json(Self.made, .created, "The token, shown only now."),
            problems: [.notFound, .conflict, .invalid, .refused], isCreation: true
        ) { request in
            let draft = try request.read(
                AccountFields.newToken, into: TokenDraft(order: TokenOrder(name: "", scopes: [], at: request.now)))
            let made = try await request.administration.createToken(
                draft.order, for: draft.user, by: try request.principal, at: request.now)
            var json = AccountFields.token.json(made.token)
            json.append("token", .string(made.secret))
            return .created(json, at: "/tokens?user=\(APIPath.escaped(made.token.account))")
        },
        APIRoute(
            method: .delete, path: "/tokens/{id}", name: "revokeToken", group: Self.group,
            summary: "Revoke an API token: one's own, or with users:write another user's.", access: .member,
            pathParameters: [("id", "The token's number.")], answer: .nothing("It is worth nothing any more."),
            problems: [.notFound, .conflict]
        ) { request in
            try await request.administration.revokeToken(request.number, by: try request.principal, at: request.now)
            return .nothing
        },
    ]

    /// Whose tokens or sessions are meant; nil for everybody's.
    static func owner(_ request: APIRequest) throws -> String? {
        let principal = try request.principal
        guard let name = try request.query(Self.user) else { return principal.means == .machine ? nil : principal.name }
        return name == "*" ? nil : name
    }

    /// The parameter that says whose they are.
    static let owners = Self.user
}
