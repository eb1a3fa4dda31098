import Foundation

/// A CRL with a million entries, as the server makes it: complete at its start, and from the last one after a revocation.
struct RevocationListBenchmark {
    let server: UCMProcess
    let authority: String
    let entries: Int
    /// A certificate of the CA's that is not revoked.
    let another: [UInt8]

    /// Starts the server and waits until it has made the CRL.
    func start() throws {
        let before = try self.made().count
        let start = ContinuousClock.now
        _ = try self.server.start()
        let made = try self.next(after: before)
        let duration = ContinuousClock.now - start
        guard made.entries == self.entries else { throw BenchmarkError("the CRL has \(made.entries) entries") }
        report(
            "CRL, \(self.entries) entries",
            String(
                format: "%.2f s from the start of the program, %.2f s of the processor, target < 3 s",
                duration / .seconds(1),
                self.processorSeconds
            )
        )
        report("", String(format: "%.1f MB, target 40 to 55 MB", Double(made.bytes) / 1_000_000))
        report("  peak memory", "\(self.server.peakMegabytes) MB, target < 400 MB")
    }

    /// Revokes one certificate more and waits until it is on the CRL.
    func revoke() throws {
        let before = try self.made().count
        let secondsBefore = self.processorSeconds
        let serialNumber = self.another.map { String(format: "%02x", $0) }.joined()
        try self.server.administer(["certificate", "revoke", serialNumber, "--reason", "superseded"])
        let start = ContinuousClock.now
        let made = try self.next(after: before)
        let duration = ContinuousClock.now - start
        guard made.entries == self.entries + 1 else { throw BenchmarkError("the CRL has \(made.entries) entries") }
        report(
            "  one revocation more",
            String(
                format: "%.2f s until it is on the CRL, %.2f s of the processor; peak memory %d MB",
                duration / .seconds(1),
                self.processorSeconds - secondsBefore,
                self.server.peakMegabytes
            )
        )
    }

    private var processorSeconds: Double { self.server.processorTime.total }

    /// A CRL that the server has logged.
    private struct Made {
        let entries: Int
        let bytes: Int
    }

    /// The CRLs of the CA that the log tells of.
    private func made() throws -> [Made] {
        guard let log = self.server.log else { throw BenchmarkError("there is no log") }
        let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
        return lines.filter { $0.contains("CRL made") && $0.contains(self.authority) }.map { line in
            func number(_ field: String) -> Int {
                line.split(separator: " ").first { $0.hasPrefix(field + "=") }
                    .flatMap { Int($0.dropFirst(field.count + 1)) } ?? 0
            }
            return Made(entries: number("entries"), bytes: number("bytes"))
        }
    }

    /// Waits for the CRL that follows.
    private func next(after count: Int) throws -> Made {
        let limit = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < limit {
            let made = try self.made()
            if made.count > count { return made[count] }
            usleep(5000)
        }
        throw BenchmarkError("the server makes no CRL")
    }
}
