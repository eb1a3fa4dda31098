import AdministrationAPI

/// The audit log: who changed and decided what, and the proof that nobody has altered it.
enum AuditPages {
    static let routes: [PageRoute] = [
        .page("/audit", "audit:read", Self.list),
        .page("/audit/verify", "audit:read", Self.verify),
        .page("/audit/{id}", "audit:read", Self.entry),
    ]

    private static func list(_ context: PageContext) async throws -> PageResponse {
        let query = context.query
        let found = try await context.api.get(
            "audit",
            query: [
                ("q", query["q"]), ("actor", query["actor"]), ("profile", query["profile"]), ("kind", query["kind"]),
                ("object", query["object"]), ("address", query["address"]), ("request", query["request"]),
                ("certificate", query["certificate"]), ("challenge", query["challenge"]), ("since", query["since"]),
                ("until", query["until"]), ("after", query["after"]), ("limit", "50"),
            ]
        ).value
        let items = found.list("items")
        let table = Table(
            caption: "The audit log, the newest first",
            columns: [
                .init("What", "name", isLabelled: false), .init("When"), .init("Who"), .init("From", "mono"),
                .init("About"),
                .init("Detail", "wider"),
            ],
            rows: items.map(Self.row))
        let filters = Filters(path: "/audit", query: query)
        let fields: [HTML] = [
            filters.search("q", "Text"), filters.text("actor", "Who"), filters.text("kind", "What"),
            filters.choice("profile", "Profile", await Names.profiles(context)), filters.day("since", "From"),
            filters.day("until", "Before"),
        ]
        let exports: HTML = [
            .element(
                "a", ["class": "button", "href": APIPath.root + "/audit/export?format=jsonl", "download": ""],
                "Export JSON lines"),
            .element(
                "a", ["class": "button", "href": APIPath.root + "/audit/export?format=csv", "download": ""],
                "Export CSV"),
            .button("Verify", to: Link.to("/audit/verify"), style: "main"),
        ]
        var listing = Listing(
            path: "/audit", query: query, filters: fields, table: table,
            empty: ("No entry", "Whatever is changed and decided is here then."), next: found["next"]?.text)
        listing.isLive = query["after"] == nil
        return await Shell(
            "Audit", at: .audit, actions: exports,
            lead: "Every change and every decision, in a chain that shows when it was altered."
        ).page(
            context, listing.html)
    }

    private static func row(_ event: JSONValue) -> Table.Row {
        let address = Link.to("/audit", event.word("id"))
        let about =
            event["object"]?.text ?? event["subject"]?.text ?? event["request"]?.integer.map { "request \($0)" } ?? "–"
        return Table.Row(
            address: address,
            cells: [
                .link(address, HTML(event.word("kind"))), .time(event["at"]?.text), HTML(event.word("actor")),
                HTML(event["origin"]?.text ?? event.word("address")),
                .element("span", ["title": about], HTML(about)),
                .element("span", ["title": event["detail"]?.text ?? ""], HTML(event["detail"]?.text ?? "")),
            ], key: event.word("id"))
    }

    private static func entry(_ context: PageContext) async throws -> PageResponse {
        let event = try await context.api.get("audit", context.parameter("id")).value
        func link(_ name: String, _ path: String) -> HTML? {
            event[name]?.integer.map { .link(Link.to(path, "\($0)"), "\($0)") }
        }
        let facts = HTML.facts([
            ("Entry", .mono(event.word("id"))), ("When", .time(event["at"]?.text, exact: true)),
            ("Who", HTML(event.word("actor"))), ("By", event.fact("via")),
            ("From", event["origin"]?.text.map { .mono($0) }),
            ("Outcome", event.fact("outcome")), ("About", event.fact("object")), ("Profile", event.fact("profile")),
            ("Request", link("request", "/requests")), ("Challenge", link("challenge", "/challenges")),
            ("Subject", event.fact("subject")), ("Device's address", event["address"]?.text.map { .mono($0) }),
            ("Detail", event.fact("detail")), ("Place and digest", event["place"]?.text.map { .mono($0) }),
        ])
        let differences = event.list("differences").map { difference in
            Table.Row(
                address: nil,
                cells: [
                    HTML(difference.word("name")), HTML(difference.word("before")), HTML(difference.word("after")),
                ])
        }
        return await Shell(
            event.word("kind"), at: .audit, crumbs: [("Audit", Link.to("/audit"))]
        ).page(
            context,
            [
                .panel("Entry", facts),
                differences.isEmpty
                    ? .nothing
                    : .panel(
                        "What was changed",
                        Table(
                            caption: "What was changed",
                            columns: [.init("Setting", "name"), .init("Before"), .init("After")],
                            rows: differences
                        ).html),
            ])
    }

    private static func verify(_ context: PageContext) async throws -> PageResponse {
        let verification = try await context.api.get("audit", "verification").value
        let isIntact = verification.isTrue("intact")
        let faults = HTML(verification.words("faults").map { .notice(.bad, .element("p", HTML($0))) })
        let rows = verification.list("chains").map { chain in
            Table.Row(
                address: nil,
                cells: [
                    HTML(chain.word("chain")), HTML(chain.word("entries")), HTML(chain.word("forgotten")),
                    .mono(chain.word("head")),
                ])
        }
        return await Shell(
            "The audit log is \(isIntact ? "whole" : "altered")", at: .audit, crumbs: [("Audit", Link.to("/audit"))],
            mark: (isIntact ? Badge.valid : .altered).html,
            lead:
                "Note the head elsewhere: whoever could write all of the database anew cannot change what you have noted."
        ).page(
            context,
            [
                faults,
                .panel(
                    "Chains",
                    Table(
                        caption: "The chains",
                        columns: [
                            .init("Chain", "name"), .init("Entries", "number"), .init("Forgotten", "number"),
                            .init("Head"),
                        ], rows: rows
                    ).html),
            ])
    }
}
