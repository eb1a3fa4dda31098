import Foundation

/// How long an address that guesses challenges has to wait.
///
/// Different wrong challenges count, not attempts: a device that repeats the one that was mistyped guesses nothing, and
/// must not lock out the fleet that shares its address.
enum GuessingLimit {
    /// The longest wait before the lock, in seconds.
    static let longestWait = 300.0

    /// How long wrong challenges are remembered that count for a profile, in seconds.
    static let profileWindow = 3600.0

    /// Until when no challenge of an address is looked at.
    ///
    /// - Parameters:
    ///   - guesses: When the address sent a wrong challenge that it had not sent before, the latest first.
    ///   - settings: The limits.
    ///   - now: The time.
    /// - Returns: The time; nil where it need not wait.
    static func obstacle(_ guesses: [Date], _ settings: LimitSettings, at now: Date) -> Date? {
        let window = Double(settings.lockMinutes) * 60
        let counted = guesses.filter { $0 > now.addingTimeInterval(-window) }
        if counted.count >= settings.guessesUntilLocked {
            // When this one is forgotten, there are too few for a lock.
            return counted[settings.guessesUntilLocked - 1].addingTimeInterval(window)
        }
        let excess = counted.count - settings.guessesUntilSlowed
        guard excess >= 0, let latest = counted.first else { return nil }
        let until = latest.addingTimeInterval(min(Double(1 << min(excess, 16)), Self.longestWait))
        return until > now ? until : nil
    }
}
