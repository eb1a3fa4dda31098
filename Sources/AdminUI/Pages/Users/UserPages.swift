import AdministrationAPI

/// Users: who may sign in, with which role.
enum UserPages {
    static let routes: [PageRoute] = [
        .page("/users", "users:read", Self.list),
        .page("/users/new", "users:write") { try await Self.newPage($0) },
        .form("/users/new", "users:write", Self.make),
        .page("/users/{name}", "users:read") { try await UserPage.page($0) },
        .form("/users/{name}", "users:write", UserPage.change),
        .form("/users/{name}/reset-password", "users:write", UserPage.resetPassword),
        .form("/users/{name}/unlock", "users:write") { try await UserPage.act($0, "unlock", "user-unlocked") },
        .form("/users/{name}/disable-totp", "users:write") {
            try await UserPage.act($0, "disable-totp", "totp-disabled")
        },
        .form("/users/{name}/delete", "users:write", UserPage.delete),
        .form("/users/{name}/sessions/{id}/end", "users:write", UserPage.endSession),
    ]

    private static func list(_ context: PageContext) async throws -> PageResponse {
        let query = context.query
        let found = try await context.api.get(
            "users", query: [("q", query["q"]), ("role", query["role"]), ("after", query["after"]), ("limit", "100")]
        ).value
        let items = found.list("items")
        let table = Table(
            caption: "Users, by name",
            columns: [
                .init("User", "name", isLabelled: false), .init("State", "state", isLabelled: false), .init("Name"),
                .init("Role"), .init("Authenticator"), .init("Last sign-in"),
            ],
            rows: items.map { user in
                let address = Link.to("/users", user.word("name"))
                return Table.Row(
                    address: address,
                    cells: [
                        .link(address, HTML(user.word("name"))), Self.state(user), HTML(user.word("fullName")),
                        HTML(user.word("role")), HTML(user.word("totp")), .time(user["lastSignInAt"]?.text),
                    ])
            })
        let filters = Filters(path: "/users", query: query)
        let roles = await Self.roles(context).map(\.value)
        return await Shell(
            "Users", at: .users,
            actions: [
                .button("Roles", to: Link.to("/roles")),
                context.may("users:write")
                    ? .button("Make a user", to: Link.to("/users/new"), style: "main") : .nothing,
            ], lead: "Who may sign in, and what each of them may do."
        ).page(
            context,
            Listing(
                path: "/users", query: query,
                filters: [filters.search("q", "Name"), filters.choice("role", "Role", roles)], table: table,
                empty: ("No user", "Whoever works at the machine makes the first one."),
                next: found["next"]?.text
            ).html)
    }

    /// What holds of a user.
    static func state(_ user: JSONValue) -> HTML {
        if user.isTrue("disabled") { return Badge.disabled.html }
        if !user.list("locks").isEmpty { return Badge.locked.html }
        return user.isTrue("mustChangePassword") ? Badge.initial.html : Badge.active.html
    }

    /// The roles that there are, as choices.
    static func roles(_ context: PageContext) async -> [(value: String, label: String)] {
        let found = try? await context.api.get("roles", query: [("limit", "200")])
        return (found?.value.list("items") ?? []).map { role in
            (role.word("name"), "\(role.word("name")): \(role.word("description"))")
        }
    }

    private static func newPage(
        _ context: PageContext,
        after outcome: FormOutcome = .none
    ) async throws -> PageResponse {
        await Shell("Make a user", at: .users, crumbs: [("Users", Link.to("/users"))]).page(
            context, status: outcome.status,
            [
                outcome.notice,
                .panel(
                    "User",
                    .body(
                        .form(
                            to: Link.to("/users/new"), by: context.visitor,
                            [
                                FormField(
                                    "name", "User", hint: "Letters, digits and `. - _ @ +`.", faults: outcome.faults,
                                    isRequired: true
                                )
                                .input(value: context.form["name"], autocomplete: "off", focused: true),
                                FormField("fullName", "Name", faults: outcome.faults).input(
                                    value: context.form["fullName"]),
                                FormField("role", "Role", faults: outcome.faults).choice(
                                    await Self.roles(context), value: context.form["role"] ?? "viewer"),
                                Self.passwordField(outcome.faults),
                                .submit("Make user"),
                            ]))),
            ])
    }

    private static func make(_ context: PageContext) async throws -> PageResponse {
        let form = context.form
        var body: JSONValue = [
            "name": .string(form["name"] ?? ""), "fullName": .string(form["fullName"] ?? ""),
            "role": .string(form["role"] ?? ""),
        ]
        if let password = form["password"] { body.append("password", .string(password)) }
        do throws(APIRefusal) {
            let made = try await context.api.done(APIMessage("POST", ["users"], body: body)).value
            return await Self.password(made, context)
        } catch {
            return try await Self.newPage(context, after: try FormOutcome(error))
        }
    }

    /// The field for a password that somebody else is given.
    static func passwordField(_ faults: [String: String]) -> HTML {
        FormField(
            "password", "Password",
            hint: "Empty: one is generated, and shown once. It has to be changed at the sign-in.",
            faults: faults
        ).input(autocomplete: "off")
    }

    /// What follows a user or a password that was made: the password that was generated, for once.
    static func password(_ user: JSONValue, _ context: PageContext) async -> PageResponse {
        let name = user.word("name")
        guard let password = user["password"]?.text else {
            return .go(Link.to("/users/\(APIPath.escaped(name))", [(name: "done", value: "password-given")]))
        }
        return await Shell(name, at: .users, crumbs: [("Users", Link.to("/users"))], mark: Badge.initial.html).page(
            context,
            .panel(
                "Password",
                .body(
                    [
                        .notice(
                            .wait, .element("p", "It is shown only now, and has to be changed at the first sign-in.")),
                        .secret(password),
                        .button("To the user", to: Link.to("/users", name)),
                    ])))
    }
}
