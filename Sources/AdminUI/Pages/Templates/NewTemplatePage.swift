import AdministrationAPI

/// Making a template, as a copy of another one that is then changed.
enum NewTemplatePage {
    static func page(
        _ context: PageContext,
        after outcome: FormOutcome = .none
    ) async throws -> PageResponse {
        let isSent = !context.form.all.isEmpty
        let original = context.form["from"] ?? context.query["from"] ?? "Default"
        let values =
            isSent ? TemplateForm.body(context.form) : try await context.api.get("templates", original).value
        let templates = await Names.templates(context).map { (value: $0, label: $0) }
        let choice = HTML.element(
            "form", ["method": "get", "action": Link.to("/templates/new"), "class": "filters"],
            [
                .element(
                    "div", ["class": "grow"],
                    [
                        .element("label", ["for": "original"], "A copy of"),
                        .element(
                            "select", ["name": "from", "id": "original"],
                            HTML(
                                templates.map { option in
                                    .element(
                                        "option",
                                        ["value": option.value, "selected": option.value == original ? "" : nil],
                                        HTML(option.label))
                                })),
                    ]), .submit("Take its settings", style: ""),
            ])
        let form = HTML.form(
            to: Link.to("/templates/new"), by: context.visitor,
            [
                .start("input", ["type": "hidden", "name": "from", "value": original]),
                FormField(
                    "name", "Name", hint: "Profiles and certificates refer to it by this name, for good.",
                    faults: outcome.faults, isRequired: true
                ).input(value: context.form["name"]),
                TemplateForm(values: values, faults: outcome.faults).html, .submit("Make template"),
            ])
        return await Shell(
            "Make a template", at: .templates, crumbs: [("Templates", Link.to("/templates"))],
            lead: "A copy of another one, changed as you like."
        ).page(context, status: outcome.status, [outcome.notice, .panel("Settings", [choice, .body(form)])])
    }

    static func make(_ context: PageContext) async throws -> PageResponse {
        var body = TemplateForm.body(context.form)
        body.append("name", .string(context.form["name"] ?? ""))
        if let original = context.form["from"] { body.append("from", .string(original)) }
        do throws(APIRefusal) {
            let made = try await context.api.done(APIMessage("POST", ["templates"], body: body)).value
            return .go(
                Link.to(
                    "/templates/\(APIPath.escaped(made.word("name")))", [(name: "done", value: "template-made")]))
        } catch {
            return try await Self.page(context, after: try FormOutcome(error))
        }
    }
}
