import AdministrationAPI

/// Signing a CA that is elsewhere, so that it is below one of ours.
enum SignAuthorityPage {
    static func page(
        _ context: PageContext,
        after outcome: FormOutcome = .none
    ) async throws -> PageResponse {
        let authority = try await Authority.named(context.parameter("name"), context)
        let form = context.form
        let fields: HTML = [
            .element(
                "div", ["class": "columns"],
                [
                    .element(
                        "div",
                        [
                            FormField(
                                "csr", "PKCS#10 request", hint: "As PEM, or base64 of DER.", faults: outcome.faults,
                                isRequired: true
                            ).lines(value: form["csr"], rows: 8, takesFile: true),
                            AuthorityTerms.subject(form, outcome.faults, otherwise: "the request's"),
                        ]),
                    .element("div", AuthorityTerms.limits(form, outcome.faults)),
                ]), .submit("Sign and issue"),
        ]
        return await Shell(
            "Sign a CA's request", at: .authorities, crumbs: Self.crumbs(authority.name),
            lead: "The CA that is elsewhere is below \(authority.name) then: devices that trust this one trust it, too."
        ).page(
            context, status: outcome.status,
            [
                outcome.notice,
                .panel(
                    "What is signed",
                    .body(
                        .form(
                            to: Authority.address(authority.name, "/sign"), by: context.visitor,
                            question: "The other CA can issue whatever its certificate permits. Sign it?", fields))),
            ])
    }

    private static func crumbs(_ name: String) -> [(title: String, address: String)] {
        [("CAs", Link.to("/cas")), (name, Authority.address(name))]
    }

    static func sign(_ context: PageContext) async throws -> PageResponse {
        let name = context.parameter("name")
        var body = AuthorityTerms.body(context.form)
        body.append("csr", .string(context.form["csr"] ?? ""))
        do throws(APIRefusal) {
            let signed = try await context.api.done(APIMessage("POST", ["cas", name, "sign"], body: body)).value
            return await Self.handed(signed, name, context)
        } catch {
            return try await Self.page(context, after: try FormOutcome(error))
        }
    }

    private static func handed(_ signed: JSONValue, _ name: String, _ context: PageContext) async -> PageResponse {
        let certificate = signed.word("certificate")
        let whole = ([certificate] + signed.words("chain")).joined()
        func file(_ title: String, _ name: String, _ type: String, base64: String) -> HTML {
            .element(
                "a", ["class": "button small", "download": name, "href": "data:\(type);base64,\(base64)"], HTML(title))
        }
        let chain = PEMText.base64(whole)
        return await Shell("Signed", at: .authorities, crumbs: Self.crumbs(name), mark: Badge.issued.html).page(
            context,
            [
                .notice(
                    .good,
                    [
                        .element(
                            "p",
                            [
                                "The certificate is issued. Carry it to the other CA; it is among the ",
                                .link(
                                    Link.to(
                                        "/certificates",
                                        [(name: "ca", value: name), (name: "origin", value: "authority")]),
                                    "certificates"), ", too.",
                            ])
                    ]),
                .panel(
                    "Certificate",
                    actions: [
                        file("PEM", "ca.pem", "application/x-pem-file", base64: PEMText.base64(certificate)),
                        file("PEM with chain", "ca-chain.pem", "application/x-pem-file", base64: chain),
                        file("PKCS#7", "ca.p7b", "application/pkcs7-mime", base64: signed.word("pkcs7")),
                    ], .body(.lines(whole))),
            ])
    }
}
