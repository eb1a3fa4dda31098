import Foundation
import Glibc

/// Measures what the server does for devices and for who relies on their certificates, beside the least that it can cost.
///
/// The server runs on core 0, the load on core 1, and what counts are the ratios of figures measured in this run: absolute
/// ones mean little on a machine that others share.
@main
struct Benchmark {
    /// What can be measured alone.
    private enum Part: String, CaseIterable {
        case enrolment, postgresql, issuing, crl, ocsp, pages
    }

    static func main() {
        do {
            try Self.run()
        } catch {
            FileHandle.standardError.write(Data("ucm-bench: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func run() throws {
        if try Bound.isMeasuredHere() || IssuingRates.isMeasuredHere() || SigningRates.isMeasuredHere() { return }
        var arguments = CommandLine.arguments.dropFirst()
        let rows = try Self.rows(&arguments)
        let named = arguments.dropFirst().compactMap(Part.init)
        guard let program = arguments.first, named.count == arguments.count - 1 else {
            let parts = Part.allCases.map(\.rawValue).joined(separator: "|")
            say("usage: ucm-bench PATH-OF-UCM [\(parts)]... [--rows=NUMBER]   (make bench runs it)")
            exit(2)
        }
        let parts = named.isEmpty ? Part.allCases : named
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("ucm-bench-\(getpid())").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }

        if parts.contains(.enrolment) {
            try EnrolmentBenchmark(program: program, directory: directory, rows: rows).run()
        }
        if parts.contains(.postgresql) { try PostgreSQLBenchmark(program: program, directory: directory).run() }
        if parts.contains(.issuing) { try IssuingBenchmark().run() }
        if parts.contains(.crl) || parts.contains(.ocsp) {
            try PublicationBenchmark(program: program, directory: directory)
                .run(lists: parts.contains(.crl), statuses: parts.contains(.ocsp))
        }
        if parts.contains(.pages) { try PagesBenchmark(program: program, directory: directory, rows: rows).run() }
    }

    /// How many rows the lists of the pages have, and how many certificates there are already when devices enrol; takes the
    /// option away.
    private static func rows(_ arguments: inout ArraySlice<String>) throws -> Int {
        let option = "--rows="
        guard let index = arguments.firstIndex(where: { $0.hasPrefix(option) }) else { return 1_000_000 }
        guard let rows = Int(arguments.remove(at: index).dropFirst(option.count)), rows >= 1_000 else {
            throw BenchmarkError("--rows is a number of 1000 or more")
        }
        return rows
    }
}

/// The two cores that the benchmark uses; `make bench` starts it on the load's.
enum Core {
    static let server = 0
    static let load = 1

    /// Lets the load run on both.
    static func useAll() throws { try self.use("\(self.server),\(self.load)") }

    /// Lets the load run on its own again.
    static func useOwn() throws { try self.use("\(self.load)") }

    private static func use(_ cores: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/taskset")
        process.arguments = ["-a", "-p", "-c", cores, "\(getpid())"]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw BenchmarkError("taskset fails") }
    }
}

/// Prints a line at once, also where standard output is a file.
func say(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
}

/// Prints what was found in one line, behind what was measured.
func report(_ what: String, _ found: String) {
    say(what.padding(toLength: 26, withPad: " ", startingAt: 0) + found)
}

/// A share in percent.
func percent(_ share: Double) -> String { String(format: "%.1f%%", share * 100) }

/// Why the benchmark has no result.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
