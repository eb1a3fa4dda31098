import Foundation

/// What a device's enrolment costs the server, beside the least that it can cost, and beside scepserver.
struct EnrolmentBenchmark {
    let program: String
    let directory: String

    private static let count = 10_000

    func run() throws {
        let count = Self.count
        let server = try UCMProcess(program: self.program, directory: self.directory + "/enrolment")
        defer { server.stop() }
        let requests = try EnrolmentRequests(
            count: count, port: server.port, path: "/scep", challenge: UCMProcess.challenge)
        let load = Load(requests, port: server.port)

        let boundBefore = try Bound.onServersCore()
        let timeBefore = server.processorTime
        let full = try load.closed(range: 0..<(count * 6 / 10))
        let timeAfter = server.processorTime
        // scepserver may lose some under load; UCM may not.
        guard full.refused == 0 else { throw BenchmarkError("\(full.refused) answers are not SUCCESS") }
        let bound = Bound.mean(boundBefore, try Bound.onServersCore())
        report(
            "bound, swift-crypto",
            "\(Int(bound.swiftCrypto))/s (three private operations, two verifications, one encryption)"
        )
        report("bound, libcrypto", "\(Int(bound.libcrypto))/s (the same; UCM's private operations are libcrypto's)")
        report("ucm, 8 connections", full.description)
        report("  share of the bound", "\(percent(full.perSecond / bound.swiftCrypto)) of swift-crypto's, target 85%")
        report("", "\(percent(full.perSecond / bound.libcrypto)) of libcrypto's")
        let each = 1000 / Double(full.latencies.count)
        report(
            "  an enrolment takes",
            String(
                format: "%.2f ms of the processor, %.2f ms of it in the kernel; RSA alone %.2f ms",
                (timeAfter.user + timeAfter.system - timeBefore.user - timeBefore.system) * each,
                (timeAfter.system - timeBefore.system) * each,
                1000 / bound.libcrypto
            )
        )
        let half = try load.open(range: (count * 6 / 10)..<count, perSecond: full.perSecond / 2, connections: 16)
        report("ucm, half that load", "\(half.description), target p99 < 30 ms")
        report(
            "resident after \(count)",
            "\(server.residentMegabytes) MB, target < 60 MB; \(server.ownMegabytes) MB without the program's own file")
        server.stop()
        let starts = try (0..<5).map { _ in
            defer { server.stop() }
            return try server.start() / .milliseconds(1)
        }
        report("second start", "\(Int(starts.sorted()[2])) ms until it listens (median of 5), target < 150 ms")
        try self.compare(full.perSecond)
    }

    private func compare(_ rate: Double) throws {
        guard let other = try ScepserverProcess(directory: self.directory + "/depot") else {
            return say("scepserver is not installed, so there is no comparison")
        }
        defer { other.stop() }
        let requests = try EnrolmentRequests(
            count: 2000, port: other.port, path: "/scep", challenge: UCMProcess.challenge)
        let its = try Load(requests, port: other.port).closed()
        report("scepserver, 8 connections", its.description)
        report("  ucm is", "\(String(format: "%.1f", rate / its.perSecond)) times as fast, target 2")
    }
}
