/// One metric with all its time series, as they are at a moment.
struct MetricFamily: Sendable {
    /// What sort of number it is, as Prometheus names it.
    enum Kind: String, Sendable {
        case counter
        case gauge
        case histogram
    }

    /// One line.
    struct Sample: Sendable {
        /// What is put behind the name: `_bucket`, `_sum`, `_count`, or nothing.
        var suffix = ""
        var labels: [(name: String, value: String)] = []
        var value: Double
    }

    /// Begins with `ucm_` or, where every program has it, `process_`.
    var name: String
    /// What it means, in a sentence.
    var help: String
    var kind: Kind
    var samples: [Sample]

    /// A number without labels.
    static func gauge(_ name: String, _ help: String, _ value: Double) -> MetricFamily {
        MetricFamily(name: name, help: help, kind: .gauge, samples: [Sample(value: value)])
    }

    /// Numbers that differ in one label.
    static func gauges(
        _ name: String,
        _ help: String,
        by label: String,
        _ values: [(String, Double)]
    ) -> MetricFamily {
        MetricFamily(
            name: name,
            help: help,
            kind: .gauge,
            samples: values.map { Sample(labels: [(label, $0.0)], value: $0.1) }
        )
    }
}

/// The labels of a time series: of each only so many values that nobody can fill memory with them.
protocol MetricLabels: Hashable, Sendable {
    /// Their names and values, always in the same order.
    var pairs: [(name: String, value: String)] { get }
}
