import Foundation

/// What Prometheus' own clients say of their processes, read from /proc.
enum ProcessMetrics {
    static func families() -> [MetricFamily] {
        var families = [
            MetricFamily(
                name: "ucm_build_info",
                help: "The version of the program; the value is always 1.",
                kind: .gauge,
                samples: [MetricFamily.Sample(labels: [("version", ProgramVersion.current)], value: 1)]
            )
        ]
        if let usage = Self.usage() {
            families.append(
                MetricFamily(
                    name: "process_cpu_seconds_total",
                    help: "Processor time of user and system.",
                    kind: .counter,
                    samples: [MetricFamily.Sample(value: usage.processorSeconds)]
                )
            )
            families.append(
                .gauge("process_resident_memory_bytes", "Memory that is really there.", usage.residentBytes))
            if let start = usage.startTime {
                families.append(.gauge("process_start_time_seconds", "When the process began, since 1970.", start))
            }
        }
        if let count = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count {
            // One of them was open for counting.
            families.append(.gauge("process_open_fds", "Open files and connections.", Double(count - 1)))
        }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            families.append(.gauge("process_max_fds", "How many there can be.", Double(limit.rlim_cur)))
        }
        return families
    }

    private struct Usage {
        var processorSeconds: Double
        var residentBytes: Double
        var startTime: Double?
    }

    /// Reads /proc/self/stat (proc(5)): its fields are counted behind the name, which may hold anything.
    private static func usage() -> Usage? {
        guard let stat = Self.read("/proc/self/stat"), let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[end...].split(separator: " ").map { Double($0) }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        // The state, which comes first behind the name, is field 3.
        func field(_ number: Int) -> Double? { fields.indices.contains(number - 2) ? fields[number - 2] : nil }
        guard let user = field(14), let system = field(15), let pages = field(24), ticks > 0 else { return nil }
        let bootTime = Self.read("/proc/stat")?.split(separator: "\n").first { $0.hasPrefix("btime ") }
            .flatMap { Double($0.dropFirst("btime ".count)) }
        return Usage(
            processorSeconds: (user + system) / ticks,
            residentBytes: pages * Double(sysconf(Int32(_SC_PAGESIZE))),
            startTime: bootTime.flatMap { boot in field(22).map { boot + $0 / ticks } }
        )
    }

    /// Files in /proc say that they have no bytes, so they are read until there are no more.
    private static func read(_ path: String) -> String? {
        guard let handle = FileHandle(forReadingAtPath: path), let data = try? handle.readToEnd() else { return nil }
        return String(decoding: data, as: UTF8.self)
    }
}
