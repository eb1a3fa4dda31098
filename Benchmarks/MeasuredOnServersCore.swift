import Foundation

/// Something that is measured in a process of its own on the server's core, while the server has nothing to do.
protocol MeasuredOnServersCore: Codable {
    /// By which this program is told to measure it.
    static var option: String { get }

    /// Measures it here.
    static func measure() throws -> Self
}

extension MeasuredOnServersCore {
    /// Measures it on the server's core.
    static func onServersCore() throws -> Self {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/taskset")
        process.arguments = ["-c", "\(Core.server)", CommandLine.arguments[0], Self.option]
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return try JSONDecoder().decode(Self.self, from: data)
    }

    /// Measures it here where that is what this process was started for.
    ///
    /// - Returns: Whether it was.
    static func isMeasuredHere() throws -> Bool {
        guard CommandLine.arguments.dropFirst() == [Self.option] else { return false }
        FileHandle.standardOutput.write(try JSONEncoder().encode(try Self.measure()))
        return true
    }
}

/// How often something can be done.
enum Rate {
    /// Does something again and again, for a second unless told otherwise.
    ///
    /// - Returns: How often a second.
    static func measure(for duration: Duration = .seconds(1), _ operation: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        var count = 0
        while ContinuousClock.now - start < duration {
            for _ in 0..<20 { try operation() }
            count += 20
        }
        return Double(count) / ((ContinuousClock.now - start) / .seconds(1))
    }
}
