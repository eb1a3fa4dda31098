import AdministrationAPI
import Foundation

/// All that is known of one certificate, and what can be done with it.
enum CertificatePage {
    /// Where a certificate's page is: its CA stands there too, because two CAs may have issued one serial number.
    static func address(_ certificate: JSONValue, _ rest: String = "") -> String {
        Link.to(
            "/certificates/\(APIPath.escaped(certificate.word("serialNumber")))\(rest)",
            [(name: "ca", value: certificate.word("ca"))])
    }

    private static let forms: [(value: String, label: String)] = [
        ("pem", "PEM"), ("der", "DER"), ("chain", "PEM with the CAs"),
    ]
    static let reasons: [(value: String, label: String)] = [
        ("unspecified", "no reason given"), ("keyCompromise", "the key is in other hands"),
        ("affiliationChanged", "the name has changed"), ("superseded", "another one takes its place"),
        ("cessationOfOperation", "it is not needed any more"), ("privilegeWithdrawn", "it may not be used any more"),
    ]

    private static func read(_ context: PageContext) async throws(APIRefusal) -> JSONValue {
        try await context.api.get("certificates", context.parameter("serial"), query: [("ca", context.query["ca"])])
            .value
    }

    static func page(
        _ context: PageContext,
        after outcome: FormOutcome = .none
    ) async throws -> PageResponse {
        let certificate = try await Self.read(context)
        let others = try await Self.others(certificate, context)
        let content: HTML = [
            outcome.notice,
            .element(
                "div", ["class": "columns"],
                [
                    .panel("Certificate", actions: Self.downloads(certificate), Self.facts(certificate, context)),
                    Self.history(certificate),
                ]),
            others, Self.actions(certificate, context, outcome.faults), Self.extensions(certificate),
            .panel("PEM", .body(.lines(certificate.word("pem")))),
        ]
        let title = Subject.commonName(certificate.word("subject"))
        return await Shell(
            title, at: .certificates, crumbs: [("Certificates", Link.to("/certificates"))],
            mark: Badge.of(certificate.word("state"))
        ).page(context, status: outcome.status, .element("div", ["data-detail": ""], content))
    }

    private static func downloads(_ certificate: JSONValue) -> HTML {
        HTML(
            Self.forms.map { form in
                .button(
                    form.label,
                    to: Link.to(
                        "/certificates/\(APIPath.escaped(certificate.word("serialNumber")))/download",
                        [(name: "ca", value: certificate.word("ca")), (name: "form", value: form.value)]),
                    style: "small")
            })
    }

    private static func facts(_ certificate: JSONValue, _ context: PageContext) -> HTML {
        .facts([
            ("Subject", HTML(certificate.word("subject"))), ("Serial number", .mono(certificate.word("serialNumber"))),
            ("State", Badge.of(certificate.word("state"))), ("CA", Authority.link(certificate.word("ca"), context)),
            ("Starts", .time(certificate["notBefore"]?.text)), ("Ends", .time(certificate["notAfter"]?.text)),
            ("Issued", .time(certificate["issuedAt"]?.text)), ("By", certificate.fact("issuedBy")),
            ("Profile", certificate.fact("profile")),
            ("Template", certificate["template"]?.text.map { TemplatePages.link($0, context) }),
            ("Revoked", certificate["revokedAt"]?.text.map { .time($0) }),
            ("Reason", certificate.fact("revocationReason")),
            ("SHA-256", .mono(certificate.word("fingerprint"))),
            ("Key SHA-256", certificate["keyFingerprint"]?.text.map { .mono($0) }),
            (
                "Chain",
                certificate.list("chain").isEmpty
                    ? nil : certificate.list("chain").count == 1 ? "one CA" : "\(certificate.list("chain").count) CAs"
            ),
        ])
    }

    private static func extensions(_ certificate: JSONValue) -> HTML {
        let facts = certificate.list("extensions").map { entry in
            (
                entry.word("name") + (entry.isTrue("critical") ? " (critical)" : ""),
                HTML?.some(HTML(entry.words("values").joined(separator: ", ")))
            )
        }
        return facts.isEmpty ? .nothing : .panel("Extensions", .facts(facts))
    }

    private static func history(_ certificate: JSONValue) -> HTML {
        let how = [
            certificate["issuedBy"]?.text.map { "by \($0)" }, certificate["profile"]?.text.map { "through \($0)" },
        ].compactMap(\.self)
        let issue = Timeline.Item(
            date: certificate["issuedAt"]?.text, title: "The certificate was issued", tone: .good, remarks: how)
        return Timeline.panel(
            "History",
            actions: .button(
                "All of this device", to: LogPages.address(ofDevice: certificate.word("subject")), style: "small"),
            [issue]
                + certificate.list("events").filter { $0.word("kind") != "certificateIssued" }.map {
                    Timeline.item(event: $0)
                })
    }

    /// What its device had before and has since: renewals and new enrolments for the same subject.
    private static func others(_ certificate: JSONValue, _ context: PageContext) async throws -> HTML {
        let found = try await context.api.get(
            "certificates", query: [("subject", certificate["subject"]?.text), ("limit", "20")]
        ).value
        let others = found.list("items").filter { Self.address($0) != Self.address(certificate) }
        guard !others.isEmpty else { return .nothing }
        return .panel(
            "Others for this subject",
            Table(
                caption: "Other certificates for this subject, the newest first",
                columns: [
                    .init("Serial number", "mono", isLabelled: false), .init("State", "state", isLabelled: false),
                    .init("Issued"), .init("Ends"), .init("Key"),
                ],
                rows: others.map { other in
                    let address = Self.address(other)
                    return Table.Row(
                        address: nil,
                        cells: [
                            .link(address, .mono(other.word("serialNumber"), upTo: 16)), Badge.of(other.word("state")),
                            .time(other["issuedAt"]?.text), .time(other["notAfter"]?.text),
                            other["keyFingerprint"]?.text == certificate["keyFingerprint"]?.text
                                ? "the same key" : "another key",
                        ])
                }
            ).html)
    }

    private static func actions(
        _ certificate: JSONValue,
        _ context: PageContext,
        _ faults: [String: String]
    ) -> HTML {
        var forms: [HTML] = []
        let state = certificate.word("state")
        func form(_ verb: String, asking question: String? = nil, _ content: HTML) -> HTML {
            .form(to: Self.address(certificate, "/\(verb)"), by: context.visitor, question: question, content)
        }
        if context.may("certificates:revoke"), ["valid", "held"].contains(state) {
            forms.append(
                form(
                    "revoke", asking: "A revocation cannot be taken back. Revoke this certificate?",
                    [
                        FormField("reason", "Reason", faults: faults).choice(Self.reasons, value: "unspecified"),
                        FormField("note", "Note", hint: "For the audit log.", faults: faults).input(),
                        .submit("Revoke certificate", style: "danger"),
                    ]))
        }
        if context.may("certificates:revoke"), state == "valid" {
            forms.append(
                form(
                    "hold",
                    [.element("p", "For a device that is lost, and may be found."), .submit("Put on hold", style: "")]))
        }
        if context.may("certificates:revoke"), state == "held" {
            forms.append(form("release", [.element("p", "It was found."), .submit("Release", style: "main")]))
        }
        if context.may("certificates:issue"), ["valid", "expired"].contains(state) {
            forms.append(
                form(
                    "renew",
                    [
                        .element("p", "The same names and key, for as long as the template says."),
                        .submit("Renew", style: ""),
                    ]))
        }
        return forms.isEmpty ? .nothing : .panel("Actions", .body(.element("div", ["class": "columns"], HTML(forms))))
    }

    // MARK: What is done

    static func revoke(_ context: PageContext) async throws -> PageResponse {
        var body: JSONValue = ["reason": .string(context.form["reason"] ?? "unspecified")]
        if let note = context.form["note"] { body.append("note", .string(note)) }
        return try await Self.change(context, "revoke", body, "certificate-revoked")
    }

    static func hold(_ context: PageContext) async throws -> PageResponse {
        try await Self.change(context, "hold", [:], "certificate-held")
    }

    static func release(_ context: PageContext) async throws -> PageResponse {
        try await Self.change(context, "release", [:], "certificate-released")
    }

    static func renew(_ context: PageContext) async throws -> PageResponse {
        let message = APIMessage(
            "POST", ["certificates", context.parameter("serial"), "renew"], query: Self.authority(context), body: [:])
        let made = try await context.api.done(message)
        return .go(Link.to("/certificates/\(APIPath.escaped(made.value.word("serialNumber")))"))
    }

    private static func authority(_ context: PageContext) -> [(name: String, value: String)] {
        context.query["ca"].map { [(name: "ca", value: $0)] } ?? []
    }

    private static func change(
        _ context: PageContext,
        _ verb: String,
        _ body: JSONValue,
        _ done: String
    ) async throws -> PageResponse {
        let serial = context.parameter("serial")
        let message = APIMessage("POST", ["certificates", serial, verb], query: Self.authority(context), body: body)
        do throws(APIRefusal) {
            try await context.api.done(message)
        } catch {
            return try await Self.page(context, after: try FormOutcome(error))
        }
        return .go(
            Link.to("/certificates/\(APIPath.escaped(serial))", Self.authority(context) + [(name: "done", value: done)])
        )
    }

    static func download(_ context: PageContext) async throws -> PageResponse {
        let certificate = try await Self.read(context)
        let serial = certificate.word("serialNumber")
        let pem = certificate.word("pem")
        switch context.query["form"] {
        case "der":
            let lines = pem.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
            return PageResponse(
                .file(Array(Data(base64Encoded: lines) ?? Data()), type: "application/pkix-cert", name: "\(serial).cer")
            )
        case "chain":
            let all = ([pem] + certificate.words("chain")).joined()
            return PageResponse(
                .file(Array(all.utf8), type: "application/pem-certificate-chain", name: "\(serial)-chain.pem"))
        default:
            return PageResponse(
                .file(Array(pem.utf8), type: "application/pem-certificate-chain", name: "\(serial).pem"))
        }
    }
}
