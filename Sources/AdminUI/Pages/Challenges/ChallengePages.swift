import AdministrationAPI

/// Challenges: the list, one of them, and making them.
enum ChallengePages {
    static let routes: [PageRoute] = [
        .page("/challenges", "challenges:read", Self.list),
        .page("/challenges/new", "challenges:write") { try await NewChallengePage.page($0) },
        .form("/challenges/new", "challenges:write", NewChallengePage.make),
        .form("/challenges/new/several", "challenges:write", NewChallengePage.makeSeveral),
        .page("/challenges/{id}", "challenges:read", Self.one),
        .form("/challenges/{id}/revoke", "challenges:write", Self.revoke),
    ]

    private static func list(_ context: PageContext) async throws -> PageResponse {
        let query = context.query
        let found = try await context.api.get(
            "challenges",
            query: [
                ("profile", query["profile"]), ("usable", query["usable"]), ("after", query["after"]), ("limit", "50"),
            ]
        ).value
        let items = found.list("items")
        let table = Table(
            caption: "Challenges, the newest first",
            columns: [
                .init("For", "name", isLabelled: false), .init("State", "state", isLabelled: false),
                .init("Number", "mono"),
                .init("Profile"), .init("Used", "number"), .init("Made"), .init("Ends"), .init("Last used", "wider"),
            ],
            rows: items.map(Self.row))
        let filters = Filters(path: "/challenges", query: query)
        let fields: [HTML] = [
            filters.choice("profile", "Profile", await Names.profiles(context)),
            filters.choice("usable", "State", [("true", "good now")]),
        ]
        return await Shell(
            "Challenges", at: .challenges,
            actions: context.may("challenges:write")
                ? .button("Make a challenge", to: Link.to("/challenges/new"), style: "main") : .nothing,
            lead: "What lets a device enrol. Secrets are shown once, when they are made."
        ).page(
            context,
            Listing(
                path: "/challenges", query: query, filters: fields, table: table,
                empty: (
                    "No challenge",
                    "A challenge lets one device, or everybody who knows it, enrol without being asked again."
                ), next: found["next"]?.text
            ).html)
    }

    private static func row(_ challenge: JSONValue) -> Table.Row {
        let address = Link.to("/challenges", challenge.word("id"))
        return Table.Row(
            address: address,
            cells: [
                .link(address, HTML(Self.name(challenge))), Badge.of(challenge.word("state")),
                HTML(challenge.word("id")), HTML(challenge.word("profile")), HTML(Self.uses(challenge)),
                .time(challenge["createdAt"]?.text), .time(challenge["expiresAt"]?.text),
                .time(challenge["lastUsedAt"]?.text),
            ])
    }

    /// What people call it: its device, user or label.
    private static func name(_ challenge: JSONValue) -> String {
        let names = ["device", "user", "label"].compactMap { challenge[$0]?.text }.filter { !$0.isEmpty }
        return names.first ?? (challenge["maximumUses"]?.integer == nil ? "static" : "no name")
    }

    private static func uses(_ challenge: JSONValue) -> String {
        let used = "\(challenge.count("uses"))"
        return challenge["maximumUses"]?.integer.map { "\(used) of \($0)" } ?? used
    }

    private static func one(_ context: PageContext) async throws -> PageResponse {
        let challenge = try await context.api.get("challenges", context.parameter("id")).value
        let binding = challenge["binding"] ?? .null
        func list(_ name: String) -> HTML? {
            binding.words(name).isEmpty ? nil : HTML(binding.words(name).joined(separator: ", "))
        }
        let facts = HTML.facts([
            ("Number", .mono(challenge.word("id"))), ("Profile", HTML(challenge.word("profile"))),
            ("Device", challenge.fact("device")), ("User", challenge.fact("user")), ("Label", challenge.fact("label")),
            ("Used", HTML(Self.uses(challenge))),
            ("Held by requests that wait", challenge.count("reserved") > 0 ? "\(challenge.count("reserved"))" : nil),
            ("Subjects", list("subjects")), ("SANs", list("sans")), ("Addresses", list("addresses")),
            ("Template", binding.fact("template")), ("Made", .time(challenge["createdAt"]?.text)),
            ("Made by", HTML(challenge.word("createdBy"))),
            ("Ends", challenge["expiresAt"]?.text.map { .time($0) } ?? "never"),
            ("Last used", challenge["lastUsedAt"]?.text.map { .time($0) }),
            ("Last used from", challenge["lastUsedFrom"]?.text.map { .mono($0) }),
            ("Revoked", challenge["revokedAt"]?.text.map { .time($0) }), ("Revoked by", challenge.fact("revokedBy")),
        ])
        let canBeRevoked =
            context.may("challenges:write") && ["usable", "reserved"].contains(challenge.word("state"))
        let revocation = HTML.form(
            to: Link.to("/challenges", challenge.word("id"), "/revoke"), by: context.visitor,
            question: "A device that has only this challenge cannot enrol any more. Revoke it?",
            .submit("Revoke challenge", style: "danger"))
        let requests = Link.to("/requests", [(name: "challenge", value: challenge.word("id"))])
        return await Shell(
            Self.name(challenge), at: .challenges, crumbs: [("Challenges", Link.to("/challenges"))],
            mark: Badge.of(challenge.word("state")),
            actions: [.button("Requests with it", to: requests), canBeRevoked ? revocation : .nothing]
        ).page(context, .panel("Challenge", facts))
    }

    private static func revoke(_ context: PageContext) async throws -> PageResponse {
        let id = context.parameter("id")
        try await context.api.done(APIMessage("POST", ["challenges", id, "revoke"]))
        return .go(Link.to("/challenges/\(APIPath.escaped(id))", [(name: "done", value: "challenge-revoked")]))
    }
}
