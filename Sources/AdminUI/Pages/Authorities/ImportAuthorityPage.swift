import AdministrationAPI

/// Taking over a CA that was made elsewhere, with its key.
enum ImportAuthorityPage {
    private static let files = AuthorityFileFields(fields: [
        (
            "key", "Key and certificate",
            "PEM, also with the certificate and those above it; or a PKCS#12 file, as base64."
        ), ("certificate", "Certificate", "Where it is in a file of its own."),
        ("chain", "Those above it", "The certificates of the CAs above, in any order; none for a root."),
    ])

    static func page(
        _ context: PageContext,
        after outcome: FormOutcome = .none
    ) async throws -> PageResponse {
        let form = context.form
        let fields: HTML = [
            .element(
                "div", ["class": "columns"],
                [
                    .element("div", Self.files.html(form, outcome.faults)),
                    .element(
                        "div",
                        [
                            FormField(
                                "password", "Password", hint: "Of the files that have one.", faults: outcome.faults
                            ).input("password", autocomplete: "off"),
                            FormField(
                                "name", "Name", hint: "What it is called here. Empty: its common name.",
                                faults: outcome.faults
                            ).input(value: form["name"]),
                            .notice(
                                .wait,
                                .element(
                                    "p",
                                    """
                                    What this CA issued elsewhere is not known here: OCSP says unknown for it, and the CRL has \
                                    only what is revoked here. CRL numbers begin at 1; where devices have seen higher ones, \
                                    let it end and make a CA below it.
                                    """)),
                        ]),
                ]), .submit("Import CA"),
        ]
        return await Shell(
            "Import a CA", at: .authorities, crumbs: [("CAs", Link.to("/cas"))],
            lead:
                "One that was made elsewhere, with its key. The key is encrypted with the master key and never leaves again."
        ).page(
            context, status: outcome.status,
            [
                outcome.notice,
                .panel("Its files", .body(.form(to: Link.to("/cas/import"), by: context.visitor, fields))),
            ])
    }

    static func take(_ context: PageContext) async throws -> PageResponse {
        let form = context.form
        var body: JSONValue = ["files": Self.files.files(form)]
        body.append("name", .text(ifPresent: form["name"]))
        if let password = form.exact("password"), !password.isEmpty { body.append("password", .string(password)) }
        do throws(APIRefusal) {
            let made = try await context.api.done(APIMessage("POST", ["cas", "import"], body: body)).value
            return AuthorityActions.back(to: made.word("name"), "ca-imported")
        } catch {
            return try await Self.page(context, after: try Self.files.outcome(error, form))
        }
    }
}
