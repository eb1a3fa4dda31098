import Foundation

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
        self.port = 30_000 + Int(getpid()) % 2_000
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
