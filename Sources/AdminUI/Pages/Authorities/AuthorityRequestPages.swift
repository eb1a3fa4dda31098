import AdministrationAPI

/// CAs whose certificates are issued elsewhere: the request, the certificate that answers it, or giving it up.
enum AuthorityRequestPages {
    static let routes: [PageRoute] = [
        .page("/ca-requests/new", "authorities:write") { try await Self.newPage($0) },
        .form("/ca-requests/new", "authorities:write", Self.make),
        .page("/ca-requests/{name}", "authorities:read") { try await AuthorityRequestPage.page($0) },
        .page("/ca-requests/{name}/download", "authorities:read", AuthorityRequestPage.download),
        .form("/ca-requests/{name}/install", "authorities:write", AuthorityRequestPage.install),
        .form("/ca-requests/{name}/give-up", "authorities:write", AuthorityRequestPage.giveUp),
    ]

    /// Those that wait, for the list of CAs; nothing where there are none.
    static func waiting(_ context: PageContext) async throws(APIRefusal) -> HTML {
        let items = try await context.api.get("ca-requests", query: [("limit", "500")]).value.list("items")
        guard !items.isEmpty else { return .nothing }
        return .panel(
            "Certificates that are awaited",
            Table(
                caption: "CAs whose certificates are issued elsewhere",
                columns: [
                    .init("Name", "name", isLabelled: false), .init("State", "state", isLabelled: false),
                    .init("Requested"),
                ],
                rows: items.map { request in
                    let address = Link.to("/ca-requests", request.word("name"))
                    return Table.Row(
                        address: nil,
                        cells: [
                            .link(address, HTML(request.word("name"))),
                            Badge.pending.html(word: "awaits its certificate"), .time(request["createdAt"]?.text),
                        ])
                }
            ).html)
    }

    private static func newPage(
        _ context: PageContext,
        after outcome: FormOutcome = .none
    ) async throws -> PageResponse {
        let form = context.form
        let fields: HTML = [
            FormField(
                "name", "Name", hint: "What it is called here, for good.", faults: outcome.faults, isRequired: true
            ).input(value: form["name"]),
            FormField(
                "subject", "Subject",
                hint: "`CN=Devices, O=Example`, as the other CA wants it. Empty: its name alone.",
                faults: outcome.faults
            ).input(value: form["subject"]),
            FormField("key", "Key", faults: outcome.faults).choice(Authority.keys, value: form["key"] ?? "rsa3072"),
            FormField(
                "answersSCEP", "It can answer SCEP requests itself", hint: "Needs an RSA key.", faults: outcome.faults
            ).check(isOn: form.isTicked("answersSCEP")),
            .submit("Make key and request"),
        ]
        return await Shell(
            "Request from another CA", at: .authorities, crumbs: [("CAs", Link.to("/cas"))],
            lead: "A CA whose certificate another CA issues, a company's root for example."
        ).page(
            context, status: outcome.status,
            [
                outcome.notice,
                .element(
                    "div", ["class": "columns"],
                    [
                        .panel(
                            "What is wanted",
                            .body(.form(to: Link.to("/ca-requests/new"), by: context.visitor, fields))),
                        .panel("How it goes", .body(Self.explanation)),
                    ]),
            ])
    }

    private static let explanation = HTML.element(
        "ol",
        [
            .element("li", "A key is made here, and stays here. The request for it is yours to download."),
            .element("li", "Carry the request to the other CA, and have it issue a CA certificate with cRLSign."),
            .element("li", "Install the certificate and those above it here: then the CA can issue."),
        ])

    private static func make(_ context: PageContext) async throws -> PageResponse {
        let form = context.form
        var body: JSONValue = [
            "name": .string(form["name"] ?? ""), "key": .string(form["key"] ?? ""),
            "answersSCEP": .bool(form.isTicked("answersSCEP")),
        ]
        body.append("subject", .text(ifPresent: form["subject"]))
        do throws(APIRefusal) {
            let made = try await context.api.done(APIMessage("POST", ["ca-requests"], body: body)).value
            return .go(
                Link.to(
                    "/ca-requests/\(APIPath.escaped(made.word("name")))", [(name: "done", value: "ca-requested")]))
        } catch {
            return try await Self.newPage(context, after: try FormOutcome(error))
        }
    }
}
