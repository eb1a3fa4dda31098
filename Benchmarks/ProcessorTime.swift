import Foundation
import Glibc

/// Processor time that a process has used, in seconds.
struct ProcessorTime {
    /// Its own.
    var user = 0.0
    /// The kernel's for it.
    var system = 0.0

    /// Both together.
    var total: Double { self.user + self.system }

    /// No time.
    init() {}

    /// What a process has used so far; nothing where it is gone.
    init(of process: Int) {
        guard let fields = Self.fields(process) else { return }
        self.add(fields[11], fields[12])
    }

    /// What a process and all that it has ever started have used so far.
    init(ofFamily parent: Int) {
        guard let fields = Self.fields(parent) else { return }
        self.add(fields[11], fields[12])
        // Of those that are gone already.
        self.add(fields[13], fields[14])
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        for child in names.compactMap({ Int($0) }) {
            guard let fields = Self.fields(child), fields[1] == "\(parent)" else { continue }
            self.add(fields[11], fields[12])
        }
    }

    static func + (one: ProcessorTime, other: ProcessorTime) -> ProcessorTime {
        var sum = ProcessorTime()
        (sum.user, sum.system) = (one.user + other.user, one.system + other.system)
        return sum
    }

    static func - (one: ProcessorTime, other: ProcessorTime) -> ProcessorTime {
        var difference = ProcessorTime()
        (difference.user, difference.system) = (one.user - other.user, one.system - other.system)
        return difference
    }

    private mutating func add(_ user: Substring, _ system: Substring) {
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        self.user += (Double(user) ?? 0) / ticks
        self.system += (Double(system) ?? 0) / ticks
    }

    /// What `/proc` says behind the name, which may have spaces in it.
    private static func fields(_ process: Int) -> [Substring]? {
        let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        guard let stat, let name = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: name)...].split(separator: " ")
        return fields.count > 14 ? fields : nil
    }
}
