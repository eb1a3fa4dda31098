import AdministrationAPI
import ArgumentParser
import Server

/// `ucm stats`.
struct StatisticsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Show how many requests came and what became of them, and how many certificates there are."
    )

    @Option(help: ArgumentHelp("How many days back, with today (UTC).", valueName: "number")) var days = 30
    @OptionGroup var options: AdministrationOptions

    /// What is counted of a day: under which name, the heading of its column, and what it means.
    private static let counts = [
        ("enrolments", "ENROLMENTS", "Certificates that devices got"),
        ("issued", "ISSUED", "  enrolments granted at once"), ("renewed", "RENEWED", "  renewals"),
        ("approved", "APPROVED", "  requests that somebody approved"),
        ("pending", "PENDING", "Requests that began to wait"),
        ("refused", "REFUSED", "Requests that the rules refused"),
        ("rejected", "REJECTED", "Requests that somebody rejected"),
        ("expired", "EXPIRED", "Requests that nobody decided on in time"),
        ("issuedByHand", "BY HAND", "Certificates issued by hand"), ("revoked", "REVOKED", "Certificates revoked"),
    ]

    func validate() throws {
        guard (1...366).contains(self.days) else { throw ValidationError("--days is 1 to 366") }
    }

    func run() async throws {
        try await self.options.administer { api in
            let statistics = try await api.get("statistics", query: [("days", "\(self.days)")])
            api.show(statistics) { self.write(statistics) }
        }
    }

    private func write(_ statistics: JSONValue) {
        let total = statistics["total"] ?? .null
        printTable(
            ["TOTAL", self.days == 1 ? "TODAY" : "\(self.days) DAYS"],
            Self.counts.map { [$0.2, total.text($0.0)] } + [
                ["Requests granted of those decided", Self.share(total["successRate"])],
                ["Requests that wait now", statistics.text("waiting")],
            ]
        )
        print("")
        let states = statistics["certificates"] ?? .null
        printTable(
            ["CERTIFICATES", "NOW"],
            ["valid", "expired", "revoked", "held"].map { [$0, states.text($0)] } + [
                ["valid, ending within 30 days", statistics.text("endingSoon")]
            ]
        )
        print("")
        printTable(
            ["DAY"] + Self.counts.map(\.1),
            (statistics["days"]?.array ?? []).map { day in [day.text("day")] + Self.counts.map { day.text($0.0) } }
        )
    }

    /// A share as people read it, in percent.
    private static func share(_ share: JSONValue?) -> String {
        switch share {
        case .number(let number): "\((number * 1000).rounded() / 10) %"
        case .integer(let whole): "\(whole * 100) %"
        default: "-"
        }
    }
}
