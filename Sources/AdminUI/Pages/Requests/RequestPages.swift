import AdministrationAPI

/// Requests of devices: the queue and everything that came before.
enum RequestPages {
    static let routes: [PageRoute] = [
        .page("/requests", "requests:read", Self.list),
        .page("/requests/{id}", "requests:read") { try await RequestPage.page($0) },
        .form("/requests/decide", "requests:decide", Self.decideSeveral),
        .form("/requests/{id}/approve", "requests:decide") { try await RequestPage.approve($0) },
        .form("/requests/{id}/reject", "requests:decide") { try await RequestPage.reject($0) },
    ]

    private static let statuses = ["pending", "issued", "rejected", "expired", "replaced"]

    private static let figures = StateFigures(
        path: "/requests", counting: ["requests", "count"],
        figures: [
            .init(label: "Wait for approval", filter: [(name: "status", value: "pending")], tone: .wait),
            .init(label: "Issued", filter: [(name: "status", value: "issued")]),
            .init(label: "Rejected", filter: [(name: "status", value: "rejected")], tone: .bad),
            .init(label: "Nobody decided in time", filter: [(name: "status", value: "expired")]),
        ])

    private static func list(_ context: PageContext) async throws -> PageResponse {
        let query = context.query
        let found = try await context.api.get(
            "requests",
            query: [
                ("status", query["status"]), ("profile", query["profile"]), ("q", query["q"]),
                ("address", query["address"]), ("transactionID", query["transactionID"]),
                ("challenge", query["challenge"]),
                ("since", query["since"]),
                ("until", query["until"]), ("after", query["after"]), ("limit", "50"),
            ]
        ).value
        let items = found.list("items")
        let canDecide = context.may("requests:decide") && items.contains { $0.word("status") == "pending" }
        let table = Table(
            caption: "Requests, the newest first",
            columns: [
                .init("Device", "name", isLabelled: false), .init("Status", "state", isLabelled: false),
                .init("Request", "mono"), .init("Profile", "wider"), .init("Key", "wider"), .init("From", "mono wider"),
                .init("Fingerprint", "mono wider"), .init("Received"),
            ],
            rows: items.map { Self.row($0, isTicked: canDecide) })
        let filters = Filters(path: "/requests", query: query)
        let fields: [HTML] = [
            filters.search("q", "Device"), filters.choice("status", "Status", Self.statuses),
            filters.choice("profile", "Profile", await Names.profiles(context)), filters.day("since", "From"),
            filters.day("until", "Before"),
        ]
        var listing = Listing(
            path: "/requests", query: query, filters: fields, table: table,
            empty: (
                "No device has asked yet",
                "Give a device the SCEP URL of a profile and a challenge; what it asks for is here then."
            ), next: found["next"]?.text)
        listing.isLive = query["after"] == nil
        if canDecide {
            listing.around = Bulk.form(to: Link.to("/requests/decide"), by: context.visitor, Self.bulk)
        }
        return await Shell(
            "SCEP Requests", at: .requests,
            lead: "What devices have asked for. Keys: j and k move, Enter opens, a approves, r rejects, / searches."
        ).page(
            context, [await Self.figures.html(context), listing.beside])
    }

    private static func row(_ request: JSONValue, isTicked: Bool) -> Table.Row {
        let id = request.word("id")
        let address = Link.to("/requests", id)
        let isPending = request.word("status") == "pending"
        return Table.Row(
            address: address,
            cells: [
                .link(address, Subject.short(request.word("subject"))), Badge.of(request.word("status")), HTML(id),
                HTML(request.word("profile")), HTML(request.word("key")), HTML(request.word("address")),
                .mono(request["csrFingerprint"]?.text ?? "–", upTo: 12), .time(request["createdAt"]?.text),
            ],
            tick: isTicked && isPending ? ("id", id, Subject.commonName(request.word("subject"))) : nil, key: id)
    }

    private static let bulk: HTML = [
        .submit("Approve those", style: "small main", name: "action", value: "approve"),
        Bulk.text(
            "reason", "Reason of a rejection", placeholder: "Why, where they are rejected: the devices are told"),
        .submit("Reject those", style: "small danger", name: "action", value: "reject"),
    ]

    private static func decideSeveral(_ context: PageContext) async throws -> PageResponse {
        let ids = context.form.values("id").compactMap { Int64($0) }
        guard !ids.isEmpty else { return .go(Link.to("/requests", [(name: "status", value: "pending")])) }
        var body: JSONValue = [
            "ids": .array(ids.map(JSONValue.integer)), "action": .string(context.form["action"] ?? ""),
        ]
        if let reason = context.form["reason"] { body.append("reason", .string(reason)) }
        let done = try await context.api.done(APIMessage("POST", ["requests", "decide"], body: body))
        let failed = done.value.list("items").filter { $0.word("outcome") == "failed" }
        guard !failed.isEmpty else {
            return .go(Link.to("/requests", [(name: "status", value: "pending"), (name: "done", value: "decided")]))
        }
        let outcomes = failed.map {
            (name: $0.word("id"), address: Link.to("/requests", $0.word("id")), reason: $0.word("problem"))
        }
        return await Shell("Not all of them", at: .requests, crumbs: [("SCEP Requests", Link.to("/requests"))]).page(
            context, Bulk.failures(outcomes, of: ids.count))
    }
}
