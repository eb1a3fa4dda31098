import AdministrationAPI

/// Forgetting old entries of the audit log.
enum AuditPruning {
    static func panel(_ context: PageContext, _ outcome: FormOutcome) -> HTML {
        guard context.may("audit:delete") else {
            return .notice(
                .accent,
                .paragraph(
                    "Whoever changes this needs the permission `audit:delete`. No built-in role has it: who makes the "
                        + "entries should not be able to forget them. `ucm role create` gives it to a role of your own."
                ))
        }
        return .panel(
            "Forget old entries now",
            .body(
                .form(
                    to: Link.to("/settings/audit/forget"), by: context.visitor,
                    question: "Entries that are forgotten cannot be had back. Export them first if they may be needed. "
                        + "Forget them?",
                    [
                        FormField(
                            "before", "Entries before", hint: "From the beginning of this day on (UTC) they stay.",
                            faults: outcome.faults, isRequired: true
                        ).input("date", value: context.form["before"]),
                        .submit("Forget entries", style: "danger"),
                    ])))
    }

    static func forget(_ context: PageContext) async throws -> PageResponse {
        let body: JSONValue = ["before": .text(ifPresent: context.form["before"])]
        do throws(APIRefusal) {
            try await context.api.done(APIMessage("POST", ["audit", "prune"], body: body))
        } catch {
            return try await SettingsPage.page(context, .audit, after: try FormOutcome(error))
        }
        return .go(Link.to(SettingsPages.Subject.audit.path, [(name: "done", value: "forgotten")]))
    }
}
