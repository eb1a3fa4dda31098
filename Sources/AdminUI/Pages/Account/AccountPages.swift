import AdministrationAPI

/// What belongs to whoever is signed in: the password, the authenticator, sessions, light and dark.
enum AccountPages {
    static let routes: [PageRoute] = [
        .page("/account", nil) { try await Self.account($0) },
        .page("/password", nil) { context in PasswordPage.page(context) },
        .form("/password", nil, PasswordPage.change),
        .form("/sign-out", nil, Self.signOut),
        .form("/theme", nil, Self.changeTheme),
        .form("/account/sessions/{id}/end", nil, Self.endSession),
        .page("/welcome", nil) { context in SecondFactorPage.page(context) },
        .form("/account/authenticator", nil, AuthenticatorPages.begin),
        .form("/account/authenticator/confirm", nil, AuthenticatorPages.confirm),
        .form("/account/authenticator/remove", nil, AuthenticatorPages.remove),
        .form("/account/recovery-codes", nil, AuthenticatorPages.makeRecoveryCodes),
    ]

    /// Whether a path is where the password is changed, or one signs out.
    static func isPassword(_ path: [String]) -> Bool { ["password", "sign-out", "theme"].contains(path.joined()) }

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

    /// The page of one's own account.
    static func account(_ context: PageContext, after outcome: FormOutcome = .none) async throws -> PageResponse {
        let session = try await context.api.get("session").value
        let sessions = try await context.api.get("sessions").value.list("items")
        let role = HTML(context.visitor.role)
        return await Shell("Your account", lead: "What is yours, and nobody else's to see or change.").page(
            context, status: outcome.status,
            [
                outcome.notice,
                .element(
                    "div", ["class": "columns"],
                    [
                        .panel(
                            "You", actions: .button("Change the password", to: Link.to("/password"), style: "small"),
                            .facts([
                                ("User", HTML(context.visitor.name)),
                                (
                                    "Role",
                                    context.may("users:read")
                                        ? .link(Link.to("/roles", context.visitor.role), role) : role
                                ),
                                ("Password", "whoever changes it ends all other sessions"),
                                ("Tokens", .link(Link.to("/tokens"), "for programs that act in your name")),
                            ])),
                        AuthenticatorPages.panel(session, context, outcome.faults),
                    ]),
                .panel(
                    "Sessions",
                    SessionTable.html("Your sessions", sessions, context) {
                        Link.to("/account/sessions", $0, "/end")
                    }),
            ])
    }

    private static func endSession(_ context: PageContext) async throws -> PageResponse {
        try await context.api.done(APIMessage("DELETE", ["sessions", context.parameter("id")]))
        return .go(Link.to("/account", [(name: "done", value: "ended")]))
    }
}
