import AdministrationAPI
import Foundation

/// Making a token of one's own.
enum NewTokenPage {
    /// How long a token is good where nobody says anything else.
    private static let usualDays = 90

    static func page(
        _ context: PageContext,
        after outcome: FormOutcome = .none
    ) async throws -> PageResponse {
        let choices = try await PermissionChoices(context)
        let usual = context.now.addingTimeInterval(Double(Self.usualDays) * 86_400)
        let form = HTML.form(
            to: Link.to("/tokens/new"), by: context.visitor,
            [
                FormField(
                    "name", "What it is for", hint: "A program or a purpose: `deploy`.", faults: outcome.faults,
                    isRequired: true
                ).input(value: context.form["name"], autocomplete: "off", focused: true),
                FormField(
                    "expiresAt", "Ends on", hint: "Worth nothing from the beginning of that day (UTC). Empty: never.",
                    faults: outcome.faults
                ).input(
                    "date",
                    value: context.form.exact("expiresAt") ?? usual.formatted(.iso8601.year().month().day())),
                .element("h3", "What it may do"),
                .element(
                    "p", ["class": "soft"],
                    "As far as you may do it yourself: if your role is changed, the token follows."),
                choices.boxes(
                    "scopes", ticked: Set(context.form.values("scopes")), fault: outcome.faults["scopes"],
                    isOffered: context.may),
                .submit("Make token"),
            ])
        return await Shell("Make a token", at: .tokens, crumbs: [("Tokens", Link.to("/tokens"))]).page(
            context, status: outcome.status, [outcome.notice, .panel("Token", .body(form))])
    }

    static func make(_ context: PageContext) async throws -> PageResponse {
        let form = context.form
        let body: JSONValue = [
            "name": .string(form["name"] ?? ""),
            "scopes": .array(form.values("scopes").map(JSONValue.string)),
            "expiresAt": .text(ifPresent: form["expiresAt"]),
        ]
        do throws(APIRefusal) {
            let made = try await context.api.done(APIMessage("POST", ["tokens"], body: body)).value
            return await Self.made(made, context)
        } catch {
            return try await Self.page(context, after: try FormOutcome(error))
        }
    }

    private static func made(_ token: JSONValue, _ context: PageContext) async -> PageResponse {
        let secret = token.word("token")
        let line = "curl -H 'Authorization: Bearer \(secret)' \\\n    \(context.request.origin)\(APIPath.root)/session"
        return await Shell(
            token.word("name"), at: .tokens, crumbs: [("Tokens", Link.to("/tokens"))], mark: Badge.usable.html
        ).page(
            context,
            [
                .notice(
                    .wait, .element("p", "The token is shown only now, and is kept in no form that could be read.")),
                .panel("The token", .body(.secret(secret))),
                .panel(
                    "Try it",
                    .body(
                        [
                            .element("p", "This answers who the token is, and what it may do:"), .lines(line),
                            .element(
                                "div", ["class": "buttons"],
                                [
                                    .button("I have kept it", to: Link.to("/tokens"), style: "main"),
                                    .element("a", ["class": "button", "href": "/api/docs"], "What the API can"),
                                ]),
                        ])),
            ])
    }
}
