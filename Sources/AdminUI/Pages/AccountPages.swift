import AdministrationAPI

/// What belongs to whoever is signed in: the password, the authenticator, sessions, light and dark.
enum AccountPages {
    static let routes: [PageRoute] = [
        .page("/account", nil, Self.account),
        .page("/password", nil) { context in Self.passwordPage(context) },
        .form("/password", nil, Self.changePassword),
        .form("/sign-out", nil, Self.signOut),
        .form("/theme", nil, Self.changeTheme),
        .form("/account/sessions/{id}/end", nil, Self.endSession),
        .form("/account/authenticator", nil, Self.beginAuthenticator),
        .form("/account/authenticator/confirm", nil, Self.confirmAuthenticator),
        .form("/account/authenticator/remove", nil, Self.removeAuthenticator),
    ]

    /// Whether a path is where the password is changed, or one signs out.
    static func isPassword(_ path: [String]) -> Bool { ["password", "sign-out", "theme"].contains(path.joined()) }

    // MARK: The password

    private static func passwordPage(
        _ context: PageContext,
        after outcome: FormOutcome = .none
    ) -> PageResponse {
        let isFirst = context.visitor.mustChangePassword
        let content: HTML = [
            .element("h1", isFirst ? "Choose a password of your own" : "Change your password"),
            isFirst
                ? .element(
                    "p", "The one that you have was given out by somebody else, so nothing else can be done with it.")
                : .nothing,
            outcome.notice,
            .form(
                to: Link.to("/password"), by: context.visitor,
                [
                    FormField("oldPassword", "Password so far", faults: outcome.faults, isRequired: true).input(
                        "password", autocomplete: "current-password", focused: true),
                    FormField(
                        "newPassword", "New password", hint: "At least 12 characters. Several words are fine.",
                        faults: outcome.faults, isRequired: true
                    ).input("password", autocomplete: "new-password"),
                    FormField("again", "New password again", faults: outcome.faults, isRequired: true).input(
                        "password", autocomplete: "new-password"),
                    .submit("Change the password"),
                ]),
        ]
        return PageResponse(
            status: outcome.status, .page(AlonePage.html("Password", theme: context.request.theme, content)))
    }

    private static func changePassword(_ context: PageContext) async throws -> PageResponse {
        let (old, new) = (context.form.exact("oldPassword") ?? "", context.form.exact("newPassword") ?? "")
        guard new == context.form.exact("again") else {
            return Self.passwordPage(context, after: FormOutcome("again", "It is not the same as above."))
        }
        let body: JSONValue = ["oldPassword": .string(old), "newPassword": .string(new)]
        do throws(APIRefusal) {
            try await context.api.done(APIMessage("PUT", ["session", "password"], body: body))
        } catch {
            return Self.passwordPage(context, after: try FormOutcome(error))
        }
        return .go(Link.to("", [(name: "done", value: "password")]))
    }

    private static func signOut(_ context: PageContext) async throws -> PageResponse {
        let result = try await context.api.done(APIMessage("DELETE", ["session"]))
        return .go(Link.to("/sign-in"), cookies: [result.cookie].compactMap(\.self))
    }

    private static func changeTheme(_ context: PageContext) async throws -> PageResponse {
        let theme = context.form["theme"] == "dark" ? "dark" : "light"
        return .go(
            Link.to(""),
            cookies: ["ucm-theme=\(theme); Path=\(AdminPages.root); Max-Age=31536000; Secure; SameSite=Lax"])
    }

    // MARK: The account

    private static func account(_ context: PageContext) async throws -> PageResponse {
        let sessions = try await context.api.get("sessions")
        let items = sessions.value["items"]?.array ?? []
        let table = Table(
            caption: "Your sessions",
            columns: [.init("Began"), .init("Last used"), .init("From", "mono"), .init("Program"), .init("")],
            rows: items.map { session in
                let id = session["id"]?.integer ?? 0
                let isCurrent = session["current"]?.bool == true
                return Table.Row(
                    address: nil,
                    cells: [
                        .time(session["createdAt"]?.text), .time(session["lastUsedAt"]?.text),
                        .mono(session["address"]?.text ?? "–"), HTML(session["userAgent"]?.text ?? "–"),
                        isCurrent
                            ? .element("span", ["class": "badge good"], "this one")
                            : .form(
                                to: Link.to("/account/sessions/\(id)/end"), by: context.visitor, style: "inline",
                                .submit("End", style: "small")),
                    ])
            })
        return await Shell("Your account").page(
            context,
            [
                .panel(
                    "Password", actions: .button("Change it", to: Link.to("/password"), style: "small"),
                    .body(.element("p", "Whoever changes the password ends all other sessions."))),
                .panel("Authenticator", .body(Self.authenticator(context))),
                .panel("Sessions", table.html),
            ])
    }

    private static func authenticator(_ context: PageContext) -> HTML {
        [
            .paragraph(
                "A second factor (TOTP): with it a stolen password is worth nothing. Every authenticator app knows it."),
            .form(
                to: Link.to("/account/authenticator"), by: context.visitor, style: "inline",
                .submit("Set up an authenticator", style: "")),
            .element("h3", "Without one again"),
            .form(
                to: Link.to("/account/authenticator/remove"), by: context.visitor,
                [
                    FormField("password", "Password", isRequired: true).input(
                        "password", autocomplete: "current-password"),
                    .submit("Remove the authenticator", style: "danger"),
                ]),
        ]
    }

    private static func endSession(_ context: PageContext) async throws -> PageResponse {
        try await context.api.done(APIMessage("DELETE", ["sessions", context.parameter("id")]))
        return .go(Link.to("/account", [(name: "done", value: "ended")]))
    }

    private static func beginAuthenticator(_ context: PageContext) async throws -> PageResponse {
        let setup = try await context.api.done(APIMessage("POST", ["session", "totp"]))
        return await Self.authenticatorPage(
            context, secret: setup.value["secret"]?.text ?? "", uri: setup.value["uri"]?.text ?? "")
    }

    private static func authenticatorPage(
        _ context: PageContext,
        secret: String,
        uri: String,
        after outcome: FormOutcome = .none
    ) async -> PageResponse {
        await Shell("Set up an authenticator", crumbs: [("Your account", Link.to("/account"))]).page(
            context, status: outcome.status,
            .panel(
                "Two steps",
                .body(
                    [
                        .element("p", "1. Give this secret to the authenticator. It is shown only now."),
                        .secret(secret), .element("p", .link(uri, "Open it in an app on this device")),
                        .element("p", "2. Type the code that it shows."),
                        .form(
                            to: Link.to("/account/authenticator/confirm"), by: context.visitor,
                            [
                                .start("input", ["type": "hidden", "name": "secret", "value": secret]),
                                .start("input", ["type": "hidden", "name": "uri", "value": uri]),
                                FormField("code", "Code", faults: outcome.faults, isRequired: true).input(
                                    autocomplete: "one-time-code", focused: true),
                                .submit("Switch it on"),
                            ]),
                    ])))
    }

    private static func confirmAuthenticator(_ context: PageContext) async throws -> PageResponse {
        let body: JSONValue = ["code": .string(context.form["code"] ?? "")]
        do throws(APIRefusal) {
            let done = try await context.api.done(APIMessage("PUT", ["session", "totp"], body: body))
            let codes = (done.value["recoveryCodes"]?.array ?? []).compactMap(\.text)
            return await Shell("The authenticator is on", crumbs: [("Your account", Link.to("/account"))]).page(
                context,
                .panel(
                    "Recovery codes",
                    .body(
                        [
                            .element(
                                "p",
                                "Each of them is good once, where the authenticator is lost. They are shown only now."),
                            .lines(codes.joined(separator: "\n")),
                            .button("I have kept them", to: Link.to("/account"), style: "main"),
                        ])))
        } catch {
            return await Self.authenticatorPage(
                context, secret: context.form["secret"] ?? "", uri: context.form["uri"] ?? "",
                after: try FormOutcome(error))
        }
    }

    private static func removeAuthenticator(_ context: PageContext) async throws -> PageResponse {
        let body: JSONValue = ["password": .string(context.form.exact("password") ?? "")]
        try await context.api.done(APIMessage("POST", ["session", "totp", "disable"], body: body))
        return .go(Link.to("/account"))
    }
}
