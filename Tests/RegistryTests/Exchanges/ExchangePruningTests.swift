import Foundation
import Testing

@testable import Registry

@Suite("An old exchange", .freshDatabase)
struct ExchangePruningTests {
    private static func fill(_ registry: Registry, _ numbers: Range<Int>) async throws {
        try await registry.record(numbers.map(TestExchanges.exchange))
    }

    private static func numbers(_ registry: Registry) async throws -> [Int] {
        try await registry.exchanges(order: .oldestFirst, limit: 10_000).map(\.exchange.milliseconds)
    }

    @Test("is forgotten, and the newest of all is not", arguments: DatabaseDriver.available)
    func old(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        #expect(try await registry.prune(exchangesBefore: .distantFuture, keepingAtMost: 10) == 0)
        try await Self.fill(registry, 0..<10)
        #expect(try await registry.prune(exchangesBefore: TestRecords.now, keepingAtMost: 100) == 0)
        let fourth = TestRecords.now.addingTimeInterval(4)
        #expect(try await registry.prune(exchangesBefore: fourth, keepingAtMost: 100) == 4)
        #expect(try await Self.numbers(registry) == Array(4..<10))
        #expect(try await registry.prune(exchangesBefore: .distantFuture, keepingAtMost: 100) == 5)
        #expect(try await Self.numbers(registry) == [9])
        let next = try await registry.record([TestExchanges.exchange(10)])
        #expect(next == [11])
    }

    @Test("is forgotten where there are many, in steps", arguments: DatabaseDriver.available)
    func many(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        try await Self.fill(registry, 0..<1_203)
        #expect(try await registry.prune(exchangesBefore: .distantPast, keepingAtMost: 1_203) == 0)
        #expect(try await registry.prune(exchangesBefore: .distantPast, keepingAtMost: 3) == 1_200)
        #expect(try await Self.numbers(registry) == [1_200, 1_201, 1_202])
        #expect(try await registry.prune(exchangesBefore: .distantPast, keepingAtMost: -1) == 2)
    }
}
