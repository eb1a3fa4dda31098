import Synchronization

/// Keeps answers that will be asked for again, up to a limit.
///
/// Where the limit is reached, whatever has not been asked for since the last time round goes first ("second chance"):
/// almost as good as the oldest use, and asking changes no order, only a flag. Everything is done in constant time but
/// ``remove(where:)`` and ``removeAll()``.
public final class ResponseCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// Something that is kept.
    struct Entry {
        var key: Key
        var value: Value
        var cost: Int
        /// Whether it was asked for since the hand last passed.
        var isUsed: Bool
    }

    struct State {
        /// Where the entry of a key is.
        var places: [Key: Int] = [:]
        var entries: [Entry] = []
        /// The entry at which the next search for one that can go begins.
        var hand = 0
        var cost = 0
        var age: UInt64 = 0
    }

    /// How much the entries may cost together.
    public let costLimit: Int

    private let state = Mutex(State())

    /// Makes an empty cache.
    ///
    /// - Parameter costLimit: How much the entries may cost together, in the unit of ``insert(_:for:cost:ofAge:)``; with
    ///   0 or less nothing is kept.
    public init(costLimit: Int) {
        self.costLimit = costLimit
    }

    /// How many entries there are.
    public var count: Int { self.state.withLock { $0.entries.count } }

    /// How much the entries cost together.
    public var cost: Int { self.state.withLock { $0.cost } }

    /// How often something was removed by ``removeAll()`` or ``remove(where:)``.
    ///
    /// Whoever makes an answer reads it before looking at the facts and hands it to ``insert(_:for:cost:ofAge:)``: an
    /// answer made from facts that have changed meanwhile is then not kept.
    public var age: UInt64 { self.state.withLock { $0.age } }

    /// What is kept for a key; nil where nothing is.
    public func value(for key: Key) -> Value? {
        self.state.withLock { state in
            guard let place = state.places[key] else { return nil }
            state.entries[place].isUsed = true
            return state.entries[place].value
        }
    }

    /// Keeps something, in place of what was kept for the key.
    ///
    /// - Parameters:
    ///   - value: What to keep; not kept where it alone costs more than the limit.
    ///   - key: For which it is found again.
    ///   - cost: What it costs, for example its bytes; less than 1 counts as 1.
    ///   - age: ``age`` from before the value was made; where something was removed since, the value is not kept.
    public func insert(_ value: Value, for key: Key, cost: Int, ofAge age: UInt64? = nil) {
        let cost = max(cost, 1)
        self.state.withLock { state in
            if let age, age != state.age { return }
            if let place = state.places[key] { state.remove(at: place) }
            guard cost <= self.costLimit else { return }
            while state.cost > self.costLimit - cost { state.evictOne() }
            state.places[key] = state.entries.count
            state.entries.append(Entry(key: key, value: value, cost: cost, isUsed: false))
            state.cost += cost
        }
    }

    /// Forgets everything.
    public func removeAll() {
        self.state.withLock { state in
            state = State(age: state.age &+ 1)
        }
    }

    /// Forgets what a condition is true of.
    ///
    /// - Parameter condition: Asked for each key and value, under the cache's lock: it must not use the cache.
    public func remove(where condition: (Key, Value) -> Bool) {
        self.state.withLock { state in
            state.age &+= 1
            for place in state.entries.indices.reversed() {
                let entry = state.entries[place]
                if condition(entry.key, entry.value) { state.remove(at: place) }
            }
        }
    }
}

extension ResponseCache.State {
    /// Removes an entry; the last one moves to its place.
    mutating func remove(at place: Int) {
        let entry = self.entries[place]
        let last = self.entries.removeLast()
        if place < self.entries.count {
            self.entries[place] = last
            self.places[last.key] = place
        }
        self.places[entry.key] = nil
        self.cost -= entry.cost
    }

    /// Removes the first entry behind the hand that was not used since the hand passed it.
    mutating func evictOne() {
        while true {
            if self.hand >= self.entries.count { self.hand = 0 }
            guard self.entries[self.hand].isUsed else { break }
            self.entries[self.hand].isUsed = false
            self.hand += 1
        }
        // The newest entry comes into its place, where the hand will be last.
        self.remove(at: self.hand)
        self.hand += 1
    }
}
