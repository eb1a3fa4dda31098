import AdministrationAPI

/// One template and its settings.
enum TemplatePage {
    static func page(
        _ context: PageContext,
        after outcome: FormOutcome = .none,
        keepsForm: Bool = false
    ) async throws -> PageResponse {
        let found = try await context.api.get("templates", context.parameter("name"))
        let template = found.value
        let name = template.word("name")
        let canWrite = context.may("templates:write")
        let isOwn = !template.isTrue("builtIn")
        var parts: [HTML] = [
            outcome.notice,
            UsesPanel.html(
                profiles: template.words("profiles"), certificatesBy: (name: "template", value: template.word("name")),
                context),
        ]
        if canWrite, isOwn {
            let typed = keepsForm ? context.form : nil
            let form = TemplateForm(
                values: typed.map(TemplateForm.body) ?? template, faults: outcome.faults)
            parts.append(
                .panel(
                    "Settings",
                    .body(
                        .form(
                            to: Link.to("/templates", name), by: context.visitor,
                            [
                                .start(
                                    "input",
                                    [
                                        "type": "hidden", "name": "revision",
                                        "value": typed?["revision"] ?? found.revision,
                                    ]), form.html, .submit("Save settings"),
                            ]))))
            parts.append(.panel("Actions", .body(Self.actions(name, found.revision, context))))
        } else {
            parts.append(.panel("Settings", .facts(TemplateFacts.all(template))))
        }
        return await Shell(
            name, at: .templates, crumbs: [("Templates", Link.to("/templates"))], mark: TemplatePages.kind(template),
            actions: canWrite
                ? .button("Make a copy", to: Link.to("/templates/new", [(name: "from", value: name)])) : .nothing,
            lead: canWrite && !isOwn ? "It is built in and stays as it is; a copy can be changed." : nil
        ).page(context, status: outcome.status, HTML(parts))
    }

    private static func actions(_ name: String, _ revision: String?, _ context: PageContext) -> HTML {
        .form(
            to: Link.to("/templates", name, "/delete"), by: context.visitor,
            question: "Certificates that were issued by it stay as they are. Delete the template?",
            [
                .element(
                    "p", "It goes only when nothing uses it: no profile, no challenge that is still good, no request."),
                .start("input", ["type": "hidden", "name": "revision", "value": revision]),
                .submit("Delete template", style: "danger"),
            ])
    }

    // MARK: What is done

    private static func ifMatch(_ context: PageContext) -> String? { context.form["revision"].map { "\"\($0)\"" } }

    static func change(_ context: PageContext) async throws -> PageResponse {
        let name = context.parameter("name")
        let message = APIMessage(
            "PATCH", ["templates", name], ifMatch: Self.ifMatch(context), body: TemplateForm.body(context.form))
        do throws(APIRefusal) {
            try await context.api.done(message)
        } catch {
            // Where somebody else was faster, what there is now is shown: what was typed would undo it unseen.
            return try await Self.page(
                context, after: try FormOutcome(error), keepsForm: error.code != "changed-meanwhile")
        }
        return .go(Link.to("/templates/\(APIPath.escaped(name))", [(name: "done", value: "saved")]))
    }

    static func delete(_ context: PageContext) async throws -> PageResponse {
        let name = context.parameter("name")
        do throws(APIRefusal) {
            try await context.api.done(APIMessage("DELETE", ["templates", name], ifMatch: Self.ifMatch(context)))
        } catch {
            return try await Self.page(context, after: try FormOutcome(error))
        }
        return .go(Link.to("/templates", [(name: "done", value: "deleted")]))
    }
}
