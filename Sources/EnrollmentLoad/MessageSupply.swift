import SCEPClient

/// Messages that are made beforehand and while others are sent, a bounded number of them at a time.
actor MessageSupply {
    /// How many messages are kept at most; each takes some seven kilobytes.
    static let capacity = 20_000
    /// How many are made beforehand where it is not known how many it takes.
    static let headStart = 2000

    private let messages: LoadMessages
    /// How many there are in all; nil where nobody knows.
    private let total: Int?
    private let capacity: Int
    private var next = 0
    private var beingMade = 0
    private var ready: [LoadMessage] = []
    /// How many at the front of `ready` are taken already.
    private var taken = 0
    private var isOver = false
    private var failure: SCEPClientError?
    private var takers: [CheckedContinuation<LoadMessage?, Never>] = []
    private var makers: [CheckedContinuation<Void, Never>] = []
    /// How often somebody had to wait for a message.
    private(set) var shortages = 0

    init(_ messages: LoadMessages, total: Int?, capacity: Int = MessageSupply.capacity) {
        self.messages = messages
        self.total = total
        self.capacity = min(capacity, total ?? Self.headStart)
    }

    /// How many messages there are before the first one is sent.
    nonisolated var beforehand: Int { self.capacity }
    /// Whether others are made while messages are sent.
    nonisolated var isEndless: Bool { self.total.map { $0 > self.capacity } ?? true }
    /// How many are ready.
    var readyCount: Int { self.ready.count - self.taken }

    /// Makes messages, until the room for them is full or there is nothing more to do.
    ///
    /// - Parameter goesOn: Whether to wait for room where there is none.
    /// - Throws: ``SCEPClientError`` where one cannot be made; nobody gets any more then.
    nonisolated func make(goesOn: Bool) async throws(SCEPClientError) {
        while let index = await self.reserve(waits: goesOn) {
            do throws(SCEPClientError) {
                await self.put(try self.messages.make(index))
            } catch {
                await self.end(error)
                throw error
            }
        }
    }

    /// The next message; nil where there is none any more.
    func take() async -> LoadMessage? {
        if self.taken < self.ready.count {
            let message = self.ready[self.taken]
            self.taken += 1
            // What is taken is let go in pieces, so that taking costs the same however many wait.
            if self.taken >= 256 {
                self.ready.removeFirst(self.taken)
                self.taken = 0
            }
            if !self.makers.isEmpty { self.makers.removeFirst().resume() }
            return message
        }
        guard !self.isOver, self.hasMore || self.beingMade > 0 else { return nil }
        self.shortages += 1
        return await withCheckedContinuation { self.takers.append($0) }
    }

    /// Ends it: nobody waits any longer, and nothing more is made.
    func end(_ failure: SCEPClientError? = nil) {
        self.isOver = true
        for taker in self.takers { taker.resume(returning: nil) }
        for maker in self.makers { maker.resume() }
        self.takers = []
        self.makers = []
    }

    private var hasMore: Bool { self.total.map { self.next < $0 } ?? true }

    private func reserve(waits: Bool) async -> Int? {
        while !self.isOver, self.hasMore {
            if self.readyCount + self.beingMade < self.capacity {
                defer { self.next += 1 }
                self.beingMade += 1
                return self.next
            }
            guard waits else { return nil }
            await withCheckedContinuation { self.makers.append($0) }
        }
        return nil
    }

    private func put(_ message: LoadMessage) {
        self.beingMade -= 1
        if self.takers.isEmpty {
            self.ready.append(message)
        } else {
            self.takers.removeFirst().resume(returning: message)
        }
        // Who waits for the last message would wait for ever where another one gets it.
        if !self.hasMore, self.beingMade == 0 {
            for taker in self.takers { taker.resume(returning: nil) }
            self.takers = []
        }
    }
}
