/// Lets refusals leave only at fixed times after the request came, so that how long the server took does not tell
/// what it found inside the envelope (a padding, a decryption, a challenge).
///
/// Nobody honest waits for it: only refusals of clients that are not authenticated do.
enum UniformDelay {
    /// The grid.
    enum Slot {
        /// Long compared with the work behind a refusal, so that all of it fits into one slot.
        case usual
        /// Long also for somebody who waits for one answer before the next guess.
        case slow

        fileprivate var duration: Duration {
            switch self {
            case .usual: .milliseconds(50)
            case .slow: .seconds(2)
            }
        }
    }

    /// Waits for the end of the slot.
    static func wait(since arrival: ContinuousClock.Instant, slot: Slot) async throws {
        let elapsed = ContinuousClock.now - arrival
        let slots = Int64((elapsed / slot.duration).rounded(.up))
        try await Task.sleep(until: arrival + slot.duration * Int(max(slots, 1)), clock: .continuous)
    }
}
