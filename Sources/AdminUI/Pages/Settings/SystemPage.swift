import AdministrationAPI

/// How the server does, what ends soon, and which version it is.
enum SystemPage {
    /// What to do where a check fails.
    private static let cures = [
        "database": "The server's log says why. Look whether the disk is full, and whether the file can be written.",
        "keys": "Start the server with the master key with which the keys were sealed, or make a CA.",
        "profiles": "Below is said which of them are not served, and why.",
    ]

    static func page(_ context: PageContext) async throws -> PageResponse {
        let health = try await context.api.get("system", "health").value
        let version = try await context.api.get("system", "version").value
        let warnings = health.words("warnings").map { HTML.notice(.wait, .element("p", HTML($0))) }
        let checks = Table(
            caption: "What was checked",
            columns: [
                .init("Check", "name", isLabelled: false), .init("State", "state", isLabelled: false),
                .init("What was found", "whole", isLabelled: false),
            ],
            rows: health.list("checks").map { check in
                let cure = check.word("status") == "ok" ? nil : Self.cures[check.word("name")]
                return Table.Row(
                    address: nil,
                    cells: [
                        HTML(check.word("name")), Badge.of(check.word("status")),
                        [HTML(check.word("detail")), cure.map { .element("p", HTML($0)) } ?? .nothing],
                    ])
            })
        return await SettingsPages.page(
            context, .system,
            [
                HTML(warnings),
                .element(
                    "div", ["class": "columns"],
                    [
                        .panel(
                            "Server",
                            .facts([
                                ("State", Badge.of(health.word("status"))), ("Version", HTML(version.word("version"))),
                                ("Address", .mono(context.request.origin)),
                                ("For programs", .element("a", ["href": "/api/docs"], "REST API")),
                            ])),
                        .panel("Checks", checks.html),
                    ]), Self.unserved(health.list("unserved")),
            ])
    }

    private static func unserved(_ profiles: [JSONValue]) -> HTML {
        guard !profiles.isEmpty else { return .nothing }
        return .panel(
            "Profiles that are not served",
            Table(
                caption: "Profiles that are not served", columns: [.init("Profile", "name"), .init("Why", "whole")],
                rows: profiles.map { profile in
                    let address = Link.to("/profiles", profile.word("profile"))
                    return Table.Row(
                        address: address,
                        cells: [.link(address, HTML(profile.word("profile"))), HTML(profile.word("reason"))])
                }
            ).html)
    }
}
