/// Lets a few in at a time; some wait, and everybody else is sent away.
///
/// It bounds what is costly on purpose or by nature, so that whoever asks for much of it gets an answer but no more
/// memory, and nobody else has to wait.
actor Turnstile {
    private let places: Int
    private let maximumWaiting: Int
    /// What those are told who are sent away.
    private let refusal: String
    private var running = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Makes one.
    ///
    /// - Parameters:
    ///   - places: How many are inside at the same time.
    ///   - maximumWaiting: How many may wait for that.
    ///   - refusal: What those are told who are sent away.
    init(places: Int, maximumWaiting: Int, refusal: String) {
        (self.places, self.maximumWaiting, self.refusal) = (places, maximumWaiting, refusal)
    }

    /// Does something when it is its turn.
    ///
    /// - Throws: ``AdministrationError`` of the kind `tooMany`, or what the closure throws.
    func pass<Answer: Sendable>(_ work: @Sendable () async throws -> Answer) async throws -> Answer {
        try await self.enter()
        defer { self.leave() }
        return try await work()
    }

    private func enter() async throws {
        guard self.running >= self.places else {
            self.running += 1
            return
        }
        guard self.waiting.count < self.maximumWaiting else { throw AdministrationError(self.refusal, .tooMany) }
        // Whoever leaves hands their place over.
        await withCheckedContinuation { self.waiting.append($0) }
    }

    private func leave() {
        if self.waiting.isEmpty { self.running -= 1 } else { self.waiting.removeFirst().resume() }
    }
}
