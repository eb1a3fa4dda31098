import Synchronization

/// Counts something, by its labels.
final class MetricCounter<Labels: MetricLabels>: Sendable {
    private let name: String
    private let help: String
    private let counts: Mutex<[Labels: UInt64]>

    /// - Parameters:
    ///   - name: Ends with `_total`.
    ///   - help: What is counted.
    ///   - known: What is there from the start, so that the first one is seen as an increase.
    init(_ name: String, _ help: String, from known: [Labels] = []) {
        self.name = name
        self.help = help
        self.counts = Mutex(Dictionary(known.map { ($0, 0) }) { first, _ in first })
    }

    func increase(_ labels: Labels) {
        self.counts.withLock { $0[labels, default: 0] += 1 }
    }

    var family: MetricFamily {
        let counts = self.counts.withLock { $0 }
        let samples = counts.map { MetricFamily.Sample(labels: $0.key.pairs, value: Double($0.value)) }
        return MetricFamily(name: self.name, help: self.help, kind: .counter, samples: samples.inOrder)
    }
}

extension [MetricFamily.Sample] {
    /// By their labels, so that two scrapes are in the same order.
    var inOrder: [MetricFamily.Sample] {
        self.map { (key: $0.labels.map(\.value).joined(separator: "\u{0}"), sample: $0) }
            .sorted { $0.key < $1.key }.map(\.sample)
    }
}
