import AdministrationAPI

/// Addresses that have sent wrong challenges lately: who waits, and letting them go on.
enum GuessingAddresses {
    static func panel(_ context: PageContext) async throws(APIRefusal) -> HTML {
        let found = try await context.api.get("limits", "addresses", query: [("limit", "100")]).value
        let items = found.list("items")
        let title: HTML = "Addresses that sent wrong challenges"
        guard !items.isEmpty else {
            return .panel(title, .empty("None", .element("p", "Nobody has sent a wrong challenge lately.")))
        }
        let table = Table(
            caption: "Addresses that sent wrong challenges lately",
            columns: [
                .init("Address", "mono", isLabelled: false), .init("State", "state", isLabelled: false),
                .init("Wrong challenges", "number"), .init("Latest"), .init("Until"), .init("Profiles"), .init(""),
            ], rows: items.map { Self.row($0, context) })
        return .panel(
            title,
            [
                table.html,
                found["next"]?.text == nil
                    ? .nothing : .body(.element("p", "There are more; these are the first 100.")),
            ])
    }

    private static func row(_ address: JSONValue, _ context: PageContext) -> Table.Row {
        let waits = address["waitsUntil"]?.text
        let name = address.word("address")
        return Table.Row(
            address: nil,
            cells: [
                HTML(name), waits == nil ? .element("span", ["class": "badge over"], "watched") : Badge.locked.html,
                HTML(address.word("guesses")), .time(address["latest"]?.text), .time(waits),
                HTML(address.words("profiles").joined(separator: ", ")),
                context.may("settings:write")
                    ? .form(
                        to: Link.to("/settings/limits/clear"), by: context.visitor, style: "inline",
                        [
                            .start("input", ["type": "hidden", "name": "address", "value": name]),
                            .submit("Clear", style: "small"),
                        ]) : .nothing,
            ])
    }

    static func clear(_ context: PageContext) async throws -> PageResponse {
        let address = context.form["address"] ?? ""
        do throws(APIRefusal) {
            try await context.api.done(APIMessage("DELETE", ["limits", "addresses", address]))
        } catch {
            return try await SettingsPage.page(context, .limits, after: try FormOutcome(error))
        }
        return .go(Link.to(SettingsPages.Subject.limits.path, [(name: "done", value: "address-cleared")]))
    }
}
