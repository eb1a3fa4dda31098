import AdministrationAPI

/// Making a CA: a root, or one below another CA of the installation.
enum NewAuthorityPage {
    static func page(
        _ context: PageContext,
        after outcome: FormOutcome = .none
    ) async throws -> PageResponse {
        let form = context.form
        let faults = outcome.faults
        let parents = try await Authority.all(context).filter { $0.isUsable(at: context.now) }
        let above = [(value: "", label: "none: a root")] + parents.map { (value: $0.name, label: $0.name) }
        let fields: HTML = [
            .element(
                "div", ["class": "columns"],
                [
                    .element(
                        "div",
                        [
                            FormField(
                                "name", "Name",
                                hint: "What it is called here, for good. Its address in URLs is made from it.",
                                faults: faults, isRequired: true
                            ).input(value: form["name"]),
                            FormField("parent", "The CA above", faults: faults).choice(
                                above, value: form["parent"] ?? ""),
                            FormField("key", "Key", faults: faults).choice(
                                Authority.keys, value: form["key"] ?? "rsa3072"),
                            FormField(
                                "answersSCEP", "It can answer SCEP requests itself",
                                hint:
                                    "Needs an RSA key. Otherwise a registration authority with a key of its own does.",
                                faults: faults
                            ).check(isOn: form.isTicked("answersSCEP")),
                            AuthorityTerms.subject(form, faults, otherwise: "its name alone"),
                        ]),
                    .element("div", AuthorityTerms.limits(form, faults)),
                ]),
            .submit("Make CA"),
        ]
        return await Shell(
            "Make a CA", at: .authorities, crumbs: [("CAs", Link.to("/cas"))],
            lead: "A root, or a CA below one that is here. Its key is made here, and stays here."
        ).page(
            context, status: outcome.status,
            [
                outcome.notice,
                .panel("What is wanted", .body(.form(to: Link.to("/cas/new"), by: context.visitor, fields))),
            ])
    }

    static func make(_ context: PageContext) async throws -> PageResponse {
        let form = context.form
        var body = AuthorityTerms.body(form)
        body.append("name", .string(form["name"] ?? ""))
        body.append("parent", .text(ifPresent: form["parent"]))
        body.append("key", .string(form["key"] ?? ""))
        body.append("answersSCEP", .bool(form.isTicked("answersSCEP")))
        do throws(APIRefusal) {
            let made = try await context.api.done(APIMessage("POST", ["cas"], body: body)).value
            return AuthorityActions.back(to: made.word("name"), "ca-made")
        } catch {
            return try await Self.page(context, after: try FormOutcome(error))
        }
    }
}
