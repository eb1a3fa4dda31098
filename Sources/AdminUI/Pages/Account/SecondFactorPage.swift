/// What follows the first password of one's own: a second factor, for those who want one now.
enum SecondFactorPage {
    static func page(_ context: PageContext) -> PageResponse {
        let content: HTML = [
            .element("h1", "Add a second factor?"), Notices.html(for: context),
            .element(
                "p",
                "With an authenticator a stolen password is worth nothing: at every sign-in it shows a code that is good once."
            ),
            .element(
                "p", ["class": "soft"],
                "Every authenticator app knows how (TOTP). You can do it later, under your name."),
            .element(
                "div", ["class": "buttons"],
                [
                    .form(
                        to: Link.to("/account/authenticator"), by: context.visitor, style: "inline",
                        [AuthenticatorPages.firstVisit, .submit("Set up")]),
                    .button("Not now", to: Link.to("")),
                ]),
        ]
        return PageResponse(
            .page(AlonePage.html("Second factor", theme: context.request.theme, style: "wider", content)))
    }
}
