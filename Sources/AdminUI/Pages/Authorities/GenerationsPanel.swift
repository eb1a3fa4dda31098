import AdministrationAPI

/// The CAs that follow one another, and how far the passage from one to the next is (RFC 8894 §5.1).
enum GenerationsPanel {
    static func html(
        _ authority: Authority,
        among all: [Authority],
        _ context: PageContext,
        _ faults: [String: String]
    ) -> HTML {
        let line = all.generations(of: authority)
        let canPlan = context.may("authorities:write") && authority.next == nil && !authority.isRetired
        let plan: HTML =
            canPlan
            ? .button("Plan the rollover", to: Authority.address(authority.name, "/rollover"), style: "small")
            : .nothing
        return .panel(
            "Generations", actions: plan,
            [
                line.count > 1 ? Self.table(line, authority, context) : .nothing,
                .body([Self.sentence(authority, all, context), Self.rescheduling(authority, context, faults)]),
            ])
    }

    private static func table(_ line: [Authority], _ current: Authority, _ context: PageContext) -> HTML {
        Table(
            caption: "The CAs that follow one another, the oldest first",
            columns: [
                .init("CA", "name", isLabelled: false), .init("State", "state", isLabelled: false), .init("Key"),
                .init("Starts"), .init("Ends"), .init("Profiles", "number"), .init("Hands over"),
            ],
            rows: line.map { authority in
                Table.Row(
                    address: nil,
                    cells: [
                        authority.name == current.name
                            ? .element("strong", HTML(authority.name)) : .link(authority.address, HTML(authority.name)),
                        authority.state(at: context.now).html, HTML(authority.key),
                        .time(authority.value["notBefore"]?.text), .time(authority.value["notAfter"]?.text),
                        "\(authority.profiles.count)", .time(authority.value["next"]?["switchAt"]?.text),
                    ])
            }
        ).html
    }

    /// What the rollover means at this moment.
    private static func sentence(_ authority: Authority, _ all: [Authority], _ context: PageContext) -> HTML {
        guard let next = authority.next else {
            if let older = all.predecessor(of: authority), let rollover = older.next, rollover.switchAt > context.now {
                return .element(
                    "p",
                    [
                        "This CA takes over from ", .link(older.address, HTML(older.name)), " ",
                        .time(APIDate.text(rollover.switchAt)),
                        ". Devices that ask for the next CA get it already; what is encrypted for it is issued by it.",
                    ])
            }
            return .element(
                "p",
                HTML(
                    "No CA follows this one. Plan it well before the end: devices can ask for the next CA ahead of time, and "
                        + "need to have asked once before this one ends."))
        }
        let link = HTML.link(Authority.address(next.name), HTML(next.name))
        let time = HTML.time(APIDate.text(next.switchAt))
        guard next.switchAt > context.now else {
            return .element(
                "p",
                [
                    link, " has taken over ", time,
                    ". What this CA has issued stays valid to its end, and its CRL and OCSP go on.",
                ])
        }
        return .element(
            "p",
            [
                link, " takes over ", time,
                HTML(
                    ". Until then this CA goes on issuing. Devices that ask for the next CA (GetNextCACert) get it already, signed "
                        + "by this one; then all profiles change over, and new certificates and renewals come from the next CA."
                ),
            ])
    }

    private static func rescheduling(
        _ authority: Authority,
        _ context: PageContext,
        _ faults: [String: String]
    ) -> HTML {
        guard let next = authority.next, next.switchAt > context.now, context.may("authorities:write") else {
            return .nothing
        }
        return .form(
            to: Authority.address(authority.name, "/reschedule"), by: context.visitor,
            question: "All profiles of \(authority.name) change over at that time. Move the rollover?",
            [
                RolloverPage.timeField("Takes over", faults).input(
                    "datetime-local",
                    value: context.form["switchAt"] ?? RolloverPage.local(next.switchAt)),
                .submit("Move the rollover", style: ""),
            ])
    }
}
