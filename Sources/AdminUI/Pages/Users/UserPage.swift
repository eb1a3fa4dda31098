import AdministrationAPI

/// One user, and what can be done with the account.
enum UserPage {
    static func page(
        _ context: PageContext,
        after outcome: FormOutcome = .none
    ) async throws -> PageResponse {
        let found = try await context.api.get("users", context.parameter("name"))
        let user = found.value
        let facts = HTML.facts([
            ("User", HTML(user.word("name"))), ("Name", user.fact("fullName")), ("Role", HTML(user.word("role"))),
            ("State", UserPages.state(user)), ("Authenticator", HTML(user.word("totp"))),
            ("Recovery codes left", user.isTrue("totp") ? HTML(user.word("recoveryCodesLeft")) : nil),
            ("Password set", .time(user["passwordChangedAt"]?.text)),
            ("Last sign-in", .time(user["lastSignInAt"]?.text)),
            ("Made", .time(user["createdAt"]?.text)), ("Made by", HTML(user.word("createdBy"))),
        ])
        let locks = HTML(
            user.list("locks").map { lock in
                .notice(
                    .wait,
                    .element(
                        "p",
                        [
                            "Locked from ", HTML(lock["address"]?.text ?? "everywhere"), " until ",
                            .time(lock["until"]?.text),
                            " for wrong passwords.",
                        ]))
            })
        var parts: [HTML] = [outcome.notice, locks, .panel("User", facts)]
        if context.may("users:write") {
            parts.append(.panel("Change", .body(await Self.form(user, found.revision, context, outcome.faults))))
            parts.append(.panel("Actions", .body(Self.actions(user, context))))
        }
        let name = user.word("name")
        return await Shell(
            name, at: .users, crumbs: [("Users", Link.to("/users"))], mark: UserPages.state(user),
            actions: context.may("audit:read")
                ? .button("In the audit log", to: Link.to("/audit", [(name: "actor", value: name)])) : .nothing
        ).page(context, status: outcome.status, HTML(parts))
    }

    private static func form(
        _ user: JSONValue,
        _ revision: String?,
        _ context: PageContext,
        _ faults: [String: String]
    ) async -> HTML {
        .form(
            to: Link.to("/users", user.word("name")), by: context.visitor,
            [
                .start("input", ["type": "hidden", "name": "revision", "value": revision]),
                FormField("fullName", "Name", faults: faults).input(value: user["fullName"]?.text),
                FormField("role", "Role", hint: "Another one ends the sessions.", faults: faults).choice(
                    await UserPages.roles(context), value: user["role"]?.text),
                FormField(
                    "disabled", "Disabled", hint: "Nobody signs in with it; sessions and tokens are worth nothing."
                )
                .check(isOn: user.isTrue("disabled")),
                .submit("Save"),
            ])
    }

    private static func actions(_ user: JSONValue, _ context: PageContext) -> HTML {
        let name = user.word("name")
        func form(_ verb: String, _ title: String, asking question: String? = nil, style: String = "") -> HTML {
            .form(
                to: Link.to("/users", name, "/\(verb)"), by: context.visitor, style: "inline", question: question,
                .submit(title, style: style))
        }
        return .element(
            "div", ["class": "buttons"],
            [
                form(
                    "reset-password", "Reset password",
                    asking: "Sessions end, and the password so far is no good any more."),
                user.list("locks").isEmpty ? .nothing : form("unlock", "Unlock"),
                user.isTrue("totp") ? form("disable-totp", "Remove the authenticator") : .nothing,
                form(
                    "delete", "Delete user", asking: "Sessions and tokens of \(name) end with the account.",
                    style: "danger"),
            ])
    }

    static func change(_ context: PageContext) async throws -> PageResponse {
        let name = context.parameter("name")
        let body: JSONValue = [
            "fullName": .string(context.form["fullName"] ?? ""), "role": .string(context.form["role"] ?? ""),
            "disabled": .bool(context.form["disabled"] == "yes"),
        ]
        do throws(APIRefusal) {
            try await context.api.done(
                APIMessage("PATCH", ["users", name], ifMatch: context.form["revision"].map { "\"\($0)\"" }, body: body))
        } catch {
            return try await Self.page(context, after: try FormOutcome(error))
        }
        return .go(Link.to("/users/\(APIPath.escaped(name))", [(name: "done", value: "saved")]))
    }

    static func resetPassword(_ context: PageContext) async throws -> PageResponse {
        let name = context.parameter("name")
        let done = try await context.api.done(APIMessage("POST", ["users", name, "reset-password"], body: [:]))
        return await UserPages.password(done.value, context)
    }

    static func act(_ context: PageContext, _ verb: String, _ done: String) async throws -> PageResponse {
        let name = context.parameter("name")
        try await context.api.done(APIMessage("POST", ["users", name, verb]))
        return .go(Link.to("/users/\(APIPath.escaped(name))", [(name: "done", value: done)]))
    }

    static func delete(_ context: PageContext) async throws -> PageResponse {
        try await context.api.done(APIMessage("DELETE", ["users", context.parameter("name")]))
        return .go(Link.to("/users", [(name: "done", value: "deleted")]))
    }
}
