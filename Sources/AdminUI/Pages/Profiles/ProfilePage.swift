import AdministrationAPI

/// One profile and its settings.
enum ProfilePage {
    static let approvals: [(value: String, label: String)] = [
        ("automatic", "are granted at once"), ("manual", "wait for somebody"),
    ]
    private static let choices: [String: [(value: String, label: String)]] = [
        "mode": [("ra", "a registration authority with its own key"), ("ca", "the CA itself")],
        "algorithmLevel": [
            ("modern", "modern: AES, SHA-2"), ("compatible", "compatible: also 3DES, SHA-1"),
            ("legacy", "legacy: also DES, MD5, RSA-1024"),
        ],
        "approval": Self.approvals,
        "rules.credentials": [("any", "any of them is enough"), ("all", "all of them are needed")],
        "rules.otherwise": [("refuse", "is refused"), ("queue", "waits for somebody")],
    ]

    static func page(
        _ context: PageContext,
        after outcome: FormOutcome = .none
    ) async throws -> PageResponse {
        let found = try await context.api.get("profiles", context.parameter("name"))
        let profile = found.value
        let name = profile.word("name")
        let url = context.request.origin + profile.word("path")
        var parts: [HTML] = [
            outcome.notice, profile["warning"]?.text.map { .notice(.wait, .element("p", HTML($0))) } ?? .nothing,
            .panel(
                "What devices need",
                .body(
                    [
                        .element("h3", "SCEP URL"), .lines(url), .element("h3", "Try it"),
                        .lines(
                            "ucm scep enroll \(url) --fingerprint <the CA's> --subject CN=device \\\n"
                                + "    --challenge-file challenge --key-out device.key --out device.pem"),
                    ])),
        ]
        if context.may("profiles:write") {
            parts.append(.panel("Settings", .body(await Self.form(profile, found.revision, context, outcome.faults))))
            parts.append(.panel("Actions", .body(Self.actions(profile, context))))
        }
        return await Shell(
            name, at: .profiles, crumbs: [("SCEP Configuration", Link.to("/profiles"))],
            mark: Badge.of(profile.word("approval"))
        ).page(context, status: outcome.status, HTML(parts))
    }

    private static func form(
        _ profile: JSONValue,
        _ revision: String?,
        _ context: PageContext,
        _ faults: [String: String]
    ) async -> HTML {
        let authorities = await Names.authorities(context).map { ($0, $0) }
        let templates = await Names.templates(context).map { ($0, $0) }
        func value(_ path: String) -> JSONValue {
            path.split(separator: ".").reduce(profile) { $0[String($1)] ?? .null }
        }
        func choice(_ path: String, _ label: String, _ options: [(value: String, label: String)]? = nil) -> HTML {
            FormField(path, label, faults: faults).choice(
                options ?? Self.choices[path] ?? [], value: value(path).text)
        }
        func check(_ path: String, _ label: String, hint: String? = nil) -> HTML {
            FormField(path, label, hint: hint, faults: faults).check(isOn: value(path).bool == true)
        }
        func number(_ path: String, _ label: String, hint: String? = nil) -> HTML {
            FormField(path, label, hint: hint, faults: faults).input(
                "number", value: value(path).integer.map { "\($0)" })
        }
        func patterns(_ path: String, _ label: String, hint: String) -> HTML {
            let texts = (value(path).array ?? []).compactMap(\.text)
            return FormField(path, label, hint: hint, faults: faults).lines(
                value: texts.joined(separator: "\n"), rows: 3)
        }
        return .form(
            to: Link.to("/profiles", profile.word("name")), by: context.visitor,
            [
                .start("input", ["type": "hidden", "name": "revision", "value": revision]),
                .element(
                    "div", ["class": "columns"],
                    [
                        .element(
                            "div",
                            [
                                .element("h3", "What is issued"), choice("ca", "CA", authorities),
                                choice("template", "Template", templates), choice("mode", "Who answers"),
                                choice("algorithmLevel", "Algorithms"), .element("h3", "Renewal"),
                                check("renewal.allowed", "Certificates may renew themselves"),
                                number(
                                    "renewal.windowPercent", "In the last part of their life, in percent",
                                    hint: "Empty: at any time."),
                                number("renewal.graceDays", "Days after the end"),
                                check("renewal.requiresChallenge", "A renewal needs a challenge besides"),
                                check("renewal.revokesOld", "The old certificate is revoked"),
                            ]),
                        .element(
                            "div",
                            [
                                .element("h3", "Who may enrol"),
                                check("open", "Open", hint: "Whoever reaches the URL gets a certificate."),
                                choice("rules.credentials", "Challenge and address"),
                                patterns(
                                    "rules.addresses", "Addresses that are a credential",
                                    hint: "`10.0.0.0/8`, one in a line."),
                                patterns(
                                    "rules.subjects", "Subjects", hint: "`CN=*.example.com,O=Example`. Empty: any."),
                                patterns("rules.sans", "SANs", hint: "`DNS:*.example.com`."),
                                patterns("rules.keys", "Keys", hint: "`rsa3072`, `p256`. Empty: any."),
                                choice("rules.otherwise", "What the rules do not grant"),
                                choice("approval", "What they grant"), .element("h3", "The queue"),
                                number("queue.approvals", "People who have to approve"),
                                number("queue.days", "Days to decide"),
                                number("queue.limit", "Requests that may wait"),
                                number("queue.limitPerAddress", "Of one address"),
                            ]),
                    ]),
                .submit("Save settings"),
            ])
    }

    private static func actions(_ profile: JSONValue, _ context: PageContext) -> HTML {
        let name = profile.word("name")
        return .element(
            "div", ["class": "buttons"],
            [
                .form(
                    to: Link.to("/profiles", name, "/challenge"), by: context.visitor, style: "inline",
                    question:
                        "All static challenges of this profile are no good any more: devices that have one are refused.",
                    .submit("New static challenge", style: "")),
                .form(
                    to: Link.to("/profiles", name, "/delete"), by: context.visitor, style: "inline",
                    question: "Certificates of this profile stay, and cannot be renewed any more. Delete it?",
                    .submit("Delete profile", style: "danger")),
            ])
    }

    // MARK: What is done

    private static let texts = ["ca", "template", "mode", "algorithmLevel", "approval"]
    private static let groups: [(name: String, texts: [String], checks: [String], numbers: [String], lists: [String])] =
        [
            ("rules", ["credentials", "otherwise"], [], [], ["addresses", "subjects", "sans", "keys"]),
            ("queue", [], [], ["approvals", "days", "limit", "limitPerAddress"], []),
            ("renewal", [], ["allowed", "requiresChallenge", "revokesOld"], ["windowPercent", "graceDays"], []),
        ]

    /// What the form says, as the API takes it.
    private static func body(_ form: PageFields) -> JSONValue {
        func number(_ text: String?) -> JSONValue {
            guard let text else { return .null }
            return Int64(text).map(JSONValue.integer) ?? .string(text)
        }
        var body: JSONValue = ["open": .bool(form["open"] == "yes")]
        for name in Self.texts {
            if let value = form[name] { body.append(name, .string(value)) }
        }
        for group in Self.groups {
            var members: JSONValue = [:]
            for name in group.texts {
                if let value = form["\(group.name).\(name)"] { members.append(name, .string(value)) }
            }
            for name in group.checks { members.append(name, .bool(form["\(group.name).\(name)"] == "yes")) }
            for name in group.numbers { members.append(name, number(form["\(group.name).\(name)"])) }
            for name in group.lists {
                let lines = (form["\(group.name).\(name)"] ?? "").split(whereSeparator: \.isNewline)
                let texts = lines.map { String($0).trimmed }.filter { !$0.isEmpty }
                members.append(name, .array(texts.map(JSONValue.string)))
            }
            body.append(group.name, members)
        }
        return body
    }

    static func change(_ context: PageContext) async throws -> PageResponse {
        let name = context.parameter("name")
        let message = APIMessage(
            "PATCH", ["profiles", name], ifMatch: context.form["revision"].map { "\"\($0)\"" },
            body: Self.body(context.form))
        do throws(APIRefusal) {
            try await context.api.done(message)
        } catch {
            return try await Self.page(context, after: try FormOutcome(error))
        }
        return .go(Link.to("/profiles/\(APIPath.escaped(name))", [(name: "done", value: "saved")]))
    }

    static func newChallenge(_ context: PageContext) async throws -> PageResponse {
        let name = context.parameter("name")
        let made = try await context.api.done(APIMessage("PUT", ["profiles", name, "challenge"], body: [:]))
        return await ProfilePages.made(name, challenge: made.value["challenge"]?.text, context)
    }

    static func delete(_ context: PageContext) async throws -> PageResponse {
        try await context.api.done(APIMessage("DELETE", ["profiles", context.parameter("name")]))
        return .go(Link.to("/profiles", [(name: "done", value: "deleted")]))
    }
}
