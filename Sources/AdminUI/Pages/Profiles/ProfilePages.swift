import AdministrationAPI

/// Profiles: the SCEP endpoints and how each of them decides.
enum ProfilePages {
    static let routes: [PageRoute] = [
        .page("/profiles", "profiles:read", Self.list),
        .page("/profiles/new", "profiles:write") { try await Self.newPage($0) },
        .form("/profiles/new", "profiles:write", Self.make),
        .page("/profiles/{name}", "profiles:read") { try await ProfilePage.page($0) },
        .form("/profiles/{name}", "profiles:write", ProfilePage.change),
        .form("/profiles/{name}/challenge", "profiles:write", StaticChallenge.replace),
        .form("/profiles/{name}/challenge/remove", "profiles:write", StaticChallenge.remove),
        .page("/profiles/{name}/explain", "profiles:read") { try await ExplainPage.page($0) },
        .form("/profiles/{name}/explain", "profiles:read", ExplainPage.explain),
        .form("/profiles/{name}/delete", "profiles:write", ProfilePage.delete),
    ]

    private static func list(_ context: PageContext) async throws -> PageResponse {
        let found = try await context.api.get("profiles", query: [("after", context.query["after"]), ("limit", "100")])
            .value
        let items = found.list("items")
        let table = Table(
            caption: "Profiles, by name",
            columns: [
                .init("Profile", "name", isLabelled: false), .init("Approval", "state", isLabelled: false),
                .init("Path", "mono"), .init("CA"), .init("Template"), .init("Level"),
                .init("Static challenges", "number"),
                .init("What one should know", "wider"),
            ],
            rows: items.map { profile in
                let address = Link.to("/profiles", profile.word("name"))
                return Table.Row(
                    address: address,
                    cells: [
                        .link(address, HTML(profile.word("name"))), Self.badge(profile),
                        .element(
                            "span", ["title": context.request.scepURL(profile.word("path"))],
                            HTML(profile.word("path"))), HTML(profile.word("ca")),
                        HTML(profile.word("template")), HTML(profile.word("algorithmLevel")),
                        HTML(profile.word("staticChallenges")),
                        .element("span", ["title": profile["warning"]?.text], HTML(profile["warning"]?.text ?? "")),
                    ])
            })
        return await Shell(
            "SCEP Configuration", at: .profiles,
            actions: context.may("profiles:write")
                ? .button("Make a profile", to: Link.to("/profiles/new"), style: "main") : .nothing,
            lead: "A profile is a SCEP endpoint with settings of its own."
        ).page(
            context,
            Listing(
                path: "/profiles", query: context.query, table: table,
                empty: ("No profile", "Without one no device can enrol."),
                next: found["next"]?.text
            ).html)
    }

    /// What becomes of requests that the rules grant; where the profile is switched off, that.
    static func badge(_ profile: JSONValue) -> HTML {
        profile.isTrue("enabled") ? Badge.of(profile.word("approval")) : Badge.disabled.html
    }

    private static func newPage(
        _ context: PageContext,
        after outcome: FormOutcome = .none
    ) async throws -> PageResponse {
        let authorities = [("", "the default one")] + (await Names.authorities(context)).map { ($0, $0) }
        let templates = await Names.templates(context).map { ($0, $0) }
        let content = HTML.form(
            to: Link.to("/profiles/new"), by: context.visitor,
            [
                FormField(
                    "name", "Name", hint: "It is in the URL: `/scep/name`. a to z, 0 to 9 and -.",
                    faults: outcome.faults,
                    isRequired: true
                ).input(value: context.form["name"], focused: true),
                FormField("ca", "CA", faults: outcome.faults).choice(authorities, value: context.form["ca"] ?? ""),
                FormField("template", "Template", faults: outcome.faults).choice(
                    templates, value: context.form["template"] ?? "Default"),
                FormField("approval", "Requests that the rules grant", faults: outcome.faults).choice(
                    ProfileSettings.approvals, value: context.form["approval"] ?? "automatic"),
                FormField("withoutChallenge", "No static challenge", hint: "Devices get one each.").check(
                    isOn: context.form["withoutChallenge"] == "yes"),
                .submit("Make profile"),
            ])
        return await Shell(
            "Make a profile", at: .profiles, crumbs: [("SCEP Configuration", Link.to("/profiles"))]
        ).page(context, status: outcome.status, [outcome.notice, .panel("Profile", .body(content))])
    }

    private static func make(_ context: PageContext) async throws -> PageResponse {
        let form = context.form
        var body: JSONValue = [
            "name": .string(form["name"] ?? ""), "template": .string(form["template"] ?? ""),
            "approval": .string(form["approval"] ?? ""),
        ]
        if let authority = form["ca"] { body.append("ca", .string(authority)) }
        if form["withoutChallenge"] == "yes" { body.append("withoutChallenge", true) }
        do throws(APIRefusal) {
            let made = try await context.api.done(APIMessage("POST", ["profiles"], body: body)).value
            return await Self.made(form["name"] ?? "", challenge: made["challenge"]?.text, context)
        } catch {
            return try await Self.newPage(context, after: try FormOutcome(error))
        }
    }

    /// A static challenge that was generated, for once, beside what a device needs besides.
    static func made(_ name: String, challenge: String?, _ context: PageContext) async -> PageResponse {
        await Shell(name, at: .profiles, crumbs: [("SCEP Configuration", Link.to("/profiles"))]).page(
            context,
            .panel(
                "What devices need",
                .body(
                    [
                        .element("h3", "SCEP URL"), .lines(context.request.scepURL(ofProfile: name)),
                        challenge.map { secret in
                            [.element("h3", "Challenge, shown only now"), .secret(secret)]
                        } ?? .nothing,
                        .button("To the profile", to: Link.to("/profiles", name)),
                    ])))
    }
}
