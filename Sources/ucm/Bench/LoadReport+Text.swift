import EnrollmentLoad
import Foundation
import SCEP

extension LoadReport {
    /// The report for programs.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }

    /// The report for people.
    func table() -> String {
        var lines = [
            ("Issued", "\(self.issued)"),
            ("Time", String(format: "%.1f s over %d connections", self.seconds, self.connections)),
            ("Rate", String(format: "%.1f/s", self.perSecond)),
        ]
        if self.pending > 0 { lines.insert(("Pending", "\(self.pending), which wait for approval"), at: 1) }
        if let milliseconds {
            lines.append(
                (
                    "Answered in",
                    String(
                        format: "p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, max %.1f ms",
                        milliseconds.p50, milliseconds.p90, milliseconds.p99, milliseconds.max)
                )
            )
        }
        if self.resent.messages > 0 {
            let longest = String(format: "%.1f s", self.resent.longestSeconds)
            lines.append(
                (
                    "Sent again",
                    "\(self.resent.messages) messages of \(self.resent.enrollments) enrolments; \(self.resent.recovered) were "
                        + "answered, the last after \(longest)"
                )
            )
        }
        lines.append(("Sent", "\(Self.size(self.bytesSent)), received \(Self.size(self.bytesReceived))"))
        lines.append(
            (
                "This client",
                String(
                    format: "%.1f s of the processors, %.0f %% of them", self.client.processorSeconds,
                    self.client.processorShare * 100)
            )
        )
        if !self.isVerified { lines.append(("Verified", "nothing: --trust-answers only reads the status")) }
        if self.isInterrupted { lines.append(("Ended", "early, as somebody asked")) }
        if self.failed > 0 { lines.append(("Failed", "\(self.failed)")) }
        let width = 14
        var text = lines.map { $0.0.padding(toLength: width, withPad: " ", startingAt: 0) + $0.1 + "\n" }.joined()
        for failure in self.failures {
            text += "  \(failure.count) times \(failure.reason): \(failure.example.printable)\n"
        }
        return text
    }

    private static func size(_ bytes: Int) -> String {
        bytes < 10_000_000 ? "\(bytes / 1000) kB" : "\(bytes / 1_000_000) MB"
    }
}
