import Synchronization

/// Somebody's wish that a load be over: nothing more is begun, what is under way is waited for.
public final class LoadStop: Sendable {
    private let flag = Atomic(false)

    /// Makes one that nobody has asked for yet.
    public init() {}

    /// Whether somebody has asked.
    public var isAsked: Bool { self.flag.load(ordering: .relaxed) }

    /// Asks.
    public func ask() { self.flag.store(true, ordering: .relaxed) }

    /// Waits until a time, or until somebody asks.
    ///
    /// - Parameter time: Until when.
    /// - Returns: Whether the time has come.
    func wait(until time: ContinuousClock.Instant) async -> Bool {
        while !self.isAsked {
            let left = time - .now
            guard left > .zero else { return true }
            do { try await Task.sleep(for: min(left, .milliseconds(100))) } catch { return false }
        }
        return false
    }
}
