import AdministrationAPI

/// One role: what it permits, and who has it.
enum RolePage {
    static func page(
        _ context: PageContext,
        after outcome: FormOutcome = .none
    ) async throws -> PageResponse {
        let found = try await context.api.get("roles", context.parameter("name"))
        let role = found.value
        let name = role.word("name")
        let permissions = Set(role.words("permissions"))
        let choices = try await PermissionChoices(context)
        let beyond = permissions.filter { !context.may($0) }.sorted()
        let isOurs = !role.isTrue("builtIn") && context.may("users:write")
        var parts: [HTML] = [outcome.notice]
        if isOurs && beyond.isEmpty {
            let values = FormValues(role, found.revision, context, after: outcome)
            parts.append(.panel("Role", .body(Self.form(name, values, choices, context, outcome.faults))))
        } else {
            if isOurs {
                parts.append(
                    .notice(
                        .wait,
                        .paragraph(
                            "This role permits what you may not do yourself, so somebody else has to change it: "
                                + beyond.map { "`\($0)`" }.joined(separator: ", ") + ".")))
            }
            parts.append(
                .panel(
                    "What it permits",
                    [
                        role["description"]?.text.map { .body(.element("p", HTML($0))) } ?? .nothing,
                        choices.facts(permissions),
                    ]))
        }
        parts.append(Self.users(role))
        let deletion = HTML.form(
            to: Link.to("/roles", name, "/delete"), by: context.visitor, style: "inline",
            question: "Nobody has the role \(name). Delete it?", .submit("Delete role", style: "danger"))
        return await Shell(
            name, at: .users, crumbs: RolePages.crumbs,
            mark: role.isTrue("builtIn") ? .element("span", ["class": "badge over"], "built in") : .nothing,
            actions: isOurs && role.words("users").isEmpty ? deletion : .nothing
        ).page(context, status: outcome.status, HTML(parts))
    }

    private static func form(
        _ name: String,
        _ values: FormValues,
        _ choices: PermissionChoices,
        _ context: PageContext,
        _ faults: [String: String]
    ) -> HTML {
        .form(
            to: Link.to("/roles", name), by: context.visitor,
            [
                values.revisionField,
                FormField("description", "What it is for", faults: faults).input(value: values.text("description")),
                .element("h3", "What it permits"),
                .element("p", ["class": "soft"], "A change holds at once for everybody who has the role."),
                choices.boxes(
                    "permissions", ticked: Set(values.texts("permissions")), fault: faults["permissions"],
                    isOffered: context.may),
                .submit("Save"),
            ])
    }

    private static func users(_ role: JSONValue) -> HTML {
        let users = role.words("users")
        guard !users.isEmpty else {
            return .panel("Users", .empty("Nobody has it", .element("p", "Give it to a user on the user's page.")))
        }
        let links = users.map { HTML.element("li", .link(Link.to("/users", $0), HTML($0))) }
        return .panel(
            HTML(users.count == 1 ? "One user has it" : "\(users.count) users have it"),
            .body(.element("ul", ["class": "plain"], HTML(links))))
    }

    static func change(_ context: PageContext) async throws -> PageResponse {
        let name = context.parameter("name")
        let body: JSONValue = [
            "description": .string(context.form["description"] ?? ""),
            "permissions": .array(context.form.values("permissions").map(JSONValue.string)),
        ]
        do throws(APIRefusal) {
            try await context.api.done(
                APIMessage("PATCH", ["roles", name], ifMatch: FormValues.expected(context.form), body: body))
        } catch {
            return try await Self.page(context, after: try FormOutcome(error))
        }
        return .go(Link.to("/roles/\(APIPath.escaped(name))", [(name: "done", value: "saved")]))
    }

    static func delete(_ context: PageContext) async throws -> PageResponse {
        do throws(APIRefusal) {
            try await context.api.done(APIMessage("DELETE", ["roles", context.parameter("name")]))
        } catch {
            return try await Self.page(context, after: try FormOutcome(error))
        }
        return .go(Link.to("/roles", [(name: "done", value: "deleted")]))
    }
}
