import Enrollment
import Foundation
import Registry

/// Exchanges that wait to be written down: so many and no more, whatever comes.
///
/// From one address there is a row for each of the first exchanges of a minute; further ones are counted on the last of
/// these rows. Of what is no SCEP, and of requests that are told to come back later, only the first one of a minute has a
/// row. What was issued always has one: the certificate is recorded anyway.
struct ExchangeQueue {
    /// How much is borne.
    struct Limits: Sendable {
        /// How many may wait.
        var capacity = 4_000
        /// How many are written in one transaction.
        var batch = 200
        /// How many rows one address has in a minute.
        var rowsPerMinute = 60
        /// Of how many addresses a row is remembered on which further ones are counted.
        var addresses = 4_096
    }

    /// What is written in one transaction.
    struct Batch: Sendable, Equatable {
        /// The number that the first row has here.
        var first: UInt64
        /// What is new.
        var exchanges: [NewExchange]
        /// What is counted on rows that are there.
        var further: [Int64: Int]

        /// For how many exchanges it stands.
        var occurrences: Int { self.exchanges.reduce(0) { $0 + $1.occurrences } + self.further.values.reduce(0, +) }
    }

    /// The rows of an address in this minute, by their numbers here.
    fileprivate struct Window {
        var rows = 0
        var last: UInt64?
        var collapsed: [ExchangeOutcome: UInt64] = [:]

        var references: [UInt64] { Array(self.collapsed.values) + (self.last.map { [$0] } ?? []) }
    }

    let limits: Limits
    /// How many exchanges are in no row, since this was last set to 0.
    var lost = 0

    private var waiting: [NewExchange] = []
    /// The number of the first one that waits.
    private var first: UInt64 = 0
    /// The minute since 1970 of the windows; nil before the first exchange.
    private var minute: Int64?
    private var windows: [String: Window] = [:]
    /// What was counted since the row was taken or written, by the row's number here.
    private var counts: [UInt64: Int] = [:]
    /// The numbers in the registry of rows on which something may still be counted.
    private var written: [UInt64: Int64] = [:]

    init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// How many wait.
    var count: Int { self.waiting.count }

    /// Takes an exchange, counts it, or loses it.
    mutating func add(_ exchange: NewExchange) {
        self.beginMinute(of: exchange.date)
        let network = LimitSettings.network(of: exchange.clientAddress)
        var window = self.windows[network]
        if window == nil, self.windows.count < self.limits.addresses { window = Window() }
        guard exchange.outcome == .issued || window != nil else {
            self.lost += exchange.occurrences
            return
        }
        if let row = window?.row(for: exchange, atMost: self.limits.rowsPerMinute) {
            self.counts[row, default: 0] += exchange.occurrences
            return
        }
        guard self.waiting.count < self.limits.capacity else {
            self.lost += exchange.occurrences
            return
        }
        window?.add(exchange, as: self.first + UInt64(self.waiting.count))
        self.windows[network] = window
        self.waiting.append(exchange)
    }

    /// The next rows to be written; nil where there is nothing.
    ///
    /// It is ``wrote(_:as:)`` or ``lose(_:)`` before another one is taken.
    mutating func next() -> Batch? {
        let count = min(self.waiting.count, self.limits.batch)
        var batch = Batch(first: self.first, exchanges: Array(self.waiting.prefix(count)), further: [:])
        self.waiting.removeFirst(count)
        self.first += UInt64(count)
        for (row, count) in self.counts where row < self.first {
            if row >= batch.first {
                batch.exchanges[Int(row - batch.first)].occurrences += count
            } else if let id = self.written[row] {
                guard batch.further.count < self.limits.batch else { continue }
                batch.further[id] = count
            } else {
                self.lost += count
            }
            self.counts[row] = nil
        }
        return batch.exchanges.isEmpty && batch.further.isEmpty ? nil : batch
    }

    /// A batch is in the registry.
    mutating func wrote(_ batch: Batch, as ids: [Int64]) {
        for (offset, id) in ids.enumerated() { self.written[batch.first + UInt64(offset)] = id }
        let references = Set(self.windows.values.flatMap(\.references)).union(self.counts.keys)
        self.written = self.written.filter { references.contains($0.key) }
    }

    /// A batch could not be written.
    mutating func lose(_ batch: Batch) {
        self.lost += batch.occurrences
    }

    /// Nothing of what waits can be written any more.
    mutating func loseAll() {
        while let batch = self.next() { self.lose(batch) }
    }

    /// Forgets what the addresses did in the minute before.
    ///
    /// An exchange is noted when it ends, so that one of a minute ago may come after one of now; a clock that was set back
    /// begins anew.
    private mutating func beginMinute(of date: Date) {
        let minute = date.milliseconds / 60_000
        if let current = self.minute, (current - 5...current).contains(minute) { return }
        self.minute = minute
        self.windows = [:]
    }
}

extension ExchangeQueue.Window {
    /// The row on which an exchange is counted; nil where it has one of its own.
    fileprivate func row(for exchange: NewExchange, atMost maximum: Int) -> UInt64? {
        if exchange.outcome.isCollapsed, let row = self.collapsed[exchange.outcome] { return row }
        return exchange.outcome == .issued || self.rows < maximum ? nil : self.last
    }

    fileprivate mutating func add(_ exchange: NewExchange, as row: UInt64) {
        self.rows += 1
        self.last = row
        if exchange.outcome.isCollapsed { self.collapsed[exchange.outcome] = row }
    }
}

extension Date {
    /// Milliseconds since 1970, within what an integer can hold.
    fileprivate var milliseconds: Int64 {
        let value = (self.timeIntervalSince1970 * 1000).rounded(.down)
        return Int64(min(max(value.isNaN ? 0 : value, -9e15), 9e15))
    }
}
