import AdministrationAPI

/// The frame of a page: where one is, who one is, and what the page is about.
struct Shell {
    var title: String
    var place: Navigation.Place?
    /// Where the page belongs: links above its title.
    var crumbs: [(title: String, address: String)] = []
    /// A number or badge beside the title.
    var mark: HTML = .nothing
    /// The main actions.
    var actions: HTML = .nothing
    /// One sentence below the title.
    var lead: HTML?

    init(
        _ title: String,
        at place: Navigation.Place? = nil,
        crumbs: [(title: String, address: String)] = [],
        mark: HTML = .nothing,
        actions: HTML = .nothing,
        lead: HTML? = nil
    ) {
        self.title = title
        self.place = place
        self.crumbs = crumbs
        self.mark = mark
        self.actions = actions
        self.lead = lead
    }

    /// The whole page.
    ///
    /// - Parameters:
    ///   - context: Who looks at it.
    ///   - status: The HTTP status.
    ///   - content: What is on it.
    /// - Returns: The page.
    func page(_ context: PageContext, status: Int = 200, _ content: HTML) async -> PageResponse {
        let visitor = context.visitor
        let navigation = Navigation(
            visitor: visitor, current: self.place, waiting: await Self.waiting(context))
        return PageResponse(
            status: status,
            .page(
                Self.document(
                    self.title, theme: context.request.theme,
                    [
                        .element("a", ["class": "skip", "href": "#main"], "To the content"),
                        .element(
                            "div", ["class": "frame"],
                            [
                                Self.side(navigation, visitor, context),
                                .element(
                                    "main", ["id": "main", "tabindex": "-1"],
                                    [self.head, Notices.html(for: context), content]),
                            ]),
                    ])))
    }

    /// How many requests wait, where the visitor may see them; nil for none.
    private static func waiting(_ context: PageContext) async -> String? {
        guard context.may("requests:read") else { return nil }
        let found = try? await context.api.get(
            "requests", "count", query: [("status", "pending"), ("atMost", "1000")])
        guard let count = found?.value["count"]?.integer, count > 0 else { return nil }
        return found?.value.isTrue("isExact") == true ? "\(count)" : "\(count)+"
    }

    /// A document with the style sheet and the scripts.
    static func document(_ title: String, theme: String?, _ body: HTML) -> HTML {
        HTML.document(
            language: "en", theme: theme, title: "\(title) · UCM", head: Assets.head, body: body)
    }

    private var head: HTML {
        .element(
            "header", ["class": "head"],
            [
                self.crumbs.isEmpty
                    ? .nothing
                    : .element(
                        "nav", ["class": "crumbs", "aria-label": "Where this belongs"],
                        HTML(self.crumbs.map { [.link($0.address, HTML($0.title)), " / "] })),
                .element("h1", HTML(self.title)), self.mark,
                .element("div", ["class": "actions"], self.actions),
                self.lead.map { .element("p", ["class": "lead"], $0) } ?? .nothing,
            ])
    }

    private static func side(_ navigation: Navigation, _ visitor: Visitor, _ context: PageContext) -> HTML {
        .element(
            "header", ["class": "side"],
            [
                .element("a", ["class": "brand", "href": Link.to("")], [Icon.brand, "UCM"]),
                .start("input", ["type": "checkbox", "class": "menu", "aria-label": "Show the menu"]),
                .element("nav", ["aria-label": "Pages"], navigation.html),
                .element(
                    "div", ["class": "who"],
                    [
                        .element(
                            "a", ["href": Link.to("/account"), "title": "Your password, authenticator and sessions"],
                            [
                                .element("strong", HTML(visitor.name)),
                                .element("span", ["class": "soft"], HTML(visitor.role)),
                            ]),
                        .element(
                            "div", ["class": "row"],
                            [
                                Self.themeForm(context),
                                .form(
                                    to: Link.to("/sign-out"), by: visitor, style: "inline",
                                    .submit("Sign out", style: "small")),
                            ]),
                    ]),
            ])
    }

    private static func themeForm(_ context: PageContext) -> HTML {
        let isDark = context.request.theme == "dark"
        return .form(
            to: Link.to("/theme"), by: context.visitor, style: "inline",
            .submit(isDark ? "Light" : "Dark", style: "small", name: "theme", value: isDark ? "light" : "dark"))
    }
}

/// What was done by the form that led here: a page says it once, by a word in its address.
enum Notices {
    private static let all: [String: (tone: Badge.Tone, text: String)] = [
        "approved": (.good, "Approved: the certificate is issued, and the device gets it when it asks again."),
        "recorded": (.wait, "Your approval is recorded; more are needed."),
        "rejected": (.good, "Rejected: the device is told so when it asks again."),
        "decided": (.good, "All of them are decided."),
        "ca-made": (.good, "The CA is made. Give it to a profile, so that devices get certificates from it."),
        "ca-imported": (.good, "The CA is imported. What it issued elsewhere is not known here."),
        "ca-installed": (.good, "The certificate is installed: the CA can issue."),
        "ca-requested": (.good, "The key and the request are made. Carry the request to the other CA."),
        "ca-request-given-up": (.good, "The request is given up, and its key is deleted."),
        "ca-default": (.good, "This is the default CA now."),
        "ca-retire": (.good, "Retired: it issues nothing more, and its CRL and OCSP go on."),
        "ca-reinstate": (.good, "It issues again."),
        "rollover-planned": (.good, "The next CA is announced to devices that ask for it."),
        "rollover-done": (.good, "The next CA has taken over: what is issued from now on comes from it."),
        "rollover-moved": (.good, "The rollover has another time."),
        "template-made": (.good, "The template is made. Give it to a profile, so that it is used."),
        "password": (.good, "Your password is changed. Your other sessions have ended."),
        "ended": (.good, "The session is over."),
        "saved": (.good, "Saved."), "deleted": (.good, "Deleted."),
        "user-unlocked": (.good, "Unlocked: the right password is good again."),
        "totp-disabled": (.good, "Removed: no code is asked for any more."),
        "password-given": (.good, "The password is set. It has to be changed at the next sign-in."),
        "token-revoked": (.good, "Revoked: whatever uses the token is refused from now on."),
        "address-cleared": (.good, "Forgotten: the address need not wait any more."),
        "challenges-removed": (.good, "Revoked: the profile has no static challenge any more."),
        "forgotten": (.good, "Forgotten. What is left can still be verified."),
        "challenge-revoked": (.good, "Revoked: nobody enrols with it any more."),
        "certificate-revoked": (.good, "Revoked: it is on the CRL within a second, and OCSP says so at once."),
        "certificates-revoked": (.good, "Revoked: they are on the CRL within a second, and OCSP says so at once."),
        "certificate-held": (.good, "On hold: it is on the CRL, and can be released again."),
        "certificate-released": (.good, "Released: it is valid again, and off the next CRL."),
    ]

    static func html(for context: PageContext) -> HTML {
        guard let notice = context.query["done"].flatMap({ Self.all[$0] }) else { return .nothing }
        return .notice(notice.tone, .element("p", HTML(notice.text)))
    }
}
