import Foundation
import Registry

/// Whether the clock can be right: what is in the database was there before.
struct ClockCheck {
    /// No program of this kind was there before.
    private static let earliest = Date(timeIntervalSince1970: 1_767_225_600)
    /// A century later certificates are written in another way, and nobody has asked yet.
    private static let latest = Date(timeIntervalSince1970: 4_102_444_800)
    /// How far two machines may be apart.
    private static let tolerance: TimeInterval = 120

    static func run(_ registry: Registry, at now: Date) async throws -> Finding {
        let advice = "set the clock of this machine, and let NTP keep it"
        guard (Self.earliest...Self.latest).contains(now) else {
            return Finding("clock", .error, "it is \(now.formatted(.iso8601)), which cannot be", advice: advice)
        }
        if let last = try await registry.latestTime(), last.timeIntervalSince(now) > Self.tolerance {
            return Finding(
                "clock", .error,
                "it is \(now.formatted(.iso8601)), but something was recorded on \(last.formatted(.iso8601)): the clock has gone "
                    + "back, or was ahead",
                advice: advice
            )
        }
        return Finding("clock", .ok, "it is \(now.formatted(.iso8601)), after everything that is recorded")
    }
}
