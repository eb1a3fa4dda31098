import AdministrationAPI

/// One user, with sessions and tokens, and what can be done with the account.
enum UserPage {
    static func page(
        _ context: PageContext,
        after outcome: FormOutcome = .none
    ) async throws -> PageResponse {
        let found = try await context.api.get("users", context.parameter("name"))
        let user = found.value
        let name = user.word("name")
        let canWrite = context.may("users:write")
        var first = [HTML.panel("User", Self.facts(user))]
        if canWrite {
            let values = FormValues(user, found.revision, context, after: outcome)
            first.append(.panel("Password", .body(Self.passwordForm(name, context, outcome.faults))))
            first.append(.panel("Change", .body(await Self.form(name, values, context, outcome.faults))))
        }
        return await Shell(
            name, at: .users, crumbs: [("Users", Link.to("/users"))], mark: UserPages.state(user),
            actions: [
                context.may("audit:read")
                    ? .button("In the audit log", to: Link.to("/audit", [(name: "actor", value: name)])) : .nothing,
                canWrite ? Self.actions(user, context) : .nothing,
            ]
        ).page(
            context, status: outcome.status,
            [
                outcome.notice, Self.locks(user), .element("div", ["class": "flow"], HTML(first)),
                try await Self.sessions(name, context), try await Self.tokens(name, context),
            ])
    }

    private static func facts(_ user: JSONValue) -> HTML {
        let role = user.word("role")
        return .facts([
            ("Name", user.fact("fullName")), ("Role", .link(Link.to("/roles", role), HTML(role))),
            ("Authenticator", user.isTrue("totp") ? "a code is asked for" : "none"),
            ("Recovery codes left", user.isTrue("totp") ? HTML(user.word("recoveryCodesLeft")) : nil),
            (
                "Password",
                [
                    "set ", .time(user["passwordChangedAt"]?.text),
                    user.isTrue("mustChangePassword") ? ", has to be changed" : .nothing,
                ]
            ),
            ("Last sign-in", .time(user["lastSignInAt"]?.text)), ("Made", .time(user["createdAt"]?.text)),
            ("Made by", HTML(user.word("createdBy"))),
        ])
    }

    private static func locks(_ user: JSONValue) -> HTML {
        HTML(
            user.list("locks").map { lock in
                .notice(
                    .wait,
                    .element(
                        "p",
                        [
                            "Locked from ", HTML(lock["address"]?.text ?? "everywhere"), " until ",
                            .time(lock["until"]?.text), " for wrong passwords.",
                        ]))
            })
    }

    private static func form(
        _ name: String,
        _ values: FormValues,
        _ context: PageContext,
        _ faults: [String: String]
    ) async -> HTML {
        .form(
            to: Link.to("/users", name), by: context.visitor,
            [
                values.revisionField,
                FormField("fullName", "Name", faults: faults).input(value: values.text("fullName")),
                FormField("role", "Role", hint: "Another one ends the sessions.", faults: faults).choice(
                    await UserPages.roles(context), value: values.text("role")),
                FormField(
                    "disabled", "Disabled", hint: "Nobody signs in with it; sessions and tokens are worth nothing."
                ).check(isOn: values.isOn("disabled")),
                .submit("Save"),
            ])
    }

    private static func passwordForm(_ name: String, _ context: PageContext, _ faults: [String: String]) -> HTML {
        .form(
            to: Link.to("/users", name, "/reset-password"), by: context.visitor,
            question: "Sessions of \(name) end, and the password so far is no good any more. Reset it?",
            [UserPages.passwordField(faults), .submit("Reset password", style: "")])
    }

    private static func actions(_ user: JSONValue, _ context: PageContext) -> HTML {
        let name = user.word("name")
        func form(_ verb: String, _ title: String, asking question: String? = nil, style: String = "") -> HTML {
            .form(
                to: Link.to("/users", name, "/\(verb)"), by: context.visitor, style: "inline", question: question,
                .submit(title, style: style))
        }
        return [
            user.list("locks").isEmpty ? .nothing : form("unlock", "Unlock"),
            user.isTrue("totp") && name != context.visitor.name
                ? form(
                    "disable-totp", "Remove the authenticator",
                    asking: "\(name) signs in with the password alone again, and the sessions end. Remove it?")
                : .nothing,
            form(
                "delete", "Delete user",
                asking:
                    "Sessions and tokens of \(name) end with the account. What \(name) did stays recorded. Delete it?",
                style: "danger"),
        ]
    }

    private static func sessions(_ name: String, _ context: PageContext) async throws(APIRefusal) -> HTML {
        let items = try await context.api.get("sessions", query: [("user", name), ("limit", "50")]).value.list("items")
        guard !items.isEmpty else {
            return .panel("Sessions", .empty("No session", .element("p", HTML("\(name) is not signed in anywhere."))))
        }
        let end = { (id: String) in Link.to("/users", name, "/sessions/\(id)/end") }
        return .panel(
            "Sessions",
            SessionTable.html("Sessions of \(name)", items, context, end: context.may("users:write") ? end : nil))
    }

    private static func tokens(_ name: String, _ context: PageContext) async throws(APIRefusal) -> HTML {
        let found = try await context.api.get("tokens", query: [("user", name), ("limit", "10")]).value
        let items = found.list("items")
        let all = HTML.button("All of them", to: Link.to("/tokens", [(name: "user", value: name)]), style: "small")
        guard !items.isEmpty else {
            return .panel("Tokens", .empty("No token", .element("p", HTML("No program acts in the name of \(name)."))))
        }
        return .panel(
            "Tokens", actions: found["next"]?.text == nil ? .nothing : all,
            TokenPages.table("Tokens of \(name)", items, context, from: name).html)
    }

    // MARK: What is done

    static func change(_ context: PageContext) async throws -> PageResponse {
        let body: JSONValue = [
            "fullName": .string(context.form["fullName"] ?? ""), "role": .string(context.form["role"] ?? ""),
            "disabled": .bool(context.form["disabled"] == "yes"),
        ]
        let message = APIMessage(
            "PATCH", ["users", context.parameter("name")], ifMatch: FormValues.expected(context.form), body: body)
        return try await Self.done(message, context, "saved", keepsForm: true)
    }

    static func resetPassword(_ context: PageContext) async throws -> PageResponse {
        var body: JSONValue = [:]
        if let password = context.form["password"] { body.append("password", .string(password)) }
        let message = APIMessage("POST", ["users", context.parameter("name"), "reset-password"], body: body)
        do throws(APIRefusal) {
            return await UserPages.password(try await context.api.done(message).value, context)
        } catch {
            return try await Self.refused(error, context)
        }
    }

    static func act(_ context: PageContext, _ verb: String, _ done: String) async throws -> PageResponse {
        try await Self.done(APIMessage("POST", ["users", context.parameter("name"), verb]), context, done)
    }

    static func endSession(_ context: PageContext) async throws -> PageResponse {
        try await Self.done(APIMessage("DELETE", ["sessions", context.parameter("id")]), context, "ended")
    }

    static func delete(_ context: PageContext) async throws -> PageResponse {
        do throws(APIRefusal) {
            try await context.api.done(APIMessage("DELETE", ["users", context.parameter("name")]))
        } catch {
            return try await Self.refused(error, context)
        }
        return .go(Link.to("/users", [(name: "done", value: "deleted")]))
    }

    private static func done(
        _ message: APIMessage,
        _ context: PageContext,
        _ word: String,
        keepsForm: Bool = false
    ) async throws -> PageResponse {
        do throws(APIRefusal) {
            try await context.api.done(message)
        } catch {
            return try await Self.refused(error, context, keepsForm: keepsForm)
        }
        let name = APIPath.escaped(context.parameter("name"))
        return .go(Link.to("/users/\(name)", [(name: "done", value: word)]))
    }

    /// The page again, with what was wrong; what was typed into the first form only where that one was sent.
    private static func refused(
        _ refusal: APIRefusal,
        _ context: PageContext,
        keepsForm: Bool = false
    ) async throws -> PageResponse {
        guard refusal.code != "not-found" else { throw refusal }
        var outcome = try FormOutcome(refusal)
        outcome.keepsWhatWasTyped = outcome.keepsWhatWasTyped && keepsForm
        return try await Self.page(context, after: outcome)
    }
}
