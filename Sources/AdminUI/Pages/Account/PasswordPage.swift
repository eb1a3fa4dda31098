import AdministrationAPI

/// Changing one's own password.
enum PasswordPage {
    static func page(_ context: PageContext, after outcome: FormOutcome = .none) -> PageResponse {
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

    static func change(_ context: PageContext) async throws -> PageResponse {
        let (old, new) = (context.form.exact("oldPassword") ?? "", context.form.exact("newPassword") ?? "")
        guard new == context.form.exact("again") else {
            return Self.page(context, after: FormOutcome("again", "It is not the same as above."))
        }
        let body: JSONValue = ["oldPassword": .string(old), "newPassword": .string(new)]
        do throws(APIRefusal) {
            try await context.api.done(APIMessage("PUT", ["session", "password"], body: body))
        } catch {
            return Self.page(context, after: try FormOutcome(error))
        }
        let done = [(name: "done", value: "password")]
        return .go(context.visitor.mustChangePassword ? Link.to("/welcome", done) : Link.to("", done))
    }
}
