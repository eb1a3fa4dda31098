/// What a server counts and measures while it runs, from its start.
final class ServerMetrics: Sendable {
    /// A kind of request and how it ended.
    struct RequestLabels: MetricLabels {
        var operation: String
        var profile: String
        var outcome: SCEPObservation.Outcome

        var pairs: [(name: String, value: String)] {
            [("operation", self.operation), ("profile", self.profile), ("outcome", self.outcome.rawValue)]
        }
    }

    /// A kind of request.
    struct OperationLabels: MetricLabels {
        var operation: String
        var pairs: [(name: String, value: String)] { [("operation", self.operation)] }
    }

    /// Where a request went, and the first digit of its status.
    struct RouteLabels: MetricLabels {
        var route: RouteGroup
        var status: Int
        var pairs: [(name: String, value: String)] {
            [("route", self.route.rawValue), ("status", "\(self.status)xx")]
        }
    }

    /// Nothing to tell apart.
    struct NoLabels: MetricLabels {
        var pairs: [(name: String, value: String)] { [] }
    }

    /// What stands for the profile of a request that is for none.
    static let unknownProfile = "unknown"

    let requests = MetricCounter<RequestLabels>(
        "ucm_scep_requests_total", "SCEP requests, by what was asked, where and how it ended.")
    let requestDuration = MetricHistogram<OperationLabels>(
        "ucm_scep_request_duration_seconds",
        "From the arrival of a SCEP request to the decision; the wait of a refusal that gives nothing away is not counted."
    )
    let responses = MetricCounter<RouteLabels>(
        "ucm_http_requests_total", "HTTP requests, by what they were for and the class of their status.")
    let databaseReads = MetricHistogram<NoLabels>(
        "ucm_database_read_seconds", "How long reading from the database takes, waiting included.",
        bounds: MetricBounds.database
    )
    let databaseWrites = MetricHistogram<NoLabels>(
        "ucm_database_write_seconds", "How long a change takes until it is on disk, waiting included.",
        bounds: MetricBounds.database
    )

    init() {}

    /// Counts a SCEP request.
    func record(_ observation: SCEPObservation) {
        let operation = observation.operation
        self.requests.increase(
            RequestLabels(
                operation: operation,
                profile: observation.profile ?? Self.unknownProfile,
                outcome: observation.outcome ?? .failure
            )
        )
        self.requestDuration.observe(
            observation.duration ?? .now - observation.arrival, OperationLabels(operation: operation))
    }

    /// All of it.
    var families: [MetricFamily] {
        [
            self.requests.family, self.requestDuration.family, self.responses.family, self.databaseReads.family,
            self.databaseWrites.family,
        ]
    }
}
