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
        var parts: [HTML] = [Self.figures(statistics)]
        if statistics["total"]?.count("enrolments") == 0, context.may("profiles:read") {
            parts.append(Self.firstSteps(context))
        }
        parts.append(.panel("Enrolments by day", .body(Self.chart(statistics))))
        var columns: [HTML] = []
        if context.may("certificates:read") { columns.append(try await Self.ending(context, statistics)) }
        if context.may("authorities:read") { columns.append(try await Self.authorities(context)) }
        if context.may("system:read") { columns.append(try await Self.health(context)) }
        parts.append(.element("div", ["class": "columns"], HTML(columns)))
        return await Shell("Dashboard", at: .dashboard, lead: "The last \(Self.days) days, in UTC.").page(
            context, HTML(parts))
    }

    private static func figures(_ statistics: JSONValue) -> HTML {
        let total = statistics["total"] ?? .null
        let waiting = statistics.count("waiting")
        let rate: String =
            switch total["successRate"] {
            case .number(let share)?: "\(Int((share * 100).rounded())) %"
            case .integer(let share)?: "\(share * 100) %"
            default: "–"
            }
        func requests(_ status: String) -> String { Link.to("/requests", [(name: "status", value: status)]) }
        return .figures([
            .figure("Enrolments", "\(total.count("enrolments"))", to: requests("issued")),
            .figure("Wait for approval", "\(waiting)", to: requests("pending"), tone: waiting > 0 ? .wait : nil),
            .figure("Granted at once", "\(total.count("issued") + total.count("renewed"))", to: requests("issued")),
            .figure("Approved by hand", "\(total.count("approved"))", to: requests("issued")),
            .figure(
                "Rejected and refused", "\(total.count("rejected") + total.count("refused"))", to: requests("rejected"),
                tone: total.count("rejected") + total.count("refused") > 0 ? .bad : nil),
            .figure("Success rate", rate, to: nil),
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

    private static func firstSteps(_ context: PageContext) -> HTML {
        let url = "\(context.request.origin)/scep"
        return .panel(
            "The first device",
            .body(
                [
                    .element(
                        "p",
                        "No device has a certificate yet. It needs the SCEP URL and the challenge that the first start has shown:"
                    ),
                    .lines(url),
                    .element("p", "To try it from any machine that has this program:"),
                    .lines(
                        "ucm scep enroll \(url) --fingerprint <the CA's, below> --subject CN=first-device \\\n"
                            + "    --challenge-file challenge --key-out device.key --out device.pem"),
                ]))
    }

    private static func ending(_ context: PageContext, _ statistics: JSONValue) async throws -> HTML {
        let month = APIDate.text(context.now.addingTimeInterval(30 * 86_400))
        let found = try await context.api.get(
            "certificates",
            query: [("state", "valid"), ("origin", "scep,manual"), ("endsBefore", month), ("limit", "8")]
        ).value
        let rows = found.list("items").map { certificate in
            Table.Row(
                address: nil,
                cells: [Subject.short(certificate.word("subject")), .time(certificate["notAfter"]?.text)])
        }
        let title: HTML = "Certificates that end within 30 days (\(statistics.count("endingSoon")))"
        guard !rows.isEmpty else { return .panel(title, .empty("None", .element("p", "Nothing valid ends so soon."))) }
        return .panel(
            title,
            Table(caption: "Certificates that end soon", columns: [.init("Device", "name"), .init("Ends")], rows: rows)
                .html)
    }

    private static func authorities(_ context: PageContext) async throws -> HTML {
        let found = try await context.api.get("cas").value
        let rows = found.list("items").map { authority in
            let list = authority["crl"] ?? .null
            let isRetired = authority["retiredAt"]?.text != nil
            return Table.Row(
                address: nil,
                cells: [
                    HTML(authority.word("name")),
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
                        Badge(rawValue: check.word("status") == "ok" ? "valid" : "failed")?.html ?? .nothing, " ",
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
