import Foundation
import Glibc

/// Measures what a device's enrolment costs the server, beside the least that it can cost.
///
/// The server runs on core 0, the load on core 1. Everything is RSA-2048, and what counts are the ratios of figures
/// measured in this run: absolute ones mean little on a machine that others share.
@main
struct Benchmark {
    static func main() {
        do {
            try Self.run()
        } catch {
            FileHandle.standardError.write(Data("ucm-bench: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func run() throws {
        let arguments = CommandLine.arguments
        if arguments.contains("--bound") {
            FileHandle.standardOutput.write(try JSONEncoder().encode(try Bound.measure()))
            return
        }
        guard arguments.count > 1 else {
            say("usage: ucm-bench PATH-OF-UCM [ENROLMENTS]   (make bench runs it)")
            exit(2)
        }
        let program = arguments[1]
        let count = arguments.count > 2 ? Int(arguments[2]) ?? 10_000 : 10_000
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("ucm-bench-\(getpid())").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }

        let server = try UCMProcess(program: program, directory: directory + "/data")
        defer { server.stop() }
        say("preparing \(count) requests")
        let requests = try RequestSet(count: count, port: server.port, path: "/scep", challenge: UCMProcess.challenge)

        let boundBefore = try Bound.onServersCore()
        let timeBefore = server.processorTime
        let full = try Load(requests, port: server.port).closed(range: 0..<(count * 6 / 10), connections: 8)
        let timeAfter = server.processorTime
        // scepserver may lose some under load; UCM may not.
        guard full.refused == 0 else { throw BenchmarkError("\(full.refused) answers are not SUCCESS") }
        let bound = Bound.mean(boundBefore, try Bound.onServersCore())
        say(
            "bound, swift-crypto       \(Int(bound.swiftCrypto))/s (three private operations, two verifications, one encryption)"
        )
        say("bound, libcrypto          \(Int(bound.libcrypto))/s (the same; UCM's private operations are libcrypto's)")
        say("ucm, 8 connections        \(full.description)")
        say("  share of the bound      \(percent(full.perSecond / bound.swiftCrypto)) of swift-crypto's, target 85%")
        say("                          \(percent(full.perSecond / bound.libcrypto)) of libcrypto's")
        let each = 1000 / Double(full.latencies.count)
        say(
            String(
                format:
                    "  an enrolment takes      %.2f ms of the processor, %.2f ms of it in the kernel; RSA alone %.2f ms",
                (timeAfter.user + timeAfter.system - timeBefore.user - timeBefore.system) * each,
                (timeAfter.system - timeBefore.system) * each,
                1000 / bound.libcrypto
            )
        )
        let half = try Load(requests, port: server.port).open(
            range: (count * 6 / 10)..<count,
            perSecond: full.perSecond / 2,
            connections: 16
        )
        say("ucm, half that load       \(half.description), target p99 < 30 ms")
        say("resident after \(count)      \(server.residentMegabytes) MB, target < 60 MB")
        server.stop()
        let starts = try (0..<5).map { _ in try server.secondStart() }.sorted()
        say("second start              \(starts[2]) ms until it listens (median of 5), target < 150 ms")

        guard let other = try ScepserverProcess(directory: directory + "/depot") else {
            return say("scepserver is not installed, so there is no comparison")
        }
        defer { other.stop() }
        let otherRequests = try RequestSet(
            count: min(count, 2000),
            port: other.port,
            path: "/scep",
            challenge: UCMProcess.challenge
        )
        let its = try Load(otherRequests, port: other.port).closed(
            range: 0..<otherRequests.messages.count, connections: 8)
        say("scepserver, 8 connections \(its.description)")
        say(
            "  ucm is                  \(String(format: "%.1f", full.perSecond / its.perSecond)) times as fast, target 2"
        )
    }

    /// Prints a line at once, also where standard output is a file.
    static func say(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }

    static func percent(_ share: Double) -> String { String(format: "%.1f%%", share * 100) }
}

/// The two cores that the benchmark uses; `make bench` starts it on the load's.
enum Core {
    static let server = 0
}
