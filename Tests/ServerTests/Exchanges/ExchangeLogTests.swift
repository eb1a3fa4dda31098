import Foundation
import Logging
import Registry
import Synchronization
import TestSupport
import Testing

@testable import Server

@Suite("The exchange log")
struct ExchangeLogTests {
    /// A place for rows that can be told to fail.
    final class Rows: Sendable {
        private struct Failure: Error, CustomStringConvertible { let description = "the disk is full" }

        private let state = Mutex<(all: [[NewExchange]], isFailing: Bool, isHanging: Bool)>(([], false, false))

        var batches: [[NewExchange]] { self.state.withLock(\.all) }
        var count: Int { self.batches.reduce(0) { $0 + $1.count } }
        var isFailing: Bool {
            get { self.state.withLock(\.isFailing) }
            set { self.state.withLock { $0.isFailing = newValue } }
        }
        var isHanging: Bool {
            get { self.state.withLock(\.isHanging) }
            set { self.state.withLock { $0.isHanging = newValue } }
        }

        @Sendable func write(_ exchanges: [NewExchange], _ further: [Int64: Int]) async throws -> [Int64] {
            while self.isHanging { try? await Task.sleep(for: .milliseconds(5)) }
            return try self.state.withLock { state in
                if state.isFailing { throw Failure() }
                let count = state.all.reduce(0) { $0 + $1.count }
                state.all.append(exchanges)
                return exchanges.indices.map { Int64(count + $0 + 1) }
            }
        }
    }

    static func add(_ count: Int, to log: ExchangeLog) {
        for number in 0..<count {
            log.add(NewExchange(.getCACaps, .answered, from: "10.0.\(number / 250).\(number % 250)", at: Date()))
        }
    }

    /// Waits for something that happens soon.
    static func eventually(_ condition: () -> Bool) async -> Bool {
        for _ in 0..<1_000 {
            if condition() { return true }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    private let rows = Rows()
    private let events = CollectingLogHandler.Events()

    private func log(_ limits: ExchangeQueue.Limits = ExchangeQueue.Limits()) -> ExchangeLog {
        ExchangeLog(limits: limits, logger: CollectingLogHandler.logger(self.events), write: self.rows.write)
    }

    @Test("writes some hundred at a time")
    func batches() async {
        let log = self.log()
        Self.add(450, to: log)
        #expect(self.rows.count == 0)
        await log.flush()
        #expect(self.rows.batches.map(\.count) == [200, 200, 50])
        #expect(self.events.all.isEmpty)
    }

    @Test("says once a minute what it could not keep, and why")
    func full() async throws {
        var limits = ExchangeQueue.Limits()
        limits.capacity = 10
        let log = self.log(limits)
        Self.add(15, to: log)
        await log.flush()
        Self.add(15, to: log)
        await log.flush()
        #expect(self.rows.count == 20)
        #expect(self.events.all.count == 1)
        let event = try #require(self.events.all.first)
        #expect(event.level == .warning)
        #expect(event.values["exchanges"] == "5")
        #expect(event.values["reason"]?.contains("more came") == true)
    }

    @Test("goes on when the database fails, and drops what it could not write")
    func failing() async throws {
        let log = self.log()
        self.rows.isFailing = true
        Self.add(450, to: log)
        await log.flush()
        #expect(self.events.all.map { $0.values["exchanges"] } == ["200"])
        #expect(self.events.all.first?.values["reason"] == "the disk is full")
        self.rows.isFailing = false
        await log.flush()
        #expect(self.rows.count == 250)
    }

    @Test("neither waits nor grows while the database does not answer")
    func hanging() async throws {
        let log = self.log()
        self.rows.isHanging = true
        Self.add(10, to: log)
        let flushing = Task { await log.flush() }
        try await Task.sleep(for: .milliseconds(20))
        Self.add(10_000, to: log)
        // Another one does not wait behind the first.
        await log.flush()
        self.rows.isHanging = false
        await flushing.value
        #expect(self.rows.count <= 4_010)
        let said = self.events.all.compactMap { $0.values["exchanges"].flatMap(Int.init) }.reduce(0, +)
        #expect(said + self.rows.count == 10_010)
    }

    @Test("writes by itself, and what is left when the server stops", .timeLimit(.minutes(1)))
    func service() async throws {
        let log = self.log()
        let running = Task { try await log.run() }
        Self.add(3, to: log)
        #expect(await Self.eventually { self.rows.count == 3 })
        Self.add(7, to: log)
        running.cancel()
        try await running.value
        #expect(self.rows.count == 10)
        #expect(self.events.all.isEmpty)
    }

    @Test("says at the end what is lost, where the database fails until then", .timeLimit(.minutes(1)))
    func failingEnd() async throws {
        let log = self.log()
        self.rows.isFailing = true
        let running = Task { try await log.run() }
        Self.add(900, to: log)
        running.cancel()
        try await running.value
        let said = self.events.all.compactMap { $0.values["exchanges"].flatMap(Int.init) }.reduce(0, +)
        #expect(said == 900)
    }

    @Test("is forgotten after 30 days")
    func pruning() async throws {
        try await LiveInstallation.run { live in
            let maintenance = Maintenance(
                configuration: live.served, logger: CollectingLogHandler.logger(live.events))
            for days in [-31, -29, 0] {
                try await live.registry.record([
                    NewExchange(.getCACaps, .answered, from: "192.0.2.7", at: live.day(Double(days)))
                ])
            }
            try await maintenance.prune(at: live.now)
            let dates = try await live.registry.exchanges(limit: 10).map(\.exchange.date)
            #expect(dates == [live.now, live.day(-29)])
        }
    }
}
