import Foundation
import Registry
import Testing

@testable import Server

@Suite("Exchanges that wait to be written")
struct ExchangeQueueTests {
    static let now = Date(timeIntervalSince1970: 1_800_000_000)

    static func exchange(
        _ number: Int = 0,
        _ outcome: ExchangeOutcome = .answered,
        from address: String = "192.0.2.7",
        after seconds: Double = 0
    ) -> NewExchange {
        var exchange = NewExchange(.getCACaps, outcome, from: address, at: Self.now.addingTimeInterval(seconds))
        exchange.milliseconds = number
        return exchange
    }

    static func queue(_ change: (inout ExchangeQueue.Limits) -> Void = { _ in }) -> ExchangeQueue {
        var limits = ExchangeQueue.Limits()
        change(&limits)
        return ExchangeQueue(limits: limits)
    }

    /// Everything that waits, written one batch after the other under numbers from 1 on.
    static func drain(_ queue: inout ExchangeQueue, from first: Int64 = 1) -> [ExchangeQueue.Batch] {
        var batches: [ExchangeQueue.Batch] = []
        var id = first
        while let batch = queue.next() {
            let ids = batch.exchanges.map { _ in
                defer { id += 1 }
                return id
            }
            queue.wrote(batch, as: ids)
            batches.append(batch)
        }
        return batches
    }

    @Test("are taken in their order, so many at a time")
    func batches() {
        var queue = Self.queue { ($0.batch, $0.rowsPerMinute) = (200, 1_000) }
        for number in 0..<450 { queue.add(Self.exchange(number)) }
        #expect(queue.count == 450)
        let batches = Self.drain(&queue)
        #expect(batches.map(\.exchanges.count) == [200, 200, 50])
        #expect(batches.flatMap(\.exchanges).map(\.milliseconds) == Array(0..<450))
        #expect(batches.allSatisfy { $0.further.isEmpty })
        #expect(queue.count == 0 && queue.lost == 0)
        let rest = queue.next()
        #expect(rest == nil)
    }

    @Test("are no more than there is room for; the rest is counted")
    func full() {
        var queue = Self.queue { $0.capacity = 10 }
        for number in 0..<25 { queue.add(Self.exchange(number, from: "192.0.2.\(number)")) }
        #expect(queue.count == 10)
        #expect(queue.lost == 15)
        let batches = Self.drain(&queue)
        #expect(batches.flatMap(\.exchanges).map(\.milliseconds) == Array(0..<10))
        queue.add(Self.exchange(99, from: "192.0.2.99"))
        #expect(queue.count == 1)
    }

    @Test("of one address are so many in a minute, and further ones are counted on the last")
    func perMinute() throws {
        var queue = Self.queue { $0.rowsPerMinute = 3 }
        for number in 0..<10 { queue.add(Self.exchange(number, after: Double(number))) }
        queue.add(Self.exchange(100, from: "192.0.2.8"))
        let taken = Self.drain(&queue)
        let batch = try #require(taken.first)
        #expect(batch.exchanges.map(\.milliseconds) == [0, 1, 2, 100])
        #expect(batch.exchanges.map(\.occurrences) == [1, 1, 8, 1])
        // Behind what is written already.
        for number in 0..<5 { queue.add(Self.exchange(number, after: 30)) }
        let later = Self.drain(&queue, from: 100)
        #expect(later.map(\.exchanges) == [[]])
        #expect(later.map(\.further) == [[3: 5]])
        // Another minute.
        queue.add(Self.exchange(7, after: 61))
        let after = Self.drain(&queue, from: 200)
        #expect(after.flatMap(\.exchanges).map(\.milliseconds) == [7])
        #expect(queue.lost == 0)
    }

    @Test("from one network of IPv6 are those of one address")
    func network() {
        var queue = Self.queue { $0.rowsPerMinute = 3 }
        for number in 0..<100 { queue.add(Self.exchange(number, from: "2001:db8::\(number)")) }
        #expect(queue.count == 3)
    }

    @Test(
        "that are no SCEP, or come too often, are one row a minute", arguments: [ExchangeOutcome.malformed, .limited])
    func collapsed(_ outcome: ExchangeOutcome) {
        var queue = Self.queue()
        for number in 0..<1_000 { queue.add(Self.exchange(number, outcome)) }
        queue.add(Self.exchange(5_000))
        let first = Self.drain(&queue)
        #expect(first.flatMap(\.exchanges).map(\.occurrences) == [1_000, 1])
        for number in 0..<40 { queue.add(Self.exchange(number, outcome, after: 1)) }
        let second = Self.drain(&queue, from: 9)
        #expect(second.map(\.further) == [[1: 40]])
        queue.add(Self.exchange(6_000, outcome, after: 60))
        #expect(queue.count == 1)
    }

    @Test("always have a row where a certificate was issued")
    func issued() {
        var queue = Self.queue { ($0.rowsPerMinute, $0.addresses) = (2, 1) }
        for number in 0..<10 { queue.add(Self.exchange(number, .issued)) }
        queue.add(Self.exchange(10, .issued, from: "192.0.2.8"))
        queue.add(Self.exchange(11, .pending, from: "192.0.2.8"))
        #expect(queue.count == 11)
        #expect(queue.lost == 1)
    }

    @Test("of more addresses than can be remembered are lost and counted")
    func addresses() {
        var queue = Self.queue { $0.addresses = 5 }
        for number in 0..<9 { queue.add(Self.exchange(number, from: "192.0.2.\(number)")) }
        #expect(queue.count == 5)
        #expect(queue.lost == 4)
        queue.add(Self.exchange(9, from: "192.0.2.200", after: 60))
        #expect(queue.count == 6)
    }

    @Test("are lost with what was counted on them where they cannot be written")
    func lost() throws {
        var queue = Self.queue { $0.rowsPerMinute = 2 }
        for number in 0..<5 { queue.add(Self.exchange(number)) }
        let next = queue.next()
        let batch = try #require(next)
        #expect(batch.occurrences == 5)
        // While it is being written.
        queue.add(Self.exchange(5))
        queue.lose(batch)
        #expect(queue.lost == 5)
        let rest = queue.next()
        #expect(rest == nil)
        #expect(queue.lost == 6)
    }

    @Test("are counted on a row that is being written")
    func inFlight() throws {
        var queue = Self.queue { $0.rowsPerMinute = 1 }
        queue.add(Self.exchange())
        let next = queue.next()
        let batch = try #require(next)
        queue.add(Self.exchange())
        queue.wrote(batch, as: [17])
        let later = queue.next()
        #expect(later?.further == [17: 1])
    }

    @Test("of a minute ago may come after those of now, and a clock may be set back")
    func clock() {
        var queue = Self.queue { $0.rowsPerMinute = 1 }
        queue.add(Self.exchange(0, after: 60))
        queue.add(Self.exchange(1, after: 0))
        queue.add(Self.exchange(2, after: 60))
        #expect(queue.count == 1)
        queue.add(Self.exchange(3, after: -86_400))
        #expect(queue.count == 2)
        for date in [Date.distantPast, .distantFuture, Date(timeIntervalSince1970: .infinity)] {
            queue.add(NewExchange(.unknown, .malformed, from: "192.0.2.7", at: date))
        }
    }

    @Test("take no more memory for a flood than for a minute", .timeLimit(.minutes(1)))
    func flood() {
        var queue = Self.queue()
        for number in 0..<200_000 {
            queue.add(
                Self.exchange(
                    number, [.malformed, .refused, .limited][number % 3],
                    from: "10.0.\(number / 256 % 256).\(number % 256)",
                    after: Double(number) / 1_000))
            if number.isMultiple(of: 1_000) { _ = queue.next().map { queue.lose($0) } }
        }
        #expect(queue.count <= queue.limits.capacity)
        let waiting = Self.drain(&queue).reduce(0) { $0 + $1.occurrences }
        #expect(waiting + queue.lost == 200_000)
    }
}
