import Foundation
import Glibc

/// `ucm serve` on core 0.
final class UCMProcess {
    static let challenge = "benchmark-challenge"

    let port: Int
    private let program: String
    private let directory: String
    private var process: Process

    init(program: String, directory: String) throws {
        self.program = program
        self.directory = directory
        self.port = 20_000 + Int(getpid()) % 20_000
        let challengeFile = directory + ".challenge"
        try Data(Self.challenge.utf8).write(to: URL(fileURLWithPath: challengeFile))
        self.process = try Self.start(program: program, directory: directory, port: self.port, challengeFile)
        _ = try Self.waitUntilListening(self.port)
    }

    func stop() {
        guard self.process.isRunning else { return }
        self.process.terminate()
        self.process.waitUntilExit()
    }

    /// Starts again with what is there.
    ///
    /// - Returns: How many milliseconds it took until a connection was accepted.
    func secondStart() throws -> Int {
        let start = ContinuousClock.now
        self.process = try Self.start(program: self.program, directory: self.directory, port: self.port, nil)
        let listening = try Self.waitUntilListening(self.port)
        self.stop()
        return Int((listening - start) / .milliseconds(1))
    }

    /// The processor time that the server has used, in seconds: its own and the kernel's for it.
    var processorTime: (user: Double, system: Double) {
        let stat = try? String(contentsOfFile: "/proc/\(self.process.processIdentifier)/stat", encoding: .utf8)
        let fields = stat?.split(separator: " ") ?? []
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        guard fields.count > 14, let user = Double(fields[13]), let system = Double(fields[14]) else { return (0, 0) }
        return (user / ticks, system / ticks)
    }

    /// The server's resident memory (VmRSS).
    var residentMegabytes: Int {
        let status = try? String(contentsOfFile: "/proc/\(self.process.processIdentifier)/status", encoding: .utf8)
        let line = status?.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) / 1024
    }

    private static func start(
        program: String,
        directory: String,
        port: Int,
        _ challengeFile: String?
    ) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/taskset")
        process.arguments =
            [
                "-c", "\(Core.server)", program, "serve", "--data", directory, "--https", "off", "--http",
                "127.0.0.1:\(port)", "--ca-key", "rsa2048",
            ] + (challengeFile.map { ["--challenge-file", $0] } ?? [])
        process.standardOutput = FileHandle.nullDevice
        // The log is written, as it would be; only to nowhere.
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    static func waitUntilListening(_ port: Int) throws -> ContinuousClock.Instant {
        let limit = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < limit {
            if (try? Connection(port: port)) != nil { return ContinuousClock.now }
            usleep(500)
        }
        throw BenchmarkError("the server does not listen on port \(port)")
    }
}

/// Debian's `scepserver` (micromdm) on core 0, with an RSA-2048 CA and the same challenge.
///
/// It binds every address, so the benchmark as a whole runs in a network namespace that has only loopback.
final class ScepserverProcess {
    let port: Int
    private let process = Process()

    /// - Returns: nil where it is not installed.
    init?(directory: String) throws {
        let program = "/usr/bin/scepserver"
        guard FileManager.default.isExecutableFile(atPath: program) else { return nil }
        self.port = 40_000 + Int(getpid()) % 20_000
        let setup = Process()
        setup.executableURL = URL(fileURLWithPath: program)
        setup.arguments = ["ca", "-init", "-keySize", "2048", "-depot", directory]
        setup.standardOutput = FileHandle.nullDevice
        try setup.run()
        setup.waitUntilExit()
        self.process.executableURL = URL(fileURLWithPath: "/usr/bin/taskset")
        self.process.arguments = [
            "-c", "\(Core.server)", program, "-depot", directory, "-port", "\(self.port)", "-capass", "",
            "-challenge", UCMProcess.challenge, "-allowrenew", "0",
        ]
        self.process.standardOutput = FileHandle.nullDevice
        self.process.standardError = FileHandle.nullDevice
        try self.process.run()
        _ = try UCMProcess.waitUntilListening(self.port)
    }

    func stop() {
        guard self.process.isRunning else { return }
        self.process.terminate()
        self.process.waitUntilExit()
    }
}
