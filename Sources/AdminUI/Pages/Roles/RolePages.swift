import AdministrationAPI

/// Roles: what users may do, under a name.
enum RolePages {
    static let routes: [PageRoute] = [
        .page("/roles", "users:read", Self.list),
        .page("/roles/new", "users:write") { try await Self.newPage($0) },
        .form("/roles/new", "users:write", Self.make),
        .page("/roles/{name}", "users:read") { try await RolePage.page($0) },
        .form("/roles/{name}", "users:write", RolePage.change),
        .form("/roles/{name}/delete", "users:write", RolePage.delete),
    ]

    /// Where roles belong.
    static let crumbs = [(title: "Users", address: Link.to("/users")), (title: "Roles", address: Link.to("/roles"))]

    private static func list(_ context: PageContext) async throws -> PageResponse {
        let found = try await context.api.get("roles", query: [("after", context.query["after"]), ("limit", "100")])
            .value
        let table = Table(
            caption: "Roles, the built-in ones first",
            columns: [
                .init("Role", "name", isLabelled: false), .init("", "state", isLabelled: false),
                .init("What it is for"),
                .init("Permissions", "number"), .init("Users", "number"),
            ],
            rows: found.list("items").map { role in
                let address = Link.to("/roles", role.word("name"))
                let text = role["description"]?.text ?? ""
                return Table.Row(
                    address: address,
                    cells: [
                        .link(address, HTML(role.word("name"))),
                        role.isTrue("builtIn") ? .element("span", ["class": "badge over"], "built in") : .nothing,
                        .element("span", ["title": text], HTML(text)), "\(role.list("permissions").count)",
                        "\(role.list("users").count)",
                    ])
            })
        return await Shell(
            "Roles", at: .users, crumbs: Array(Self.crumbs.prefix(1)),
            actions: context.may("users:write")
                ? .button("Make a role", to: Link.to("/roles/new"), style: "main") : .nothing,
            lead: "A role says what its users may do. The built-in ones stay as they are."
        ).page(
            context,
            Listing(
                path: "/roles", query: context.query, table: table,
                empty: ("No role", "Make one, and give it to a user."), next: found["next"]?.text
            ).html)
    }

    private static func newPage(
        _ context: PageContext,
        after outcome: FormOutcome = .none
    ) async throws -> PageResponse {
        let choices = try await PermissionChoices(context)
        let form = HTML.form(
            to: Link.to("/roles/new"), by: context.visitor,
            [
                FormField(
                    "name", "Name", hint: "a to z, 0 to 9 and -.", faults: outcome.faults, isRequired: true
                ).input(value: context.form["name"], autocomplete: "off", focused: true),
                FormField("description", "What it is for", faults: outcome.faults).input(
                    value: context.form["description"]),
                .element("h3", "What it permits"),
                .element("p", ["class": "soft"], "You can give what you may do yourself."),
                choices.boxes(
                    "permissions", ticked: Set(context.form.values("permissions")),
                    fault: outcome.faults["permissions"], isOffered: context.may),
                .submit("Make role"),
            ])
        return await Shell("Make a role", at: .users, crumbs: Self.crumbs).page(
            context, status: outcome.status, [outcome.notice, .panel("Role", .body(form))])
    }

    private static func make(_ context: PageContext) async throws -> PageResponse {
        let name = context.form["name"] ?? ""
        let body: JSONValue = [
            "name": .string(name), "description": .string(context.form["description"] ?? ""),
            "permissions": .array(context.form.values("permissions").map(JSONValue.string)),
        ]
        do throws(APIRefusal) {
            try await context.api.done(APIMessage("POST", ["roles"], body: body))
        } catch {
            return try await Self.newPage(context, after: try FormOutcome(error))
        }
        return .go(Link.to("/roles/\(APIPath.escaped(name))", [(name: "done", value: "saved")]))
    }
}
