import AdministrationAPI

/// A page of settings, each group with a form of its own.
enum SettingsPage {
    private static let groupName = "group"

    static func page(
        _ context: PageContext,
        _ subject: SettingsPages.Subject,
        after outcome: FormOutcome = .none
    ) async throws -> PageResponse {
        var panels: [HTML] = []
        var warnings: [HTML] = []
        for group in subject.groups {
            let found = try await context.api.get("settings", group.name)
            // What went wrong with one form is not said in the other.
            let own = context.form[Self.groupName] == group.name ? outcome : .none
            let values = FormValues(found.value, found.revision, context, after: own)
            if let warning = found.value["warning"]?.text {
                warnings.append(.notice(.wait, .element("p", HTML(warning))))
            }
            panels.append(Self.panel(group, values, subject, context, own.faults))
        }
        let more: HTML =
            switch subject {
            case .limits: try await GuessingAddresses.panel(context)
            case .audit: AuditPruning.panel(context, outcome)
            default: .nothing
            }
        return await SettingsPages.page(
            context, subject, after: outcome,
            [HTML(warnings), .element("div", ["class": "columns"], HTML(panels)), more])
    }

    private static func panel(
        _ group: SystemSettings.Group,
        _ values: FormValues,
        _ subject: SettingsPages.Subject,
        _ context: PageContext,
        _ faults: [String: String]
    ) -> HTML {
        let title = HTML(group.group.title)
        guard context.may(group.writing) else { return .panel(title, group.group.facts(values)) }
        return .panel(
            title,
            .body(
                .form(
                    to: Link.to(subject.path), by: context.visitor,
                    [
                        group.lead.map { .element("p", ["class": "soft"], HTML($0)) } ?? .nothing,
                        .start("input", ["type": "hidden", "name": "group", "value": group.name]),
                        values.revisionField, .element("div", ["class": "fields"], group.group.fields(values, faults)),
                        .submit("Save"),
                    ])))
    }

    static func change(_ context: PageContext, _ subject: SettingsPages.Subject) async throws -> PageResponse {
        let groups = subject.groups
        guard let group = groups.first(where: { $0.name == context.form[Self.groupName] }) else {
            return .go(Link.to(subject.path))
        }
        let message = APIMessage(
            "PATCH", ["settings", group.name], ifMatch: FormValues.expected(context.form),
            body: [group.group].change(context.form))
        do throws(APIRefusal) {
            try await context.api.done(message)
        } catch {
            return try await Self.page(context, subject, after: try FormOutcome(error))
        }
        return .go(Link.to(subject.path, [(name: "done", value: "saved")]))
    }
}
