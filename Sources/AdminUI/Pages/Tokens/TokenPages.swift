import AdministrationAPI

/// API tokens: one's own, and with `users:read` those of others.
enum TokenPages {
    static let routes: [PageRoute] = [
        .page("/tokens", nil) { try await Self.list($0) },
        .page("/tokens/new", nil) { try await NewTokenPage.page($0) },
        .form("/tokens/new", nil, NewTokenPage.make),
        .form("/tokens/{id}/revoke", nil, Self.revoke),
    ]

    private static let everybody = "*"

    private static func list(_ context: PageContext) async throws -> PageResponse {
        let user = context.query["user"]
        let found = try await context.api.get(
            "tokens", query: [("user", user), ("after", context.query["after"]), ("limit", "50")]
        ).value
        let items = found.list("items")
        let name = user.map { $0 == Self.everybody ? "everybody" : $0 } ?? context.visitor.name
        return await Shell(
            "Tokens", at: .tokens,
            actions: .button("Make a token", to: Link.to("/tokens/new"), style: "main"),
            lead: "A token lets a program use the REST API in a user's name, with no more than is ticked for it."
        ).page(
            context,
            [
                Self.tabs(user, context),
                Listing(
                    path: "/tokens", query: context.query,
                    table: Self.table("Tokens of \(name), the newest first", items, context),
                    empty: (
                        "No token",
                        user == nil
                            ? "Make one for each program that uses the API, so that one can be revoked alone."
                            : "Everybody makes tokens of his own."
                    ), next: found["next"]?.text
                ).html,
            ])
    }

    private static func tabs(_ user: String?, _ context: PageContext) -> HTML {
        guard context.may("users:read") else { return .nothing }
        var tabs = [
            Tabs.Tab(title: "Your own", address: Link.to("/tokens"), isCurrent: user == nil),
            Tabs.Tab(
                title: "Everybody's", address: Link.to("/tokens", [(name: "user", value: Self.everybody)]),
                isCurrent: user == Self.everybody),
        ]
        if let user, user != Self.everybody {
            tabs.append(
                Tabs.Tab(
                    title: "Those of \(user)", address: Link.to("/tokens", [(name: "user", value: user)]),
                    isCurrent: true))
        }
        return Tabs(label: "Whose tokens", tabs: tabs).html
    }

    /// A table of tokens.
    ///
    /// - Parameters:
    ///   - caption: Whose they are.
    ///   - tokens: As the API answers them.
    ///   - context: Who looks.
    ///   - user: On whose page it is; nil where it is on the page of all tokens.
    /// - Returns: The table.
    static func table(
        _ caption: String,
        _ tokens: [JSONValue],
        _ context: PageContext,
        from user: String? = nil
    ) -> Table {
        Table(
            caption: caption,
            columns: [
                .init("Token", "name", isLabelled: false), .init("State", "state", isLabelled: false), .init("User"),
                .init("May", "whole"), .init("Made"), .init("Ends"), .init("Last used"), .init("From", "mono"),
                .init(""),
            ],
            rows: tokens.map { token in
                let state = Self.state(token, context)
                let name = token.word("name")
                return Table.Row(
                    address: nil,
                    cells: [
                        .element("span", ["title": name], HTML(name)), state.html, HTML(token.word("user")),
                        Self.scopes(token.words("scopes")), .time(token["createdAt"]?.text),
                        token["expiresAt"]?.text.map { .time($0) } ?? "never", .time(token["lastUsedAt"]?.text),
                        .mono(token.word("lastUsedFrom")),
                        state == .usable && Self.canRevoke(token, context)
                            ? Self.revocation(token, user, context) : .nothing,
                    ])
            })
    }

    private static func state(_ token: JSONValue, _ context: PageContext) -> Badge {
        guard token["revokedAt"]?.text == nil else { return .revoked }
        let end = token["expiresAt"]?.text.flatMap(APIDate.date)
        return end.map { $0 <= context.now } == true ? .expired : .usable
    }

    private static func scopes(_ scopes: [String]) -> HTML {
        guard scopes.count > 1 else { return .code(scopes.first ?? "–") }
        return .element(
            "details",
            [
                .element("summary", "\(scopes.count) permissions"),
                .element("ul", ["class": "plain"], HTML(scopes.map { .element("li", .code($0)) })),
            ])
    }

    private static func canRevoke(_ token: JSONValue, _ context: PageContext) -> Bool {
        context.may("users:write") || token["user"]?.text == context.visitor.name
    }

    private static func revocation(_ token: JSONValue, _ user: String?, _ context: PageContext) -> HTML {
        .form(
            to: Link.to("/tokens", token.word("id"), "/revoke"), by: context.visitor, style: "inline",
            question: "Whatever uses the token \(token.word("name")) of \(token.word("user")) is refused from now on. "
                + "Revoke it?",
            [
                context.query["user"].map { .start("input", ["type": "hidden", "name": "user", "value": $0]) }
                    ?? .nothing,
                user.map { .start("input", ["type": "hidden", "name": "page", "value": $0]) } ?? .nothing,
                .submit("Revoke", style: "small danger"),
            ])
    }

    private static func revoke(_ context: PageContext) async throws -> PageResponse {
        try await context.api.done(APIMessage("DELETE", ["tokens", context.parameter("id")]))
        if let user = context.form["page"] {
            return .go(Link.to("/users/\(APIPath.escaped(user))", [(name: "done", value: "token-revoked")]))
        }
        let user = context.form["user"].map { [(name: "user", value: $0)] } ?? []
        return .go(Link.to("/tokens", user + [(name: "done", value: "token-revoked")]))
    }
}
