import AdministrationAPI

/// What a profile's rules would say to a request, without anything happening.
enum ExplainPage {
    static func page(_ context: PageContext) async throws -> PageResponse {
        try await Self.page(context, answer: nil)
    }

    private static func page(
        _ context: PageContext,
        answer: JSONValue?,
        after outcome: FormOutcome = .none
    ) async throws -> PageResponse {
        let name = try await context.api.get("profiles", context.parameter("name")).value.word("name")
        let form = HTML.form(
            to: Link.to("/profiles", name, "/explain"), by: context.visitor,
            [
                FormField(
                    "csr", "Request (PKCS#10)", hint: "PEM: `openssl req -new -key device.key -subj /CN=device`.",
                    faults: outcome.faults, isRequired: true
                ).lines(value: context.form.exact("csr"), rows: 8),
                FormField(
                    "address", "Address that it would come from", hint: "Empty: 127.0.0.1.", faults: outcome.faults
                ).input(value: context.form["address"], placeholder: "10.1.2.3"),
                context.may("challenges:write")
                    ? FormField(
                        "challenge", "Challenge", hint: "Empty: the one in the request.", faults: outcome.faults
                    ).input(value: context.form["challenge"], autocomplete: "off")
                    : .element(
                        "p", ["class": "soft"],
                        "A challenge is not looked at: that needs the permission challenges:write."),
                .submit("Say what would happen"),
            ])
        return await Shell(
            "Try the rules", at: .profiles,
            crumbs: [("SCEP Configuration", Link.to("/profiles")), (name, Link.to("/profiles", name))],
            lead: "What becomes of a request that a device might send. Nothing happens, and nothing is recorded."
        ).page(
            context, status: outcome.status,
            [outcome.notice, answer.map(Self.result) ?? .nothing, .panel("A request", .body(form))])
    }

    private static func result(_ answer: JSONValue) -> HTML {
        [
            answer["obstacle"]?.text.map {
                .notice(.bad, .element("p", HTML("No certificate could be issued, even with an approval: \($0)")))
            } ?? .nothing,
            answer["warning"]?.text.map { .notice(.wait, .element("p", HTML($0))) } ?? .nothing,
            RequestPage.explanation(answer),
            .notice(
                .accent,
                .element(
                    "p",
                    [HTML("The certificate would be made with the template "), .code(answer.word("template")), "."])),
        ]
    }

    static func explain(_ context: PageContext) async throws -> PageResponse {
        var body: JSONValue = ["csr": .string(context.form["csr"] ?? "")]
        for name in ["address", "challenge"] {
            if let value = context.form[name] { body.append(name, .string(value)) }
        }
        let message = APIMessage("POST", ["profiles", context.parameter("name"), "explain"], body: body)
        let answer: JSONValue
        do throws(APIRefusal) {
            answer = try await context.api.done(message).value
        } catch {
            return try await Self.page(context, answer: nil, after: try FormOutcome(error))
        }
        return try await Self.page(context, answer: answer)
    }
}
