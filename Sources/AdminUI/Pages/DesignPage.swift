/// All parts of which pages are made, side by side, to be looked at in light and dark.
enum DesignPage {
    static let routes: [PageRoute] = [.page("/design", nil, Self.page)]

    private static func page(_ context: PageContext) async throws -> PageResponse {
        await Shell(
            "The design system", mark: .element("span", ["class": "count"], "7"),
            actions: [.button("Another action", to: "#"), .button("The main action", to: "#", style: "main")],
            lead: "Every part that pages are made of."
        ).page(
            context,
            [
                .figures([
                    .figure("A number", "1,024", to: "#"),
                    .figure("Where one is", "7", to: "#", tone: .wait, isCurrent: true),
                    .figure("Bad", "3", to: "#", tone: .bad), .figure("Without a list", "98 %", to: nil, tone: .good),
                ]),
                Tabs(
                    label: "Tabs",
                    tabs: [
                        .init(title: "Where one is", address: "#", isCurrent: true),
                        .init(title: "Beside it", address: "#", isCurrent: false),
                    ]
                ).html,
                .panel("Badges", .body(HTML(Badge.allCases.map { [$0.html, " "] }))),
                .panel(
                    "Notices",
                    .body([
                        .notice(.good, .element("p", "It is done.")), .notice(.wait, .element("p", "It waits.")),
                        .notice(.bad, .element("p", "It went wrong.")),
                        .notice(.accent, .element("p", "One should know it.")),
                    ])),
                .panel(
                    "A form",
                    .body(
                        .form(
                            to: "#", by: context.visitor,
                            [
                                FormField("name", "Name", hint: "With a `hint`.").input(value: "something"),
                                FormField("wrong", "What is wrong", faults: ["wrong": "It has to be a number."]).input(
                                    value: "abc"),
                                FormField("choice", "One of several").choice(
                                    [("a", "The first"), ("b", "The second")], value: "b"),
                                FormField("check", "Yes or no", hint: "with a hint").check(isOn: true),
                                FormField("lines", "Several lines").lines(value: "-----BEGIN CERTIFICATE-----"),
                                .element(
                                    "div", ["class": "buttons"],
                                    [
                                        .submit("Save"), .submit("Another", style: ""),
                                        .submit("Delete", style: "danger"),
                                    ]),
                            ]))),
                .panel("Secrets and lines", .body([.secret("rw337-hjtp4-kebzk-bp2uw"), .lines("ucm scep enroll …")])),
                .panel("Nothing", .empty("There is nothing yet", .element("p", "This says what to do."))),
                Timeline.panel(
                    "A timeline",
                    [
                        .init(
                            date: "2027-01-31T12:00:00Z", title: "GetCACaps", tone: .over, isQuestion: true,
                            remarks: ["from 192.0.2.1"]),
                        .init(
                            date: "2027-01-31T12:00:01Z", title: "PKCSReq: FAILURE, badTime", tone: .bad,
                            remarks: ["RSA, SHA-256, AES-128"], cause: "The device's clock is not right.",
                            cure: "Set the device's clock, best by NTP."),
                        .init(date: "2027-01-31T12:05:00Z", title: "PKCSReq: PENDING", tone: .wait),
                        .init(date: "2027-01-31T12:10:00Z", title: "alice approved", tone: .good),
                    ]),
                .panel(
                    "Bars", .body(Bars.html([("The most", "#", 14), ("Fewer", "#", 5), ("One", "#", 1)], tone: .bad))),
                .panel(
                    "A table",
                    Table(
                        caption: "Things", columns: [.init("Name", "name"), .init("State", "state"), .init("When")],
                        rows: [
                            .init(address: nil, cells: ["pump-4", Badge.issued.html, .time("2027-01-31T12:10:00Z")]),
                            .init(address: nil, cells: ["pump-5", Badge.pending.html, .time("2027-01-31T12:11:00Z")]),
                        ]
                    ).html),
                .panel(
                    "A chart",
                    .body(
                        Chart(
                            title: "A chart", days: (1...30).map { "2027-01-\($0 < 10 ? "0" : "")\($0)" },
                            series: [
                                .init(title: "granted", tone: .good, values: (1...30).map { $0 * 7 % 19 }),
                                .init(title: "refused", tone: .bad, values: (1...30).map { $0 * 5 % 7 }),
                            ]
                        ).html)),
            ])
    }
}
