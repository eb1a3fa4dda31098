import ArgumentParser
import Foundation
import Server

/// Which part of a list that grows with time.
struct PeriodOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only those of the last 45s, 90m, 12h, 30d.", valueName: "time")) var last: TimeSpan?
    @Option(help: ArgumentHelp("Only those from this time on: 2027-01-31T12:00:00Z.", valueName: "time"))
    var since: PointInTime?
    @Option(help: ArgumentHelp("Only those before this time: 2027-01-31T12:00:00Z.", valueName: "time"))
    var until: PointInTime?

    func validate() throws {
        guard self.last == nil || self.since == nil else {
            throw ValidationError("--last and --since both say where to begin: give one of them")
        }
    }

    /// The parameters of the query.
    var query: [(String, String?)] {
        let since = self.since?.date ?? self.last.map { Date().addingTimeInterval(-$0.seconds) }
        return [("since", since?.formatted(.iso8601)), ("until", self.until?.date.formatted(.iso8601))]
    }
}
