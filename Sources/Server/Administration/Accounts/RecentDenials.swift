import Foundation

/// What was denied to whom lately, so that a program that asks again and again fills no log.
actor RecentDenials {
    /// For how long a repetition is only counted, in seconds.
    static let period: TimeInterval = 60

    private struct Denial: Hashable {
        var name: String
        var permission: Permission
    }

    private var recent: [Denial: (since: Date, repetitions: Int)] = [:]

    /// Counts a denial.
    ///
    /// - Parameters:
    ///   - permission: What is lacking.
    ///   - name: Who lacks it.
    ///   - now: The time.
    /// - Returns: How many of the kind came since the last one that was recorded, where this one is to be recorded too; nil
    ///   where it is only counted.
    func count(_ permission: Permission, of name: String, at now: Date) -> Int? {
        let denial = Denial(name: name, permission: permission)
        let last = self.recent[denial]
        if let last, abs(now.timeIntervalSince(last.since)) < Self.period {
            self.recent[denial]?.repetitions += 1
            return nil
        }
        // Of those that are over only what was counted is of use, and that for an hour.
        self.recent = self.recent.filter { now.timeIntervalSince($0.value.since) < 3600 }
        self.recent[denial] = (now, 0)
        return last?.repetitions ?? 0
    }
}
