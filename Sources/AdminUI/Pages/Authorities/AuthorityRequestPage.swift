import AdministrationAPI

/// One CA whose certificate is awaited.
enum AuthorityRequestPage {
    private static let files = AuthorityFileFields(fields: [
        (
            "certificate", "Certificate",
            "What the other CA has issued: PEM, also with those above it, or base64 of DER."
        ),
        ("chain", "Those above it", "Where they are in a file of their own."),
    ])

    static func page(
        _ context: PageContext,
        after outcome: FormOutcome = .none
    ) async throws -> PageResponse {
        let request = try await context.api.get("ca-requests", context.parameter("name")).value
        let name = request.word("name")
        var parts: [HTML] = [
            .panel(
                "Request",
                actions: .button(
                    "Download", to: Link.to("/ca-requests", name, "/download"), style: "small"),
                [
                    .facts([("Made", .time(request["createdAt"]?.text))]), .body(.lines(request.word("csr"))),
                ])
        ]
        if context.may("authorities:write") { parts.append(Self.actions(name, context, outcome.faults)) }
        return await Shell(
            name, at: .authorities, crumbs: [("CAs", Link.to("/cas"))],
            mark: Badge.pending.html(word: "awaits its certificate"),
            lead: "Carry the request to the other CA, and install here what it issues."
        ).page(context, status: outcome.status, [outcome.notice, .element("div", ["class": "columns"], HTML(parts))])
    }

    private static func actions(_ name: String, _ context: PageContext, _ faults: [String: String]) -> HTML {
        .element(
            "div",
            [
                .panel(
                    "Install the certificate",
                    .body(
                        .form(
                            to: Link.to("/ca-requests", name, "/install"), by: context.visitor,
                            [Self.files.html(context.form, faults), .submit("Install certificate")]))),
                .panel(
                    "Give up",
                    .body(
                        .form(
                            to: Link.to("/ca-requests", name, "/give-up"), by: context.visitor,
                            question:
                                "The key is deleted: a certificate for this request is worth nothing then. Give up?",
                            [
                                .element("p", "Where the other CA does not issue it, or the request was wrong."),
                                .submit("Give up the request", style: "danger"),
                            ]))),
            ])
    }

    static func download(_ context: PageContext) async throws -> PageResponse {
        let request = try await context.api.get("ca-requests", context.parameter("name")).value
        return PageResponse(
            .file(Array(request.word("csr").utf8), type: "application/pkcs10", name: "\(request.word("name")).csr"))
    }

    static func install(_ context: PageContext) async throws -> PageResponse {
        let name = context.parameter("name")
        let body: JSONValue = ["files": Self.files.files(context.form)]
        do throws(APIRefusal) {
            try await context.api.done(APIMessage("POST", ["ca-requests", name, "install"], body: body))
        } catch {
            return try await Self.page(context, after: try Self.files.outcome(error, context.form))
        }
        return AuthorityActions.back(to: name, "ca-installed")
    }

    static func giveUp(_ context: PageContext) async throws -> PageResponse {
        try await context.api.done(APIMessage("DELETE", ["ca-requests", context.parameter("name")]))
        return .go(Link.to("/cas", [(name: "done", value: "ca-request-given-up")]))
    }
}
