import AdministrationAPI

/// All that is known of one request, and the decision on it.
enum RequestPage {
    static func page(
        _ context: PageContext,
        after outcome: FormOutcome = .none
    ) async throws -> PageResponse {
        let id = context.parameter("id")
        let request = try await context.api.get("requests", id).value
        let timeline = try await context.api.get("requests", id, "timeline").value.list("items")
        let history = Timeline.panel(
            "Timeline",
            actions: .button(
                "All of this device", to: LogPages.address(ofDevice: request.word("subject")), style: "small"),
            timeline.map(Timeline.item(ofRequest:)), empty: "What its device asks is here then.")
        let content: HTML = [
            outcome.notice, Self.decision(request, context, outcome.faults),
            .element("div", ["class": "columns"], [history, .panel("Request", Self.facts(request, context))]),
            Self.explanation(request), Self.contents(request), Self.earlier(request),
        ]
        let title = Subject.commonName(request.word("subject"))
        return await Shell(
            title, at: .requests, crumbs: [("SCEP Requests", Link.to("/requests"))],
            mark: Badge.of(request.word("status"))
        ).page(
            context, status: outcome.status,
            .element(
                "div", ["data-detail": ""],
                [
                    .element(
                        "div", ["class": "hidden"],
                        .element("h2", [HTML(title), " ", Badge.of(request.word("status"))])),
                    content,
                ]))
    }

    /// What a decision's form is called: in the pane beside the queue the next request opens after it.
    private static let style = "decision"

    private static func decision(_ request: JSONValue, _ context: PageContext, _ faults: [String: String]) -> HTML {
        guard request.word("status") == "pending", context.may("requests:decide") else { return .nothing }
        let id = request.word("id")
        return .panel(
            "Decide",
            .body(
                .element(
                    "div", ["class": "columns"],
                    [
                        .form(
                            to: Link.to("/requests", id, "/approve"), by: context.visitor, style: Self.style,
                            [
                                FormField(
                                    "validityDays", "Valid for days", hint: "Empty: as the template says.",
                                    faults: faults
                                ).input("number"),
                                .submit("Approve and issue", key: "a"),
                            ]),
                        .form(
                            to: Link.to("/requests", id, "/reject"), by: context.visitor, style: Self.style,
                            [
                                FormField(
                                    "reason", "Reason", hint: "The device is told it, and it is in the audit log.",
                                    faults: faults, isRequired: true
                                ).input(),
                                .submit("Reject", style: "danger"),
                            ]),
                    ])))
    }

    private static func facts(_ request: JSONValue, _ context: PageContext) -> HTML {
        func link(_ name: String, _ path: String, _ permission: String) -> HTML? {
            guard let text = request[name]?.text else { return nil }
            return context.may(permission) ? .link(Link.to(path, text), .mono(text)) : .mono(text)
        }
        return .facts([
            ("Request", .mono(request.word("id"))), ("Subject", HTML(request.word("subject"))),
            ("SANs", request.words("sans").isEmpty ? nil : HTML(request.words("sans").joined(separator: ", "))),
            ("Profile", link("profile", "/profiles", "profiles:read")), ("Key", HTML(request.word("key"))),
            ("From", .mono(request.word("address"))), ("Received", .time(request["createdAt"]?.text)),
            ("Waits until", request["expiresAt"]?.text.map { .time($0) }),
            ("Decided", request["decidedAt"]?.text.map { .time($0) }), ("Decided by", request.fact("decidedBy")),
            ("Reason", request.fact("reason")), ("Challenge", request.fact("challenge")),
            ("Renewal", request.isTrue("renewal") ? "signed with a certificate of ours" : nil),
            ("transactionID", .mono(request.word("transactionID"))),
            ("CSR SHA-256", request["csrFingerprint"]?.text.map { .mono($0) }),
            ("Key SHA-256", request["keyFingerprint"]?.text.map { .mono($0) }),
            ("Certificate", link("serialNumber", "/certificates", "certificates:read")),
            ("Issued to", request.fact("issuedTo")), ("Ends", request["notAfter"]?.text.map { .time($0) }),
        ])
    }

    /// What each rule says, of whatever has an `explanation`: a request, or one that was tried.
    static func explanation(_ request: JSONValue) -> HTML {
        guard let explanation = request["explanation"], explanation != .null else { return .nothing }
        let decision =
            switch explanation.word("decision") {
            case "grant": "The rules grant it."
            case "queue": "The rules leave it to a person: \(explanation.word("reason"))"
            default: "The rules refuse it: \(explanation.word("reason"))"
            }
        let rows = explanation.list("verdicts").map { verdict in
            Table.Row(
                address: nil,
                cells: [
                    HTML(verdict.word("rule")), HTML(verdict.word("outcome")),
                    .element("span", ["title": verdict.word("detail")], HTML(verdict.word("detail"))),
                ])
        }
        return .panel(
            "What the rules say",
            [
                .body(.element("p", HTML(decision))),
                Table(
                    caption: "What each rule says", columns: [.init("Rule", "name"), .init("Says"), .init("Why")],
                    rows: rows
                ).html,
            ])
    }

    private static func contents(_ request: JSONValue) -> HTML {
        guard let csr = request["csr"], csr != .null else { return .nothing }
        let subject = csr.list("subject").map { ($0.word("name"), HTML($0.words("values").joined(separator: ", "))) }
        let extensions = csr.list("extensions").map { entry in
            (
                entry.word("name") + (entry.isTrue("critical") ? " (critical)" : ""),
                HTML(entry.words("values").joined(separator: ", "))
            )
        }
        let attributes = csr.list("attributes").map {
            ($0.word("name"), HTML($0.words("values").joined(separator: ", ")))
        }
        func facts(_ title: String, _ lines: [(String, HTML)]) -> HTML {
            lines.isEmpty
                ? .nothing
                : [.body(.element("h3", HTML(title))), .facts(lines.map { ($0.0, $0.1) })]
        }
        return .panel(
            "PKCS#10",
            [
                csr["extensionsFault"]?.text.map { .body(.notice(.bad, .element("p", HTML($0)))) } ?? .nothing,
                facts("Subject DN", subject), facts("Extensions", extensions), facts("Attributes", attributes),
                .facts([("Signed with", HTML(csr.word("signatureAlgorithm")))]),
            ])
    }

    private static func earlier(_ request: JSONValue) -> HTML {
        let rows = request.list("earlierCertificates").map { certificate in
            Table.Row(
                address: nil,
                cells: [
                    .mono(certificate.word("serialNumber"), upTo: 16), Badge.of(certificate.word("state")),
                    .time(certificate["notAfter"]?.text),
                    certificate.isTrue("sameKey") ? "the same key" : "another key",
                ])
        }
        guard !rows.isEmpty else { return .nothing }
        return .panel(
            "Earlier certificates of this name or key",
            Table(
                caption: "Earlier certificates",
                columns: [.init("Serial number", "mono"), .init("State", "state"), .init("Ends"), .init("Key")],
                rows: rows
            ).html)
    }

    static func approve(_ context: PageContext) async throws -> PageResponse {
        var body: JSONValue = [:]
        if let days = context.form["validityDays"] {
            body.append("validityDays", Int64(days).map(JSONValue.integer) ?? .string(days))
        }
        return try await Self.decide(context, "approve", body) {
            $0.word("outcome") == "recorded" ? "recorded" : "approved"
        }
    }

    static func reject(_ context: PageContext) async throws -> PageResponse {
        let body: JSONValue = ["reason": .string(context.form["reason"] ?? "")]
        return try await Self.decide(context, "reject", body) { _ in "rejected" }
    }

    private static func decide(
        _ context: PageContext,
        _ verb: String,
        _ body: JSONValue,
        _ word: (JSONValue) -> String
    ) async throws -> PageResponse {
        let id = context.parameter("id")
        do throws(APIRefusal) {
            let done = try await context.api.done(APIMessage("POST", ["requests", id, verb], body: body))
            return .go(Link.to("/requests/\(APIPath.escaped(id))", [(name: "done", value: word(done.value))]))
        } catch {
            return try await Self.page(context, after: try FormOutcome(error))
        }
    }
}
