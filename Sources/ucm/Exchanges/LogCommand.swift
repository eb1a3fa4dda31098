import AdministrationAPI
import ArgumentParser
import Enrollment
import Foundation
import Registry
import Server

/// `ucm log`.
struct LogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Show what devices ask by SCEP and are answered, also live.",
        usage: """
            ucm log
            ucm log --follow
            ucm log --last 1h --outcome refused --profile routers
            """,
        discussion: """
            The latest exchanges, the newest one last; those that failed with what to do about it. A running server writes \
            them down within a second, keeps them for 30 days, and counts what comes very often from one address.
            """
    )

    @Flag(help: "Go on with what comes, until it is interrupted.") var follow = false
    @Option(help: ArgumentHelp("How many at most, the newest ones.", valueName: "number")) var limit = 20
    @OptionGroup var filter: ExchangeFilterOptions
    @OptionGroup var options: AdministrationOptions

    func validate() throws {
        guard (0...100_000).contains(self.limit) else { throw ValidationError("--limit is 0 to 100000") }
    }

    func run() async throws {
        try await self.options.administer { api in
            let query = self.filter.query
            var position = try await Self.newest(api)
            let latest = try await self.limit == 0 ? [] : api.list("exchanges", query: query, limit: self.limit)
            guard self.follow else {
                return api.show(latest.reversed()) { ExchangeText.write(latest.reversed()) }
            }
            Self.write(latest.reversed(), as: api.output)
            // What came between the two questions was shown already.
            if let last = latest.first?["id"]?.integer { position = max(position ?? last, last) }
            let complaint = OnceMore()
            while true {
                try await Task.sleep(for: .seconds(1))
                do {
                    position = try await Self.next(api, query, after: position)
                    complaint.isOver()
                } catch let error where ExitStatus(of: error) == .unavailable {
                    complaint.say("ucm: \(error); trying again")
                }
            }
        }
    }

    /// The number of the newest exchange of all; nil where there is none.
    private static func newest(_ api: AdministrationClient) async throws -> Int64? {
        try await api.list("exchanges", limit: 1).first?["id"]?.integer
    }

    /// Writes what has come since, and says from where to go on: behind everything, so that what is filtered out is not looked
    /// at again.
    private static func next(
        _ api: AdministrationClient,
        _ query: [(String, String?)],
        after position: Int64?
    ) async throws -> Int64? {
        guard var end = try await Self.newest(api), end > position ?? 0 else { return position }
        var position = position
        while true {
            let page = try await api.list(
                "exchanges", query: query + [("sort", "id"), ("after", position.map { "\($0)" })], limit: 1000)
            Self.write(page, as: api.output)
            if let last = page.last?["id"]?.integer {
                position = last
                end = max(end, last)
            }
            guard page.count == 1000 else { return end }
        }
    }

    private static func write(_ exchanges: [JSONValue], as output: OutputForm) {
        for exchange in exchanges {
            switch output {
            case .json: Terminal.write(exchange.compactText + "\n")
            case .table: Terminal.write(ExchangeText.line(exchange, in: .standardOutput) + "\n")
            }
        }
    }
}

/// Says something once, until it is over.
private final class OnceMore {
    private var hasSaid = false

    func say(_ line: String) {
        if !self.hasSaid { Terminal.complain(line) }
        self.hasSaid = true
    }

    func isOver() { self.hasSaid = false }
}

/// Which exchanges.
struct ExchangeFilterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only those of this profile.", valueName: "name")) var profile: String?
    @Option(
        help: ArgumentHelp("Only those that ended so: issued, pending, refused… Can be repeated.", valueName: "outcome")
    )
    var outcome: [ExchangeOutcome] = []
    @Option(
        help: ArgumentHelp(
            "Only those that failed for this: challengeWrong, clock, algorithm… Can be repeated.", valueName: "failure")
    )
    var failure: [RefusalCause] = []
    @Option(help: ArgumentHelp("Only those from this address.", valueName: "address")) var address: String?
    @Option(help: ArgumentHelp("Only those of this transaction.", valueName: "transactionID")) var transaction: String?
    @Option(help: ArgumentHelp("Only those of this request.", valueName: "number")) var request: Int64?
    @Option(help: ArgumentHelp("Only those with this text in their subject.", valueName: "text")) var text: String?
    @OptionGroup var period: PeriodOptions

    /// The parameters of the query.
    var query: [(String, String?)] {
        [
            ("profile", self.profile),
            ("outcome", self.outcome.isEmpty ? nil : self.outcome.map(\.rawValue).joined(separator: ",")),
            ("failure", self.failure.isEmpty ? nil : self.failure.map(\.rawValue).joined(separator: ",")),
            ("address", self.address), ("transactionID", self.transaction), ("request", self.request.map { "\($0)" }),
            ("q", self.text),
        ] + self.period.query
    }
}
