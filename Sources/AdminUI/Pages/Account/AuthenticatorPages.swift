import AdministrationAPI

/// One's own authenticator: setting it up, its recovery codes, and doing without it again.
enum AuthenticatorPages {
    /// What the forms of a first visit have, so that it goes on to the dashboard.
    static let firstVisit = HTML.start("input", ["type": "hidden", "name": "first", "value": "yes"])

    private static let crumbs = [(title: "Your account", address: Link.to("/account"))]

    /// The panel of one's own page.
    static func panel(_ session: JSONValue, _ context: PageContext, _ faults: [String: String]) -> HTML {
        guard session.isTrue("totp") else {
            return .panel(
                "Authenticator",
                .body(
                    [
                        .paragraph(
                            "A second factor (TOTP): with it a stolen password is worth nothing. Every authenticator app "
                                + "knows it."),
                        .form(
                            to: Link.to("/account/authenticator"), by: context.visitor,
                            .submit("Set up an authenticator")),
                    ]))
        }
        let left = session.count("recoveryCodesLeft")
        return .panel(
            "Authenticator",
            .body(
                [
                    left < 3
                        ? .notice(
                            .wait,
                            .element(
                                "p", "\(left == 0 ? "No" : "\(left)") recovery codes are left: make new ones."))
                        : .nothing,
                    .element("p", "It is on: a code is asked for at every sign-in. Recovery codes left: \(left)."),
                    .form(
                        to: Link.to("/account/recovery-codes"), by: context.visitor,
                        [
                            FormField("password", "Password", faults: faults, isRequired: true).input(
                                "password", autocomplete: "current-password"),
                            .element(
                                "div", ["class": "buttons"],
                                [
                                    .submit("Make new recovery codes", style: ""),
                                    .submit(
                                        "Remove the authenticator", style: "danger",
                                        to: Link.to("/account/authenticator/remove"),
                                        question:
                                            "No code is asked for any more, and your other sessions end. Remove it?"),
                                ]),
                        ]),
                ]))
    }

    static func begin(_ context: PageContext) async throws -> PageResponse {
        let setup: JSONValue
        do throws(APIRefusal) {
            setup = try await context.api.done(APIMessage("POST", ["session", "totp"])).value
        } catch {
            return try await AccountPages.account(context, after: try FormOutcome(error))
        }
        return await Self.page(context, secret: setup["secret"]?.text ?? "", uri: setup["uri"]?.text ?? "")
    }

    private static func page(
        _ context: PageContext,
        secret: String,
        uri: String,
        after outcome: FormOutcome = .none
    ) async -> PageResponse {
        await Shell("Set up an authenticator", crumbs: Self.crumbs).page(
            context, status: outcome.status,
            .element(
                "div", ["class": "columns"],
                [
                    .panel(
                        "1. Give it the secret",
                        .body(
                            [
                                .element("p", "Let the authenticator look at this. It is shown only now."),
                                QRCode(uri)?.html("The secret as a QR code, for an authenticator's camera") ?? .nothing,
                                .element("p", "Or type this secret into it:"), .secret(secret),
                                .element("p", .link(uri, "Open it in an app on this device")),
                            ])),
                    .panel(
                        "2. Type the code that it shows",
                        .body(
                            .form(
                                to: Link.to("/account/authenticator/confirm"), by: context.visitor,
                                [
                                    .start("input", ["type": "hidden", "name": "secret", "value": secret]),
                                    .start("input", ["type": "hidden", "name": "uri", "value": uri]),
                                    context.form["first"] == nil ? .nothing : Self.firstVisit,
                                    FormField("code", "Code", faults: outcome.faults, isRequired: true).input(
                                        autocomplete: "one-time-code", focused: true),
                                    .submit("Switch it on"),
                                ]))),
                ]))
    }

    static func confirm(_ context: PageContext) async throws -> PageResponse {
        let body: JSONValue = ["code": .string(context.form["code"] ?? "")]
        do throws(APIRefusal) {
            let done = try await context.api.done(APIMessage("PUT", ["session", "totp"], body: body))
            return await Self.recoveryCodes(
                done.value.words("recoveryCodes"), "The authenticator is on", context,
                next: context.form["first"] == nil ? "/account" : "")
        } catch {
            return await Self.page(
                context, secret: context.form["secret"] ?? "", uri: context.form["uri"] ?? "",
                after: try FormOutcome(error))
        }
    }

    private static func recoveryCodes(
        _ codes: [String],
        _ title: String,
        _ context: PageContext,
        next: String = "/account"
    ) async -> PageResponse {
        await Shell(title, crumbs: Self.crumbs).page(
            context,
            .panel(
                "Recovery codes",
                .body(
                    [
                        .element(
                            "p", "Each of them is good once, where the authenticator is lost. They are shown only now."),
                        .lines(codes.joined(separator: "\n")),
                        .button("I have kept them", to: Link.to(next), style: "main"),
                    ])))
    }

    static func makeRecoveryCodes(_ context: PageContext) async throws -> PageResponse {
        let message = APIMessage("POST", ["session", "recovery-codes"], body: Self.password(context))
        do throws(APIRefusal) {
            let codes = try await context.api.done(message).value.words("recoveryCodes")
            return await Self.recoveryCodes(codes, "New recovery codes", context)
        } catch {
            return try await AccountPages.account(context, after: try FormOutcome(error))
        }
    }

    static func remove(_ context: PageContext) async throws -> PageResponse {
        let message = APIMessage("POST", ["session", "totp", "disable"], body: Self.password(context))
        do throws(APIRefusal) {
            try await context.api.done(message)
        } catch {
            return try await AccountPages.account(context, after: try FormOutcome(error))
        }
        return .go(Link.to("/account", [(name: "done", value: "totp-disabled")]))
    }

    private static func password(_ context: PageContext) -> JSONValue {
        ["password": .string(context.form.exact("password") ?? "")]
    }
}
