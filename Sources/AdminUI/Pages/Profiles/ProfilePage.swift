import AdministrationAPI

/// One profile: what devices need for it, its static challenge, and its settings.
enum ProfilePage {
    static func page(
        _ context: PageContext,
        after outcome: FormOutcome = .none
    ) async throws -> PageResponse {
        let found = try await context.api.get("profiles", context.parameter("name"))
        let profile = found.value
        let name = profile.word("name")
        let values = FormValues(profile, found.revision, context, after: outcome)
        let deletion = HTML.form(
            to: Link.to("/profiles", name, "/delete"), by: context.visitor, style: "inline",
            question:
                "Devices that ask at \(profile.word("path")) are answered no more. Certificates of this profile stay, "
                + "and cannot be renewed any more. Delete it?",
            .submit("Delete profile", style: "danger"))
        return await Shell(
            name, at: .profiles, crumbs: [("SCEP Configuration", Link.to("/profiles"))],
            mark: ProfilePages.badge(profile),
            actions: [
                context.may("requests:read")
                    ? .button("Requests", to: Link.to("/requests", [(name: "profile", value: name)])) : .nothing,
                .button("Try the rules", to: Link.to("/profiles", name, "/explain")),
                context.may("profiles:write") ? deletion : .nothing,
            ]
        ).page(
            context, status: outcome.status,
            [
                outcome.notice, profile["warning"]?.text.map { .notice(.wait, .element("p", HTML($0))) } ?? .nothing,
                .element(
                    "div", ["class": "columns"],
                    [Self.needs(profile, context), StaticChallenge.panel(profile, context, outcome)]),
                try await Self.settings(profile, values, context, outcome.faults),
            ])
    }

    private static func needs(_ profile: JSONValue, _ context: PageContext) -> HTML {
        .panel(
            "What devices need",
            actions: .button("Set up a device", to: Link.to("/devices", profile.word("name")), style: "small"),
            .body([.element("h3", "SCEP URL"), .lines(context.request.scepURL(profile.word("path")))]))
    }

    private static func settings(
        _ profile: JSONValue,
        _ values: FormValues,
        _ context: PageContext,
        _ faults: [String: String]
    ) async throws -> HTML {
        guard context.may("profiles:write") else {
            let panels = ProfileSettings.groups().map { HTML.panel(HTML($0.title), $0.facts(values)) }
            return .element("div", ["class": "flow"], HTML(panels))
        }
        let groups = ProfileSettings.groups(
            authorities: await Names.authorities(context), templates: await Names.templates(context))
        let panels = groups.map { HTML.panel(HTML($0.title), .body($0.fields(values, faults))) }
        return .form(
            to: Link.to("/profiles", profile.word("name")), by: context.visitor,
            [
                values.revisionField, .element("div", ["class": "flow"], HTML(panels)),
                .element("div", ["class": "save"], .submit("Save settings")),
            ])
    }

    static func change(_ context: PageContext) async throws -> PageResponse {
        let name = context.parameter("name")
        let message = APIMessage(
            "PATCH", ["profiles", name], ifMatch: FormValues.expected(context.form),
            body: ProfileSettings.groups().change(context.form))
        do throws(APIRefusal) {
            try await context.api.done(message)
        } catch {
            return try await Self.page(context, after: try FormOutcome(error))
        }
        return .go(Link.to("/profiles/\(APIPath.escaped(name))", [(name: "done", value: "saved")]))
    }

    static func delete(_ context: PageContext) async throws -> PageResponse {
        do throws(APIRefusal) {
            try await context.api.done(APIMessage("DELETE", ["profiles", context.parameter("name")]))
        } catch {
            return try await Self.page(context, after: try FormOutcome(error))
        }
        return .go(Link.to("/profiles", [(name: "done", value: "deleted")]))
    }
}
