import AdministrationAPI
import Foundation

/// Planning the passage from one CA to the next.
enum RolloverPage {
    static func page(
        _ context: PageContext,
        after outcome: FormOutcome = .none
    ) async throws -> PageResponse {
        let authority = try await Authority.named(context.parameter("name"), context)
        let all = try await Authority.all(context)
        let form = context.form
        let candidates = all.filter { other in
            other.name != authority.name && other.isUsable(at: context.now) && other.next == nil
                && all.predecessor(of: other) == nil
        }
        let successors =
            (authority.isRoot ? [(value: "", label: "a new root, made now")] : [])
            + candidates.map { (value: $0.name, label: $0.name) }
        let crumbs = [("CAs", Link.to("/cas")), (authority.name, authority.address)]
        let shell = Shell(
            "Plan the rollover", at: .authorities, crumbs: crumbs,
            lead: "Which CA follows \(authority.name), and when.")
        guard !successors.isEmpty else {
            return await shell.page(
                context,
                .panel(
                    "Which CA", .empty("There is no CA that could follow", Self.preparation(authority))))
        }
        return await shell.page(
            context, status: outcome.status,
            [
                outcome.notice,
                .element(
                    "div", ["class": "columns"],
                    [
                        .panel(
                            "The next CA",
                            .body(
                                .form(
                                    to: Authority.address(authority.name, "/rollover"), by: context.visitor,
                                    question: "The next CA is announced to devices from now on. Go on?",
                                    Self.fields(authority, successors, form, context, outcome.faults)))),
                        .panel("What happens", .body(Self.explanation(authority))),
                    ]),
            ])
    }

    private static func fields(
        _ authority: Authority,
        _ successors: [(value: String, label: String)],
        _ form: PageFields,
        _ context: PageContext,
        _ faults: [String: String]
    ) -> HTML {
        let root: HTML =
            authority.isRoot
            ? [
                FormField(
                    "newName", "Name of a new root", hint: "Empty: the name with its generation, as in `UCM CA G2`.",
                    faults: faults
                ).input(value: form["newName"]),
                FormField("key", "Key of a new root", faults: faults).choice(
                    [("", "as now: \(authority.key)")] + Authority.keys, value: form["key"] ?? ""),
            ] : .nothing
        return [
            FormField(
                "to", "Which CA follows",
                hint: authority.isRoot
                    ? nil : "One that is there: for the next CA below another one, make or request it first.",
                faults: faults
            ).choice(successors, value: form["to"] ?? ""),
            root,
            FormField("when", "When everybody changes over", faults: faults).choice(
                [("later", "at the time below"), ("now", "at once")], value: form["when"] ?? "later"),
            Self.timeField("Time", faults).input(
                "datetime-local",
                value: form["switchAt"] ?? Self.local(context.now.addingTimeInterval(30 * 86_400))),
            .submit("Plan the rollover"),
        ]
    }

    private static func explanation(_ authority: Authority) -> HTML {
        .element(
            "ol",
            [
                .element(
                    "li",
                    HTML(
                        "From now on the server gives the next CA's certificate to devices that ask for it (GetNextCACert), signed "
                            + "by \(authority.name), so that they trust it before they need it.")),
                .element("li", "Until the time that you give, \(authority.name) goes on issuing."),
                .element(
                    "li",
                    HTML(
                        "Then all profiles of \(authority.name) change over at once: new certificates and renewals come from the "
                            + "next CA. Devices that have not asked for it by then have to be given it by hand.")),
                .element(
                    "li",
                    HTML(
                        "What \(authority.name) has issued stays valid to its end, and its CRL and OCSP go on. The time can be "
                            + "moved until it has come; a plan cannot be taken back.")),
            ])
    }

    private static func preparation(_ authority: Authority) -> HTML {
        [
            .element(
                "p",
                HTML(
                    "\(authority.name) is below another CA, so the next one has to be there first: make it below the same CA, or "
                        + "request its certificate.")),
            .button("Make a CA", to: Link.to("/cas/new"), style: "main"), " ",
            .button("Request from another CA", to: Link.to("/ca-requests/new")),
        ]
    }

    // MARK: Times

    static func timeField(_ label: String, _ faults: [String: String]) -> FormField {
        FormField("switchAt", label, hint: "In UTC.", faults: faults)
    }

    /// A time as a browser's field has it: in UTC, to the minute.
    static func local(_ date: Date) -> String { String(APIDate.text(date).prefix(16)) }

    /// The time of a form, as the API takes it; what cannot be read goes on as it is, so that the API says so.
    private static func time(_ form: PageFields) -> JSONValue {
        let text = form["switchAt"] ?? ""
        return .string(text.count == 16 ? text + ":00Z" : text.hasSuffix("Z") ? text : text + "Z")
    }

    /// What is wrong with a time that has passed: it is a slip of the pen.
    private static func past(_ time: JSONValue, _ context: PageContext) -> FormOutcome? {
        guard let date = time.text.flatMap(APIDate.date), date < context.now.addingTimeInterval(-60) else { return nil }
        return FormOutcome("switchAt", "This time is in the past: choose one that is to come.")
    }

    // MARK: What is done

    static func plan(_ context: PageContext) async throws -> PageResponse {
        let form = context.form
        let time = form["when"] == "now" ? JSONValue.date(context.now) : Self.time(form)
        if let outcome = Self.past(time, context) { return try await Self.page(context, after: outcome) }
        var body: JSONValue = ["switchAt": time]
        if let successor = form["to"] {
            body.append("to", .string(successor))
        } else {
            for name in ["newName", "key"] {
                if let value = form[name] { body.append(name, .string(value)) }
            }
        }
        let name = context.parameter("name")
        do throws(APIRefusal) {
            try await context.api.done(APIMessage("POST", ["cas", name, "rollover"], body: body))
        } catch {
            return try await Self.page(context, after: try FormOutcome(error))
        }
        return AuthorityActions.back(to: name, form["when"] == "now" ? "rollover-done" : "rollover-planned")
    }

    static func reschedule(_ context: PageContext) async throws -> PageResponse {
        let name = context.parameter("name")
        let time = Self.time(context.form)
        if let outcome = Self.past(time, context) { return try await AuthorityPage.page(context, after: outcome) }
        do throws(APIRefusal) {
            try await context.api.done(APIMessage("PUT", ["cas", name, "rollover"], body: ["switchAt": time]))
        } catch {
            return try await AuthorityPage.page(context, after: try FormOutcome(error))
        }
        return AuthorityActions.back(to: name, "rollover-moved")
    }
}
