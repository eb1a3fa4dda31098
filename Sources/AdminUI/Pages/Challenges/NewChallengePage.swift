import AdministrationAPI
import Foundation

/// Making challenges: one for a device or for everybody, or one for each device of a list.
enum NewChallengePage {
    private static let lives: [(value: String, label: String)] = [
        ("3600", "an hour"), ("86400", "a day"), ("604800", "a week"), ("2592000", "30 days"), ("", "for good"),
    ]
    private static let uses: [(value: String, label: String)] = [
        ("1", "one certificate"), ("10", "ten certificates"), ("100", "a hundred certificates"),
        ("", "any number (static)"),
    ]

    static func page(
        _ context: PageContext,
        after outcome: FormOutcome = .none
    ) async throws -> PageResponse {
        let form = context.form
        let profiles = await Names.profiles(context).map { ($0, $0) }
        let templates = [("", "the profile's")] + (await Names.templates(context)).map { ($0, $0) }
        func common(_ prefix: String) -> HTML {
            [
                FormField("profile", "Profile", faults: outcome.faults).named(prefix).choice(
                    profiles, value: form["profile"] ?? "default"),
                FormField("life", "Good for", faults: outcome.faults).named(prefix).choice(
                    Self.lives, value: form.exact("life") ?? "604800"),
            ]
        }
        let one = HTML.form(
            to: Link.to("/challenges/new"), by: context.visitor,
            [
                common("one"),
                FormField("uses", "For", faults: outcome.faults).choice(Self.uses, value: form.exact("uses") ?? "1"),
                FormField("device", "Device", hint: "Who it is for, in your own words.", faults: outcome.faults).input(
                    value: form["device"]),
                FormField("user", "User", faults: outcome.faults).input(value: form["user"]),
                FormField("label", "Label", faults: outcome.faults).input(value: form["label"]),
                FormField(
                    "binding.subjects", "Subjects that it is good for",
                    hint: "One pattern in a line: `CN=pump-*.example.com,O=Example`. Empty: any.",
                    faults: outcome.faults
                ).lines(value: form["binding.subjects"], rows: 2),
                FormField(
                    "binding.sans", "SANs that it is good for", hint: "One pattern in a line: `DNS:*.example.com`.",
                    faults: outcome.faults
                ).lines(value: form["binding.sans"], rows: 2),
                FormField(
                    "binding.addresses", "From", hint: "Addresses or ranges, one in a line: `10.0.0.0/8`.",
                    faults: outcome.faults
                )
                .lines(value: form["binding.addresses"], rows: 2),
                FormField("binding.template", "Template", faults: outcome.faults).choice(
                    templates, value: form["binding.template"] ?? ""),
                .submit("Make challenge"),
            ])
        let several = HTML.form(
            to: Link.to("/challenges/new/several"), by: context.visitor,
            [
                common("several"),
                FormField(
                    "devices", "Devices", hint: "One in a line; each gets a challenge of its own.",
                    faults: outcome.faults,
                    isRequired: true
                ).lines(value: form["devices"], rows: 6),
                .submit("Make challenges"),
            ])
        return await Shell(
            "Make a challenge", at: .challenges, crumbs: [("Challenges", Link.to("/challenges"))]
        ).page(
            context, status: outcome.status,
            [
                outcome.notice,
                .element(
                    "div", ["class": "columns"],
                    [.panel("One", .body(one)), .panel("One for each device of a list", .body(several))]),
            ])
    }

    private static func lines(_ text: String?) -> [String] {
        (text ?? "").split(whereSeparator: \.isNewline).map { String($0).trimmed }.filter {
            !$0.isEmpty
        }
    }

    /// What every challenge of a form has.
    private static func order(_ context: PageContext) -> JSONValue {
        var order: JSONValue = ["profile": .string(context.form["profile"] ?? "")]
        let life = context.form["life"].flatMap(Double.init)
        order.append("expiresAt", life.map { .date(context.now.addingTimeInterval($0)) } ?? .null)
        return order
    }

    static func make(_ context: PageContext) async throws -> PageResponse {
        let form = context.form
        var order = Self.order(context)
        order.append("uses", form["uses"].flatMap { Int64($0) }.map(JSONValue.integer) ?? .null)
        for name in ["device", "user", "label"] {
            if let value = form[name] { order.append(name, .string(value)) }
        }
        var binding: JSONValue = [:]
        for name in ["subjects", "sans", "addresses"] where !Self.lines(form["binding.\(name)"]).isEmpty {
            binding.append(name, .array(Self.lines(form["binding.\(name)"]).map(JSONValue.string)))
        }
        if let template = form["binding.template"] { binding.append("template", .string(template)) }
        order.append("binding", binding)
        return try await Self.send(APIMessage("POST", ["challenges"], body: order), context) { [$0] }
    }

    static func makeSeveral(_ context: PageContext) async throws -> PageResponse {
        let orders = Self.lines(context.form["devices"]).map { device in
            var order = Self.order(context)
            order.append("device", .string(device))
            return order
        }
        let message = APIMessage("POST", ["challenges", "batch"], body: ["challenges": .array(orders)])
        return try await Self.send(message, context) { $0.list("items") }
    }

    private static func send(
        _ message: APIMessage,
        _ context: PageContext,
        _ made: (JSONValue) -> [JSONValue]
    ) async throws -> PageResponse {
        do throws(APIRefusal) {
            let done = try await context.api.done(message)
            return await Self.shown(made(done.value), context)
        } catch {
            return try await Self.page(context, after: try FormOutcome(error))
        }
    }

    private static func shown(_ challenges: [JSONValue], _ context: PageContext) async -> PageResponse {
        let content: HTML
        if challenges.count == 1, let challenge = challenges.first {
            let profile = challenge.word("profile")
            content = [
                .panel("The challenge", .body(.secret(challenge.word("secret")))),
                .panel(
                    "Give the device",
                    .facts([
                        ("SCEP URL", .mono(context.request.scepURL(ofProfile: profile))),
                        ("Challenge", .mono(challenge.word("secret"))), ("Ends", .time(challenge["expiresAt"]?.text)),
                    ])),
            ]
        } else {
            let table = challenges.map { "\($0.word("device"))\t\($0.word("secret"))" }.joined(separator: "\n")
            content = .panel("\(challenges.count) challenges", .body(.lines(table)))
        }
        return await Shell(
            challenges.count == 1 ? "A challenge" : "Challenges", at: .challenges,
            crumbs: [("Challenges", Link.to("/challenges"))]
        ).page(
            context,
            [
                .notice(
                    .wait, .element("p", "Secrets are shown only now, and are kept in no form that could be read.")),
                content,
            ])
    }
}
