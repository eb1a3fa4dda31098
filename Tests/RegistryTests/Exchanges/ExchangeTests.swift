import Foundation
import Testing

@testable import Registry

@Suite("Exchanges", .freshDatabase)
struct ExchangeTests {
    static let filters: [(filter: ExchangeFilter, matches: @Sendable (NewExchange) -> Bool)] = [
        (ExchangeFilter(), { _ in true }),
        (ExchangeFilter(profile: "profile 1"), { $0.profile == "profile 1" }),
        (ExchangeFilter(outcomes: [.refused]), { $0.outcome == .refused }),
        (ExchangeFilter(outcomes: [.issued, .pending]), { [.issued, .pending].contains($0.outcome) }),
        (ExchangeFilter(causes: ["challengeWrong", "clock"]), { $0.cause == "challengeWrong" }),
        (ExchangeFilter(causes: ["clock"]), { _ in false }),
        (ExchangeFilter(operations: [.getCACaps, .getCACert]), { [.getCACaps, .getCACert].contains($0.operation) }),
        (ExchangeFilter(messageTypes: ["PKCSReq"]), { $0.messageType == "PKCSReq" }),
        (ExchangeFilter(messageTypes: ["PKCSReq", "none"]), { $0.messageType == "PKCSReq" }),
        (ExchangeFilter(clientAddress: "192.0.2.3"), { $0.clientAddress == "192.0.2.3" }),
        (ExchangeFilter(transactionID: "T3"), { $0.transactionID == "T3" }),
        (ExchangeFilter(transactionID: "t3"), { _ in false }),
        (ExchangeFilter(request: 3), { $0.request == 3 }),
        (ExchangeFilter(subject: "CN=Gerät 13, O=Example 100%"), { $0.subject == "CN=Gerät 13, O=Example 100%" }),
        (ExchangeFilter(subject: "CN=Gerät"), { _ in false }),
        (ExchangeFilter(search: "o=EXAMPLE"), { $0.subject != nil }),
        (ExchangeFilter(search: "100%"), { $0.subject != nil }),
        (ExchangeFilter(search: "_"), { _ in false }),
        (ExchangeFilter(search: "'"), { _ in false }),
        (
            ExchangeFilter(
                since: TestRecords.now.addingTimeInterval(10), until: TestRecords.now.addingTimeInterval(20)),
            { (10..<20).contains($0.milliseconds) }
        ),
        (
            ExchangeFilter(profile: "profile 1", operations: [.pkiOperation], clientAddress: "192.0.2.1"),
            { $0.profile == "profile 1" && $0.operation == .pkiOperation && $0.clientAddress == "192.0.2.1" }
        ),
    ]

    @Test("are read as they were written", arguments: DatabaseDriver.available)
    func same(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let ids = try await registry.record(TestExchanges.all)
        #expect(ids == ids.sorted() && Set(ids).count == ids.count)
        let found = try await registry.exchanges(order: .oldestFirst, limit: 1_000)
        #expect(found.map(\.id) == ids)
        #expect(found.map(\.exchange) == TestExchanges.all)
    }

    @Test("are found by what is asked for", arguments: DatabaseDriver.available, Self.filters.indices)
    func filter(_ driver: DatabaseDriver, index: Int) async throws {
        let registry = try await driver.openRegistry()
        try await registry.record(TestExchanges.all)
        let (filter, matches) = Self.filters[index]
        let found = try await registry.exchanges(filter, order: .oldestFirst, limit: 1_000).map(\.exchange)
        #expect(found == TestExchanges.all.filter(matches))
        let newest = try await registry.exchanges(filter, limit: 1_000).map(\.exchange)
        #expect(newest == found.reversed())
    }

    @Test("come page by page, in both orders", arguments: DatabaseDriver.available, ListOrder.allCases)
    func pages(_ driver: DatabaseDriver, order: ListOrder) async throws {
        let registry = try await driver.openRegistry()
        try await registry.record(TestExchanges.all)
        let filter = ExchangeFilter(operations: [.pkiOperation, .getCACert])
        let all = try await registry.exchanges(filter, order: order, limit: 1_000)
        var pages: [ExchangeRecord] = []
        repeat {
            let page = try await registry.exchanges(filter, after: pages.last?.id, order: order, limit: 7)
            pages += page
            if page.count < 7 { break }
        } while true
        #expect(pages == all)
    }

    @Test("that are new are those behind the last one that was seen", arguments: DatabaseDriver.available)
    func live(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let first = try await registry.record([TestExchanges.exchange(1)])
        #expect(try await registry.exchanges(after: first.last, order: .oldestFirst, limit: 10).isEmpty)
        let second = try await registry.record([TestExchanges.exchange(2), TestExchanges.exchange(3)])
        let found = try await registry.exchanges(after: first.last, order: .oldestFirst, limit: 10)
        #expect(found.map(\.id) == second)
    }

    @Test("count further ones that have no row of their own", arguments: DatabaseDriver.available)
    func further(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        var exchange = NewExchange(.unknown, .malformed, from: "192.0.2.7", at: TestRecords.now)
        exchange.occurrences = 2
        let id = try #require(try await registry.record([exchange]).first)
        #expect(try await registry.record([], counting: [id: 40, id + 99: 3]) == [])
        #expect(try await registry.exchanges(limit: 10).map(\.exchange.occurrences) == [42])
    }

    @Test("are counted by why they failed, each for as many as it stands for", arguments: DatabaseDriver.available)
    func failures(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let causes = ["clock", nil, "challengeWrong", "clock", "clock"]
        try await registry.record(
            causes.enumerated().map { number, cause in
                var exchange = NewExchange(
                    .pkiOperation, .refused, from: "192.0.2.1",
                    at: TestRecords.now.addingTimeInterval(Double(number)))
                exchange.cause = cause
                exchange.occurrences = number + 1
                return exchange
            })
        let all = try await registry.exchangeFailures(since: TestRecords.now)
        #expect(all.map(\.cause) == ["clock", "challengeWrong"])
        #expect(all.map(\.count) == [1 + 4 + 5, 3])
        let late = try await registry.exchangeFailures(since: TestRecords.now.addingTimeInterval(4))
        #expect(late.map(\.cause) == ["clock"] && late.map(\.count) == [5])
    }

    @Test("are all written or none of them", arguments: DatabaseDriver.available)
    func transaction(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.database.write { connection in
            try connection.execute("CREATE UNIQUE INDEX once ON exchange (milliseconds)", [])
        }
        await #expect(throws: RegistryError.self) {
            try await registry.record([TestExchanges.exchange(1), TestExchanges.exchange(2), TestExchanges.exchange(1)])
        }
        #expect(try await registry.count("exchange") == 0)
    }

    @Test("keep no more of a text than anybody reads, and any text", arguments: DatabaseDriver.available)
    func texts(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let long = String(repeating: "ä'%\u{0}", count: 10_000)
        var exchange = NewExchange(.pkiOperation, .refused, from: long, at: TestRecords.now)
        exchange.profile = long
        exchange.transactionID = long
        exchange.subject = long
        exchange.reason = long
        exchange.cause = long
        try await registry.record([exchange])
        let found = try #require(try await registry.exchanges(limit: 1).first?.exchange)
        #expect(found.subject?.hasPrefix("ä'%\u{FFFD}ä") == true)
        for text in [found.profile, found.transactionID, found.subject, found.reason, found.cause] {
            #expect(try #require(text).utf8.count < 1_500)
        }
        let filter = ExchangeFilter(clientAddress: long, transactionID: long, subject: long)
        #expect(try await registry.exchanges(filter, limit: 1).count == 1)
    }
}
