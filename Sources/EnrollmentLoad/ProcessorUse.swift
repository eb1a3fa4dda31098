import Foundation

/// How busy the processors are, with this program and with everything.
struct ProcessorUse {
    /// What this program has used of them, in seconds.
    let own: Double
    /// What everything has used of them and how much there was, in the system's ticks; nil where the system does not say.
    private let all: (busy: Double, total: Double)?

    /// How it is now.
    init() {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        self.own = Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
        // user nice system idle iowait irq softirq steal
        let text = try? String(contentsOfFile: "/proc/stat", encoding: .utf8)
        let ticks =
            text?.prefix { $0 != "\n" }.split(separator: " ").dropFirst().prefix(8).compactMap { Double($0) } ?? []
        let total = ticks.reduce(0, +)
        self.all = ticks.count >= 5 ? (total - ticks[3] - ticks[4], total) : nil
    }

    /// The share of all processors that was busy since another time; nil where the system does not say.
    func busyShare(since earlier: ProcessorUse) -> Double? {
        guard let all, let before = earlier.all, all.total > before.total else { return nil }
        return (all.busy - before.busy) / (all.total - before.total)
    }
}
