import Foundation
import Glibc

/// `ucm serve` on a core.
final class UCMProcess {
    static let challenge = "benchmark-challenge"
    /// The administrator's initial password.
    static let password = "benchmark-password"

    let port: Int
    /// The port for HTTPS; nil where that is off.
    let secured: Int?
    let directory: String
    /// What it logs; nil where that goes nowhere.
    let log: String?
    private let program: String
    private let core: Int
    private let environment: [String: String]
    private var process = Process()

    /// Starts it in a data directory, and waits until it accepts a connection.
    ///
    /// - Parameters:
    ///   - program: Where `ucm` is.
    ///   - directory: The data directory; what is missing in it is made.
    ///   - log: Where the log goes; otherwise it is written as it would be, only to nowhere.
    ///   - isSecured: Whether it also serves HTTPS, with everything that is for people.
    ///   - key: What key the first CA has.
    ///   - core: Where it runs.
    ///   - environment: Further settings.
    /// - Throws: ``BenchmarkError``, or why it cannot be started.
    init(
        program: String,
        directory: String,
        log: String? = nil,
        isSecured: Bool = false,
        key: String = "rsa2048",
        core: Int = Core.server,
        environment: [String: String] = [:]
    ) throws {
        self.program = program
        self.directory = directory
        self.log = log
        (self.core, self.environment) = (core, environment)
        // Below the ports that connections begin from: one of thousands would have it already.
        self.port = 20_000 + Int(getpid()) % 5_000 * 2 + core % 2
        self.secured = isSecured ? self.port - 10_000 : nil
        let challengeFile = directory + ".challenge"
        try Data(Self.challenge.utf8).write(to: URL(fileURLWithPath: challengeFile))
        let passwordFile = directory + ".password"
        try Data(Self.password.utf8).write(to: URL(fileURLWithPath: passwordFile))
        if let log { try Data().write(to: URL(fileURLWithPath: log)) }
        _ = try self.start([
            "--ca-key", key, "--challenge-file", challengeFile, "--admin-password-file", passwordFile,
        ])
    }

    func stop() {
        guard self.process.isRunning else { return }
        self.process.terminate()
        self.process.waitUntilExit()
    }

    /// Starts it again with what is there.
    ///
    /// - Returns: How long it took until a connection was accepted.
    func start(_ options: [String] = []) throws -> Duration {
        self.process = Process()
        self.process.executableURL = URL(fileURLWithPath: "/usr/bin/taskset")
        self.process.arguments =
            [
                "-c", "\(self.core)", self.program, "serve", "--data", self.directory, "--https",
                self.secured.map { "127.0.0.1:\($0)" } ?? "off", "--http", "127.0.0.1:\(self.port)",
            ] + options
        self.process.environment = ProcessInfo.processInfo.environment.merging(self.environment) { $1 }
        self.process.standardOutput = FileHandle.nullDevice
        self.process.standardError =
            try self.log.map {
                let file = try FileHandle(forWritingTo: URL(fileURLWithPath: $0))
                try file.seekToEnd()
                return file
            } ?? FileHandle.nullDevice
        let start = ContinuousClock.now
        try self.process.run()
        let listening = try Self.waitUntilListening(self.port)
        if let secured = self.secured { _ = try Self.waitUntilListening(secured) }
        return listening - start
    }

    /// Runs `ucm` on the data directory, beside the server or without it.
    func administer(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: self.program)
        process.arguments = arguments + ["--data", self.directory]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BenchmarkError("ucm \(arguments.joined(separator: " ")) fails")
        }
    }

    /// The processor time that the server has used.
    var processorTime: ProcessorTime { ProcessorTime(of: Int(self.process.processIdentifier)) }

    /// The server's resident memory (VmRSS).
    var residentMegabytes: Int { self.megabytes("VmRSS") }

    /// The part of it that is no file's: not the program itself (RssAnon).
    var ownMegabytes: Int { self.megabytes("RssAnon") }

    /// The most resident memory that the server has had (VmHWM).
    var peakMegabytes: Int { self.megabytes("VmHWM") }

    private func megabytes(_ name: String) -> Int {
        let status = try? String(contentsOfFile: "/proc/\(self.process.processIdentifier)/status", encoding: .utf8)
        let line = status?.split(separator: "\n").first { $0.hasPrefix(name + ":") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) / 1024
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
