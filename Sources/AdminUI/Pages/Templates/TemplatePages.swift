import AdministrationAPI

/// Templates: the list, and where everything of them is.
enum TemplatePages {
    static let routes: [PageRoute] = [
        .page("/templates", "templates:read", Self.list),
        .page("/templates/new", "templates:write") { try await NewTemplatePage.page($0) },
        .form("/templates/new", "templates:write", NewTemplatePage.make),
        .page("/templates/{name}", "templates:read") { try await TemplatePage.page($0) },
        .form("/templates/{name}", "templates:write", TemplatePage.change),
        .form("/templates/{name}/delete", "templates:write", TemplatePage.delete),
    ]

    /// A link to the page of a template, for those who may see it.
    static func link(_ name: String, _ context: PageContext) -> HTML {
        context.may("templates:read") ? .link(Link.to("/templates", name), HTML(name)) : HTML(name)
    }

    static func kind(_ template: JSONValue) -> HTML {
        template.isTrue("builtIn") ? Badge.automatic.html(word: "built in") : Badge.active.html(word: "own")
    }

    private static func list(_ context: PageContext) async throws -> PageResponse {
        let found = try await context.api.get(
            "templates", query: [("after", context.query["after"]), ("limit", "100")]
        )
        .value
        let table = Table(
            caption: "Templates, by name",
            columns: [
                .init("Name", "name", isLabelled: false), .init("Kind", "state", isLabelled: false),
                .init("Days", "number"), .init("Purposes"), .init("Subject", "wider"), .init("Keys", "wider"),
                .init("Profiles", "number"),
            ],
            rows: found.list("items").map { template in
                let name = template.word("name")
                let address = Link.to("/templates", name)
                let purposes = template.words("extendedKeyUsage").joined(separator: ", ")
                let keys = template.words("keys").joined(separator: ", ")
                let subject = template.word("subject")
                return Table.Row(
                    address: address,
                    cells: [
                        .element("a", ["href": address, "title": name], HTML(name)), Self.kind(template),
                        HTML(template.word("validityDays")),
                        .element("span", ["title": purposes], HTML(purposes.isEmpty ? "–" : purposes)),
                        .element("span", ["title": subject], HTML(subject)), HTML(keys.isEmpty ? "any" : keys),
                        "\(template.list("profiles").count)",
                    ])
            })
        let listing = Listing(
            path: "/templates", query: context.query, table: table,
            empty: ("No template yet", "A template says what certificates have in them."), next: found["next"]?.text)
        return await Shell(
            "Templates", at: .templates,
            actions: context.may("templates:write")
                ? .button("Make a template", to: Link.to("/templates/new"), style: "main") : .nothing,
            lead: "What certificates have in them, whatever a request asks for."
        ).page(context, listing.html)
    }
}
