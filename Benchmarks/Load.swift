import Foundation
import Synchronization

/// What a load sends, and how it knows that it was answered.
protocol LoadRequests: Sendable {
    /// What one of them is called when many are counted.
    var unit: String { get }
    /// How many there are.
    var count: Int { get }
    /// A whole HTTP request.
    func request(_ index: Int) -> [UInt8]
    /// Whether this body answers it as it should.
    func isAnswered(_ index: Int, by answer: [UInt8]) -> Bool
}

/// Sends requests and measures how long each takes.
struct Load<Requests: LoadRequests> {
    /// What came of it.
    struct Result {
        let perSecond: Double
        /// In milliseconds, sorted.
        let latencies: [Double]
        /// How many answers were not as they should be.
        let refused: Int
        let unit: String

        func percentile(_ share: Double) -> Double {
            self.latencies[min(self.latencies.count - 1, Int(Double(self.latencies.count) * share))]
        }

        var description: String {
            String(
                format: "%.0f/s, p50 %.1f ms, p99 %.1f ms, %d %@",
                self.perSecond,
                self.percentile(0.5),
                self.percentile(0.99),
                self.latencies.count,
                self.unit
            ) + (self.refused == 0 ? "" : ", \(self.refused) refused without reason")
        }
    }

    private let requests: Requests
    private let ports: [Int]

    init(_ requests: Requests, port: Int) { self.init(requests, ports: [port]) }

    /// Makes one whose connections take turns with servers.
    init(_ requests: Requests, ports: [Int]) {
        self.requests = requests
        self.ports = ports
    }

    /// Each connection sends its next request as soon as it has its answer.
    func closed(range: Range<Int>? = nil, connections: Int = 8) throws -> Result {
        try self.run(range: range ?? 0..<self.requests.count, connections: connections) { _ in nil }
    }

    /// Requests start at a fixed rate, whether or not earlier ones are answered; a late start counts as latency.
    func open(range: Range<Int>, perSecond: Double, connections: Int) throws -> Result {
        try self.run(range: range, connections: connections) { index in .seconds(Double(index) / perSecond) }
    }

    private func run(
        range: Range<Int>,
        connections: Int,
        schedule: @Sendable @escaping (Int) -> Duration?
    ) throws -> Result {
        let next = Mutex(range.lowerBound)
        let latencies = Mutex<[Double]>([])
        let refused = Mutex(0)
        let failure = Mutex<(any Error)?>(nil)
        let (requests, ports) = (self.requests, self.ports)
        let start = ContinuousClock.now
        let threads = (0..<connections).map { number in
            let port = ports[number % ports.count]
            return Thread {
                var own: [Double] = []
                do {
                    let connection = try Connection(port: port)
                    while true {
                        let index = next.withLock { next in
                            defer { next += 1 }
                            return next
                        }
                        guard index < range.upperBound, failure.withLock({ $0 == nil }) else { break }
                        var begin = ContinuousClock.now
                        if let offset = schedule(index - range.lowerBound) {
                            let due = start + offset
                            if due > begin { Thread.sleep(forTimeInterval: (due - begin) / .seconds(1)) }
                            begin = due
                        }
                        let answer = try connection.exchange(requests.request(index))
                        guard requests.isAnswered(index, by: answer) else {
                            refused.withLock { $0 += 1 }
                            continue
                        }
                        own.append((ContinuousClock.now - begin) / .milliseconds(1))
                    }
                } catch {
                    failure.withLock { $0 = error }
                }
                latencies.withLock { $0 += own }
            }
        }
        for thread in threads { thread.start() }
        while threads.contains(where: { !$0.isFinished }) { Thread.sleep(forTimeInterval: 0.005) }
        let duration = ContinuousClock.now - start
        if let error = failure.withLock({ $0 }) { throw error }
        let sorted = latencies.withLock { $0 }.sorted()
        guard !sorted.isEmpty else { throw BenchmarkError("no answer is as it should be") }
        return Result(
            perSecond: Double(sorted.count) / (duration / .seconds(1)),
            latencies: sorted,
            refused: refused.withLock { $0 },
            unit: requests.unit
        )
    }
}
