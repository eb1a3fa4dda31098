import Foundation
import Testing

@testable import EnrollmentLoad
@testable import ucm

/// What is said of a load when it is over, and while it goes on.
@Suite struct LoadReportTests {
    private static func report(_ change: (inout LoadReport) -> Void = { _ in }) -> LoadReport {
        var report = LoadReport(
            url: "http://ca.test/scep",
            seconds: 10,
            isInterrupted: false,
            issued: 1000,
            pending: 0,
            failed: 0,
            failures: [],
            perSecond: 100,
            milliseconds: LoadReport.Latency((1...100).map { Double($0) }),
            resent: LoadReport.Resent(),
            bytesSent: 2_400_000,
            bytesReceived: 31_000_000,
            connections: 8,
            isVerified: true,
            madeBeforehand: 1000,
            client: LoadReport.Client(processorSeconds: 2, processorShare: 0.1, waitingShare: 0.95),
            warnings: []
        )
        change(&report)
        return report
    }

    @Test(arguments: [1, 2, 3, 10, 100, 101, 1000])
    func `percentiles are times that were measured`(count: Int) throws {
        let times = (1...count).map { Double($0) }.shuffled()
        let latency = try #require(LoadReport.Latency(times))
        #expect(latency.max == Double(count))
        #expect(times.count { $0 <= latency.p50 } * 2 >= count)
        #expect(times.count { $0 < latency.p50 } * 2 < count)
        #expect(times.count { $0 <= latency.p99 } * 100 >= count * 99)
        #expect(latency.p50 <= latency.p90 && latency.p90 <= latency.p99 && latency.p99 <= latency.max)
    }

    @Test func `nothing answered has no times`() {
        #expect(LoadReport.Latency([]) == nil)
    }

    @Test func `the table has what happened, and nothing of what did not`() {
        let text = Self.report().table()
        #expect(text.contains("Rate          100.0/s\n"))
        #expect(text.contains("Answered in   p50 50.0 ms, p90 90.0 ms, p99 99.0 ms, max 100.0 ms\n"))
        #expect(text.contains("Sent          2400 kB, received 31 MB\n"))
        for word in ["Pending", "Sent again", "Failed", "Verified", "early"] {
            #expect(!text.contains(word), "\(word)")
        }
    }

    @Test func `what a server said cannot do anything to a terminal`() {
        let text = Self.report {
            $0.pending = 3
            $0.failed = 2
            $0.failures = [LoadReport.Failure(reason: "HTTP status 500", count: 2, example: "it says: \u{1B}[2Jgone")]
            $0.isVerified = false
            $0.isInterrupted = true
            $0.resent = LoadReport.Resent(enrollments: 2, messages: 7, recovered: 1, longestSeconds: 3.21)
        }.table()
        #expect(text.contains("2 times HTTP status 500"))
        #expect(!text.contains("\u{1B}"))
        #expect(text.contains("7 messages of 2 enrolments; 1 were answered, the last after 3.2 s"))
        #expect(text.contains("Pending       3"))
        #expect(text.contains("--trust-answers"))
        #expect(text.contains("early"))
    }

    @Test func `JSON has the same`() throws {
        let object = try JSONSerialization.jsonObject(with: Data(try Self.report().json().utf8)) as? [String: Any]
        #expect(object?["issued"] as? Int == 1000)
        #expect((object?["milliseconds"] as? [String: Any])?["p99"] as? Double == 99)
        #expect((object?["resent"] as? [String: Any])?["messages"] as? Int == 0)
    }

    @Test(arguments: [
        (0.95, 0.9, 0.9, 0, "may be what limits"), (0.3, 0.9, 0.98, 0, "All processors of this machine"),
        (0.1, 0.4, 0.5, 0, "only 40 % of the time"), (0.1, 0.9, 0.5, 400, "not made as fast"),
    ])
    func `who limits the rate is told`(own: Double, waiting: Double, all: Double, shortages: Int, words: String) {
        let report = Self.report {
            $0.client.processorShare = own
            $0.client.waitingShare = waiting
        }
        let findings = report.findings(LoadPlan(), machineShare: all, shortages: shortages)
        #expect(findings.count == 1)
        #expect(findings.first?.contains(words) == true)
    }

    @Test func `a server that is the limit gives no warning`() {
        #expect(Self.report().findings(LoadPlan(), machineShare: 0.6, shortages: 3) == [])
        #expect(Self.report().findings(LoadPlan(), machineShare: nil, shortages: 0) == [])
    }

    @Test func `a rate that is not reached is told`() {
        var plan = LoadPlan()
        plan.rate = 200
        #expect(Self.report().findings(plan, machineShare: nil, shortages: 0).count == 1)
        plan.rate = 100
        #expect(Self.report().findings(plan, machineShare: nil, shortages: 0) == [])
    }

    @Test func `progress is a line`() {
        #expect(LoadProgressLine.line(.making(3, of: 10)) == "Making messages: 3 of 10")
        #expect(
            LoadProgressLine.line(.sending(400, of: 1000, seconds: 4, failed: 2, resent: 0))
                == "400 of 1000 done in 4 s, 100/s, 2 failed")
        #expect(
            LoadProgressLine.line(.sending(1, of: nil, seconds: 0.1, failed: 0, resent: 5))
                == "1 done in 0 s, 0 failed, 5 sent again")
    }
}
