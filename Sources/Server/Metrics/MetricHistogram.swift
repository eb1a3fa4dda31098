import Synchronization

/// How long something takes, by its labels: how often it took at most so many seconds, how often, and how long in all.
final class MetricHistogram<Labels: MetricLabels>: Sendable {
    private struct Cells: Sendable {
        /// How many were in each interval; the last is everything beyond the last bound.
        var counts: [UInt64]
        var sum = 0.0
    }

    private let name: String
    private let help: String
    private let bounds: [Double]
    private let cells = Mutex<[Labels: Cells]>([:])

    /// - Parameters:
    ///   - name: Ends with `_seconds`.
    ///   - help: What is measured.
    ///   - bounds: The upper bounds of the buckets, ascending.
    init(_ name: String, _ help: String, bounds: [Double] = MetricBounds.request) {
        self.name = name
        self.help = help
        self.bounds = bounds
    }

    func observe(_ duration: Duration, _ labels: Labels) {
        let (seconds, attoseconds) = duration.components
        let value = Double(seconds) + Double(attoseconds) / 1e18
        let index = self.bounds.firstIndex { value <= $0 } ?? self.bounds.count
        self.cells.withLock { cells in
            // In place: no copy of the counts is made.
            cells[labels, default: Cells(counts: .init(repeating: 0, count: self.bounds.count + 1))].counts[index] += 1
            cells[labels]?.sum += value
        }
    }

    var family: MetricFamily {
        let cells = self.cells.withLock { $0 }
        let samples = cells.map { (MetricFamily.Sample(labels: $0.key.pairs, value: 0), $0.value) }
            .sorted { $0.0.labels.map(\.value).joined() < $1.0.labels.map(\.value).joined() }
            .flatMap { self.samples($0.0.labels, $0.1) }
        return MetricFamily(name: self.name, help: self.help, kind: .histogram, samples: samples)
    }

    private func samples(_ labels: [(name: String, value: String)], _ cells: Cells) -> [MetricFamily.Sample] {
        var count: UInt64 = 0
        var samples: [MetricFamily.Sample] = []
        for (bound, cell) in zip(self.bounds + [.infinity], cells.counts) {
            count += cell
            samples.append(
                MetricFamily.Sample(
                    suffix: "_bucket",
                    labels: labels + [("le", ExpositionText.number(bound))],
                    value: Double(count)
                )
            )
        }
        samples.append(MetricFamily.Sample(suffix: "_sum", labels: labels, value: cells.sum))
        samples.append(MetricFamily.Sample(suffix: "_count", labels: labels, value: Double(count)))
        return samples
    }
}

/// The bounds of buckets, in seconds.
enum MetricBounds {
    /// A request: some milliseconds of RSA, more under load.
    static let request = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    /// A statement or a commit: from a row by its index to a disk that is too slow.
    static let database = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5]
}
