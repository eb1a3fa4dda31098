import AdministrationAPI

/// What devices ask by SCEP and are answered, as it happens; and all that one device has asked.
enum LogPages {
    static let routes: [PageRoute] = [.page("/log", "requests:read", Self.page)]

    static let failed = "refused,limited,malformed,unanswered"
    private static let outcomes: [(value: String, label: String)] = [
        (Self.failed, "failed, whatever the cause"), ("issued,sent", "a certificate was sent"),
        ("pending", "waits for approval"), ("refused", "refused"), ("limited", "came too often"),
        ("malformed", "no SCEP"), ("unanswered", "the server failed"), ("answered", "capabilities and CA certificates"),
        ("crl", "a CRL was sent"),
    ]
    private static let types: [(value: String, label: String)] = [
        "PKCSReq", "RenewalReq", "CertPoll", "GetCert", "GetCRL",
    ].map { ($0, $0) }

    /// What devices of a subject have asked.
    static func address(ofDevice subject: String) -> String { Link.to("/log", [(name: "subject", value: subject)]) }

    private static func page(_ context: PageContext) async throws -> PageResponse {
        let query = context.query
        let found = try await context.api.get(
            "exchanges",
            query: [
                ("outcome", query["outcome"]), ("failure", query["failure"]), ("messageType", query["messageType"]),
                ("profile", query["profile"]), ("address", query["address"]), ("subject", query["subject"]),
                ("transactionID", query["transactionID"]), ("q", query["q"]), ("since", query["since"]),
                ("until", query["until"]), ("after", query["after"]), ("limit", "50"),
            ]
        ).value
        if let subject = query["subject"] { return await Self.device(subject, found, context) }
        let filters = Filters(path: "/log", query: query)
        let fields: [HTML] = [
            filters.search("q", "Device"), filters.choice("outcome", "Outcome", Self.outcomes),
            filters.choice("messageType", "Asked", Self.types),
            filters.choice("profile", "Profile", await Names.profiles(context)), filters.text("address", "From"),
            filters.day("since", "Since"), filters.day("until", "Before"), filters.kept("failure"),
            filters.kept("transactionID"),
        ]
        var listing = Listing(
            path: "/log", query: query, filters: fields, table: Self.table(found.list("items")),
            empty: (
                "No device has asked anything yet",
                "Every question of a device is here within a second, answered or not, with the cause where it failed."
            ), next: found["next"]?.text)
        listing.isLive = query["after"] == nil
        let decisions = Link.to("/audit", [(name: "kind", value: "approved,rejected,certificateIssued")])
        return await Shell(
            "Logs", at: .log,
            actions: context.may("audit:read") ? .button("What people decided", to: decisions) : .nothing,
            lead: "What devices ask by SCEP, as it happens. For a failure: why, and what to do. Kept for 30 days."
        ).page(context, listing.html)
    }

    private static func table(_ exchanges: [JSONValue]) -> Table {
        Table(
            caption: "SCEP exchanges, the newest first",
            columns: [
                .init("Device", "name brief", isLabelled: false), .init("Outcome", "state", isLabelled: false),
                .init("Asked"), .init("When"), .init("Profile", "wider"), .init("From", "mono brief"),
                .init("What there is to say", "whole rest"),
            ],
            rows: exchanges.map { exchange in
                Table.Row(
                    address: nil,
                    cells: [
                        Self.name(exchange), Badge.of(exchange.word("outcome")), HTML(Timeline.asked(exchange)),
                        .time(exchange["at"]?.text, exact: true), HTML(exchange.word("profile")),
                        HTML(exchange.word("address")), Self.words(exchange),
                    ], key: exchange.word("id"))
            })
    }

    private static func name(_ exchange: JSONValue) -> HTML {
        guard let subject = exchange["subject"]?.text else { return .element("span", ["class": "soft"], "–") }
        return .link(Self.address(ofDevice: subject), Subject.short(subject))
    }

    private static func words(_ exchange: JSONValue) -> HTML {
        let further = exchange.count("count") - 1
        let parts: [HTML] = [
            exchange["cause"]?.text.map { .element("span", ["class": "cause"], HTML($0)) },
            exchange["cure"]?.text.map { .element("span", ["class": "cure"], HTML($0)) },
            exchange["request"]?.integer.map { .link(Link.to("/requests", "\($0)"), "request \($0)") },
            further > 0 ? .element("span", "and \(further) more in the same minute") : nil,
        ].compactMap(\.self)
        return HTML(parts.flatMap { [$0, " "] })
    }

    // MARK: One device

    private static func device(_ subject: String, _ found: JSONValue, _ context: PageContext) async -> PageResponse {
        let items = found.list("items").map(Timeline.item(exchange:))
        let named: (String) -> String = { Link.to($0, [(name: "q", value: Subject.commonName(subject))]) }
        return await Shell(
            Subject.commonName(subject), at: .log, crumbs: [("Logs", Link.to("/log"))],
            actions: [
                .button("Its requests", to: named("/requests")),
                context.may("certificates:read") ? .button("Its certificates", to: named("/certificates")) : .nothing,
            ], lead: HTML(subject)
        ).page(
            context,
            [
                Timeline.panel(
                    "What it asked, the newest first", items,
                    empty: "No device has asked for this subject within the last 30 days."),
                Paging.links("/log", context.query, next: found["next"]?.text, count: items.count),
            ])
    }
}
