import AdministrationAPI
import Foundation

/// How things are: what waits, what was granted and refused, what ends soon.
enum DashboardPage {
    static let routes: [PageRoute] = [.page("", nil, Self.page)]

    private static let days = 30

    private static func page(_ context: PageContext) async throws -> PageResponse {
        guard context.may("statistics:read") else {
            return await Shell("Welcome").page(
                context,
                .panel(
                    "What you may see", .body(.element("p", "Your role sees no numbers. Go where the menu leads."))))
        }
        let statistics = try await context.api.get("statistics", query: [("days", "\(Self.days)")]).value
        var parts: [HTML] = [Self.figures(statistics, context)]
        if statistics["total"]?.count("enrolments") == 0, context.may("profiles:read") {
            parts.append(Self.firstSteps(context))
        }
        parts.append(.panel("Enrolments by day", .body(Self.chart(statistics))))
        var columns: [HTML] = []
        if context.may("requests:read") { columns.append(Self.failures(statistics)) }
        if context.may("certificates:read") { columns.append(try await Self.ending(context, statistics)) }
        if context.may("authorities:read") { columns.append(try await Self.authorities(context)) }
        if context.may("system:read") { columns.append(try await Self.health(context)) }
        parts.append(.element("div", ["class": "columns"], HTML(columns)))
        return await Shell("Dashboard", at: .dashboard, lead: "The last \(Self.days) days, in UTC.").page(
            context, HTML(parts))
    }

    private static func figures(_ statistics: JSONValue, _ context: PageContext) -> HTML {
        let total = statistics["total"] ?? .null
        let rate: String =
            switch total["successRate"] {
            case .number(let share)?: "\(Int((share * 100).rounded())) %"
            case .integer(let share)?: "\(share * 100) %"
            default: "–"
            }
        let first = statistics.list("days").first?["day"]?.text ?? ""
        func since(_ path: String, _ name: String, _ value: String) -> String {
            Link.to(path, [(name: name, value: value), (name: "since", value: first)])
        }
        func figure(_ label: String, _ count: Int, _ address: String, _ tone: Badge.Tone? = nil) -> HTML {
            .figure(label, "\(count)", to: address, tone: count > 0 ? tone : nil)
        }
        let approvals =
            context.may("audit:read") ? since("/audit", "kind", "approved") : since("/requests", "status", "issued")
        return .figures([
            figure("Enrolments", total.count("enrolments"), since("/requests", "status", "issued")),
            figure(
                "Wait for approval", statistics.count("waiting"),
                Link.to("/requests", [(name: "status", value: "pending")]), .wait),
            figure(
                "Granted at once", total.count("issued") + total.count("renewed"), since("/log", "outcome", "issued")),
            figure("Approved by hand", total.count("approved"), approvals),
            figure("Refused by rules", total.count("refused"), since("/log", "outcome", "refused"), .bad),
            figure("Rejected by hand", total.count("rejected"), since("/requests", "status", "rejected"), .bad),
            .figure("Success rate", rate, to: Link.to("/log", [(name: "outcome", value: LogPages.failed)])),
        ])
    }

    private static func chart(_ statistics: JSONValue) -> HTML {
        let days = statistics.list("days")
        func values(_ names: String...) -> [Int] {
            days.map { day in names.reduce(0) { $0 + day.count($1) } }
        }
        return Chart(
            title: "Enrolments and refusals by day",
            days: days.map { $0.word("day") },
            series: [
                Chart.Series(title: "granted", tone: .good, values: values("enrolments")),
                Chart.Series(title: "refused or rejected", tone: .bad, values: values("refused", "rejected")),
                Chart.Series(title: "began to wait", tone: .wait, values: values("pending")),
            ]
        ).html
    }

    /// Why devices failed, the most frequent cause first.
    private static func failures(_ statistics: JSONValue) -> HTML {
        let bars = statistics.list("failures").prefix(10).map { failure in
            (
                title: failure.word("title"),
                address: Link.to("/log", [(name: "failure", value: failure.word("failure"))]),
                count: failure.count("count")
            )
        }
        return .panel(
            "Why devices failed",
            bars.isEmpty
                ? .empty("No device failed", .element("p", "What is refused, and why, is counted here then."))
                : .body(Bars.html(bars, tone: .bad)))
    }

    /// What there is to do when nobody has enrolled yet.
    private static func firstSteps(_ context: PageContext) -> HTML {
        .panel(
            "The first device",
            actions: .button("All that a device needs", to: Link.to("/devices", "default"), style: "main"),
            .body(
                [
                    .element("p", "No device has a certificate yet. To enrol, it needs three things:"),
                    .element(
                        "ol",
                        [
                            .element(
                                "li", ["the SCEP URL ", .element("code", HTML(context.request.scepURL("/scep"))), ","]),
                            .element("li", "the fingerprint of the CA, to be sure that nobody else answers,"),
                            .element(
                                "li",
                                "a challenge: the one that the first start has shown, or one that you make for the device."
                            ),
                        ]),
                    .element("p", "The next page has all of them, and lines to be copied for some clients."),
                ]))
    }

    private static func ending(_ context: PageContext, _ statistics: JSONValue) async throws -> HTML {
        let month = APIDate.text(context.now.addingTimeInterval(30 * 86_400))
        let found = try await context.api.get(
            "certificates",
            query: [("state", "valid"), ("origin", "scep,manual"), ("endsBefore", month), ("limit", "8")]
        ).value
        let rows = found.list("items").map { certificate in
            let address = CertificatePage.address(certificate)
            return Table.Row(
                address: address,
                cells: [
                    .link(address, Subject.short(certificate.word("subject"))), .time(certificate["notAfter"]?.text),
                ])
        }
        let title: HTML = "Certificates that end within 30 days (\(statistics.count("endingSoon")))"
        guard !rows.isEmpty else { return .panel(title, .empty("None", .element("p", "Nothing valid ends so soon."))) }
        let all = Link.to("/certificates", CertificatePages.endingSoon(context))
        return .panel(
            title, actions: .button("All of them", to: all, style: "small"),
            Table(caption: "Certificates that end soon", columns: [.init("Device", "name"), .init("Ends")], rows: rows)
                .html)
    }

    private static func authorities(_ context: PageContext) async throws -> HTML {
        let found = try await context.api.get("cas").value
        let rows = found.list("items").map { authority in
            let list = authority["crl"] ?? .null
            let isRetired = authority["retiredAt"]?.text != nil
            let address = Link.to("/cas", authority.word("name"))
            return Table.Row(
                address: address,
                cells: [
                    .link(address, HTML(authority.word("name"))),
                    (isRetired ? Badge.retired : authority.words("warnings").isEmpty ? .valid : .expiring).html,
                    .time(authority["notAfter"]?.text), .time(list["nextUpdate"]?.text),
                ])
        }
        return .panel(
            "CAs",
            Table(
                caption: "CAs",
                columns: [.init("CA", "name"), .init("State", "state"), .init("Ends"), .init("CRL until")],
                rows: rows
            ).html)
    }

    private static func health(_ context: PageContext) async throws -> HTML {
        let health = try await context.api.get("system", "health").value
        let warnings =
            health.words("warnings")
            + health.list("unserved").map { "Profile \($0.word("profile")): \($0.word("reason"))" }
        let checks = HTML(
            health.list("checks").map { check in
                .element(
                    "li",
                    [
                        Badge.of(check.word("status")), " ",
                        HTML("\(check.word("name")): \(check.word("detail"))"),
                    ])
            })
        return .panel(
            "Health",
            .body(
                [
                    HTML(warnings.map { .notice(.wait, .element("p", HTML($0))) }),
                    .element("ul", ["class": "plain"], checks),
                ]))
    }
}
