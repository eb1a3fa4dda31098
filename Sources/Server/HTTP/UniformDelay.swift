/// Lets refusals leave only at fixed times after the request came, so that how long the server took does not tell
/// what it found inside the envelope (a padding, a decryption, a challenge).
///
/// Nobody honest waits for it: only refusals of clients that are not authenticated do.
enum UniformDelay {
    /// The grid.
    ///
    /// It is long compared with the work behind a refusal, so that all of it fits into one slot.
    static let slot = Duration.milliseconds(50)

    /// Waits for the end of the slot.
    static func wait(since arrival: ContinuousClock.Instant) async throws {
        let elapsed = ContinuousClock.now - arrival
        let slots = Int64((elapsed / Self.slot).rounded(.up))
        try await Task.sleep(until: arrival + Self.slot * Int(max(slots, 1)), clock: .continuous)
    }
}
