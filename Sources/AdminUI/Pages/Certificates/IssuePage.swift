import AdministrationAPI

/// A certificate by hand: for a request, or for a key that is made and handed over once.
enum IssuePage {
    private static let keys: [(value: String, label: String)] = [
        ("", "none: the request below has one"), ("p256", "ECDSA P-256"), ("p384", "ECDSA P-384"),
        ("rsa2048", "RSA 2048"),
        ("rsa3072", "RSA 3072"), ("rsa4096", "RSA 4096"),
    ]
    private static let keyForms: [(value: String, label: String)] = [
        ("pkcs12", "PKCS#12, AES-256"), ("pkcs12-compatible", "PKCS#12 for macOS and Windows before 2022"),
        ("pem", "PEM, not encrypted"),
    ]

    static func page(
        _ context: PageContext,
        after outcome: FormOutcome = .none
    ) async throws -> PageResponse {
        let form = context.form
        let templates = await Names.templates(context).map { ($0, $0) }
        let authorities = [("", "the default one")] + (await Names.authorities(context)).map { ($0, $0) }
        let fields: HTML = [
            FormField("key", "Make a key", faults: outcome.faults).choice(Self.keys, value: form["key"] ?? "p256"),
            FormField(
                "keyForm", "Handed over as", hint: "Once: the key is not kept here.", faults: outcome.faults
            ).choice(Self.keyForms, value: form["keyForm"] ?? "pkcs12"),
            FormField("csr", "Or a PKCS#10 request", hint: "As PEM.", faults: outcome.faults).lines(value: form["csr"]),
            FormField("subject", "Subject", hint: "`CN=host,O=Example`. Empty: the request's.", faults: outcome.faults)
                .input(
                    value: form["subject"]),
            FormField(
                "sans", "SANs", hint: "One in a line: `DNS:host.example.com`, `IP:192.0.2.1`, `email:…`, `URI:…`.",
                faults: outcome.faults
            ).lines(value: form["sans"], rows: 3),
            FormField("template", "Template", faults: outcome.faults).choice(
                templates, value: form["template"] ?? "Default"),
            FormField("ca", "CA", faults: outcome.faults).choice(authorities, value: form["ca"] ?? ""),
            FormField("validityDays", "Valid for days", hint: "Empty: as the template says.", faults: outcome.faults)
                .input(
                    "number", value: form["validityDays"]),
            .submit("Issue certificate"),
        ]
        return await Shell(
            "Issue a certificate", at: .certificates, crumbs: [("Certificates", Link.to("/certificates"))],
            lead: "By the same templates as through SCEP."
        ).page(
            context, status: outcome.status,
            [
                outcome.notice,
                .panel("What is wanted", .body(.form(to: Link.to("/certificates/new"), by: context.visitor, fields))),
            ])
    }

    static func issue(_ context: PageContext) async throws -> PageResponse {
        let form = context.form
        var body: JSONValue = [:]
        if let request = form["csr"] {
            body.append("csr", .string(request))
        } else if let key = form["key"] {
            body.append("key", .string(key))
            body.append("keyForm", .string(form["keyForm"] ?? "pkcs12"))
        }
        for name in ["subject", "template", "ca"] {
            if let value = form[name] { body.append(name, .string(value)) }
        }
        if let names = form["sans"] {
            let lines = names.split(whereSeparator: \.isNewline).map { JSONValue.string(String($0)) }
            body.append("sans", .array(lines))
        }
        if let days = form["validityDays"] {
            body.append("validityDays", Int64(days).map(JSONValue.integer) ?? .string(days))
        }
        do throws(APIRefusal) {
            let made = try await context.api.done(APIMessage("POST", ["certificates"], body: body)).value
            return await Self.handed(made, context)
        } catch {
            return try await Self.page(context, after: try FormOutcome(error))
        }
    }

    private static func handed(_ made: JSONValue, _ context: PageContext) async -> PageResponse {
        let serial = made.word("serialNumber")
        var parts: [HTML] = [
            .notice(.good, .element("p", "The certificate is issued. What follows is shown only now."))
        ]
        if let password = made["password"]?.text {
            parts.append(.panel("Password of the PKCS#12 file", .body(.secret(password))))
        }
        if let file = made["pkcs12"]?.text {
            parts.append(
                .panel(
                    "PKCS#12",
                    .body(
                        [
                            .element(
                                "a",
                                [
                                    "class": "button main", "download": "\(serial).p12",
                                    "href": "data:application/x-pkcs12;base64,\(file)",
                                ], "Save \(serial).p12")
                        ])))
        }
        if let key = made["privateKey"]?.text { parts.append(.panel("Private key", .body(.lines(key)))) }
        parts.append(.panel("Certificate", .body(.lines(made.word("certificate")))))
        parts.append(.button("To the certificate", to: Link.to("/certificates/\(APIPath.escaped(serial))")))
        return await Shell(
            "Issued", at: .certificates, crumbs: [("Certificates", Link.to("/certificates"))], mark: Badge.issued.html
        ).page(context, HTML(parts))
    }
}
