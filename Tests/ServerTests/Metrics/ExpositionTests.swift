import Foundation
import Testing

@testable import Server

@Suite("Metrics as text")
struct ExpositionTests {
    struct Label: MetricLabels {
        var value: String
        var pairs: [(name: String, value: String)] { [("label", self.value)] }
    }

    static let odd = ["", "a b", "\"quoted\"", "back\\slash", "two\nlines", "ä \u{1F511}", "\\n", "}{,=\"\\\n"]

    @Test("carry every label as it is", arguments: Self.odd)
    func labels(value: String) throws {
        let counter = MetricCounter<Label>("ucm_test_total", "Says \\ and\nmore.")
        counter.increase(Label(value: value))
        counter.increase(Label(value: value))
        let text = ExpositionText.text([counter.family])
        let metrics = try ParsedMetrics(text)
        #expect(metrics["ucm_test_total", ["label": value]] == 2)
        #expect(text.hasPrefix("# HELP ucm_test_total Says \\\\ and\\nmore.\n# TYPE ucm_test_total counter\n"))
        #expect(text.split(separator: "\n").count == 3)
    }

    static let writtenNumbers: [(Double, String)] = [
        (0, "0"), (-1, "-1"), (0.5, "0.5"), (1e15, "1000000000000000"), (1e300, "1e+300"), (.infinity, "+Inf"),
        (-.infinity, "-Inf"), (.nan, "NaN"), (9_007_199_254_740_992, "9007199254740992.0"),
    ]

    @Test("have numbers that Prometheus reads", arguments: Self.writtenNumbers)
    func numbers(value: Double, text: String) throws {
        #expect(ExpositionText.number(value) == text)
        let parsed = try ParsedMetrics(ExpositionText.text([.gauge("ucm_a", "A.", value)]))
        let read = try #require(parsed["ucm_a"])
        #expect(value.isNaN ? read.isNaN : read == value)
    }

    @Test("count into buckets that hold everything up to their bound")
    func histogram() throws {
        let histogram = MetricHistogram<Label>("ucm_test_seconds", "Test.", bounds: [0.1, 1])
        for milliseconds in [50, 100, 101, 1_000, 5_000] {
            histogram.observe(.milliseconds(milliseconds), Label(value: "x"))
        }
        histogram.observe(.zero, Label(value: "y"))
        let metrics = try ParsedMetrics(ExpositionText.text([histogram.family]))
        func bucket(_ bound: String, _ label: String = "x") -> Double? {
            metrics["ucm_test_seconds_bucket", ["label": label, "le": bound]]
        }
        #expect([bucket("0.1"), bucket("1"), bucket("+Inf")] == [2, 4, 5])
        #expect([bucket("0.1", "y"), bucket("1", "y"), bucket("+Inf", "y")] == [1, 1, 1])
        let sum = try #require(metrics["ucm_test_seconds_sum", ["label": "x"]])
        #expect(abs(sum - 6.251) < 1e-9)
    }

    @Test("leave out what has no samples, and never are in another order")
    func order() throws {
        let counter = MetricCounter<Label>("ucm_test_total", "Test.")
        #expect(ExpositionText.text([counter.family]) == "")
        for value in ["b", "a", "c"] { counter.increase(Label(value: value)) }
        let lines = ExpositionText.text([counter.family]).split(separator: "\n").dropFirst(2)
        #expect(lines.map { String($0.dropFirst(22).prefix(1)) } == ["a", "b", "c"])
    }

    @Test("are counted right by many at once")
    func concurrency() async throws {
        let counter = MetricCounter<Label>("ucm_test_total", "Test.")
        let histogram = MetricHistogram<Label>("ucm_test_seconds", "Test.")
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask {
                    for _ in 0..<1_000 {
                        counter.increase(Label(value: "\(number % 2)"))
                        histogram.observe(.milliseconds(number), Label(value: "x"))
                    }
                }
            }
        }
        let metrics = try ParsedMetrics(ExpositionText.text([counter.family, histogram.family]))
        #expect(metrics["ucm_test_total", ["label": "1"]] == 4_000)
        #expect(metrics["ucm_test_seconds_count", ["label": "x"]] == 8_000)
    }

    /// What the parser of these tests has to refuse, or it would prove nothing.
    static let wrong = [
        "a 1", "# HELP a A.\n# TYPE a gauge\na 1", "# HELP a A.\n# TYPE a gauge\na one\n",
        "# HELP a A.\n# TYPE a gauge\na{b=\"c\" 1\n", "# HELP a A.\n# TYPE a gauge\na{1b=\"c\"} 1\n",
        "# HELP a A.\n# TYPE a gauge\na 1\na 2\n", "# HELP a A.\n# TYPE a counter\na 1\n",
        "# HELP a A.\n# TYPE a histogram\na_count 1\na_sum 1\n", "# HELP a A.\n# TYPE a gauge\nb 1\n",
        "# HELP a A.\n# TYPE a gauge\na{b=\"\\x\"} 1\n", "# HELP a A.\n# TYPE a gauge\n",
        "# HELP a A.\n# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 1\na_count 1\na_sum 1\n",
    ]

    @Test("that are wrong would be found", arguments: Self.wrong)
    func strictness(text: String) {
        #expect(throws: ParsedMetrics.Fault.self) { try ParsedMetrics(text) }
    }
}
