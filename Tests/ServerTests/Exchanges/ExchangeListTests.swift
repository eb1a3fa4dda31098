import AdministrationAPI
import Foundation
import HTTPTypes
import Registry
import Testing

@testable import Server

@Suite("The list of exchanges")
struct ExchangeListTests {
    private static let date = Date(timeIntervalSince1970: 1_800_000_000)

    private static func fill(_ server: APIServer, from date: Date = Self.date) async throws {
        let exchanges = (0..<25).map { number in
            var exchange = NewExchange(
                number.isMultiple(of: 2) ? .pkiOperation : .getCACert,
                number.isMultiple(of: 5) ? .refused : .answered,
                from: "192.0.2.\(number % 3)", at: date.addingTimeInterval(Double(number)))
            exchange.profile = "default"
            exchange.transactionID = "T\(number)"
            exchange.subject = "CN=pump-\(number)"
            exchange.messageType = number.isMultiple(of: 2) ? "PKCSReq" : nil
            exchange.cause = number.isMultiple(of: 5) ? "clock" : nil
            return exchange
        }
        try await server.live.registry.record(exchanges)
    }

    @Test(
        "is narrowed by what is asked for",
        arguments: [
            ("", 25), ("?outcome=refused", 5), ("?outcome=refused,answered", 25), ("?failure=clock", 5),
            ("?failure=challengeWrong", 0), ("?operation=GetCACert", 12),
            ("?messageType=PKCSReq", 13), ("?address=192.0.2.1", 8), ("?transactionID=T7", 1),
            ("?subject=CN%3Dpump-7", 1), ("?q=PUMP-1", 11), ("?profile=default", 25), ("?profile=vpn", 0),
            ("?request=1", 0), ("?since=2027-01-15T08:00:10Z", 15), ("?until=2027-01-15T08:00:10Z", 10),
        ])
    func filters(query: String, count: Int) async throws {
        try await APIServer.run { server in
            try await Self.fill(server)
            let received = try await server.done(.get, "/exchanges\(query)", by: server.root)
            #expect(received.items("id").count == count)
        }
    }

    @Test("comes page by page, and goes on behind the last one that was seen")
    func pages() async throws {
        try await APIServer.run { server in
            try await Self.fill(server)
            for sort in ["id", "-id"] {
                var found: [JSONValue] = []
                var next: String?
                repeat {
                    let after = next.map { "&after=\($0)" } ?? ""
                    let page = try await server.done(
                        .get, "/exchanges?sort=\(sort)&limit=10\(after)", by: server.root)
                    found += page.items("id")
                    next = page.json["next"]?.text
                } while next != nil
                let ids = found.compactMap(\.integer)
                #expect(ids.count == 25)
                #expect(ids == ids.sorted { sort == "id" ? $0 < $1 : $0 > $1 })
            }
            let none = try await server.done(.get, "/exchanges?sort=id&after=25", by: server.root)
            #expect(none.items("id").isEmpty)
            try await Self.fill(server)
            let live = try await server.done(.get, "/exchanges?sort=id&after=25", by: server.root)
            #expect(live.items("id").first?.integer == 26)
        }
    }

    @Test(
        "refuses what it does not know",
        arguments: ["?outcome=lost", "?failure=lost", "?messageType=Lost", "?operation=", "?limit=0", "?nothing=1"])
    func refused(query: String) async throws {
        try await APIServer.run { server in
            let received = try await server.send(.get, "/exchanges\(query)", by: server.root)
            #expect(received.status == .badRequest)
        }
    }

    @Test("is counted by why exchanges failed, with the number that the list then has")
    func failures() async throws {
        try await APIServer.run { server in
            try await Self.fill(server, from: Date())
            let failures = try await server.done(.get, "/statistics", by: server.root).json["failures"]?.array
            let failure = try #require(failures?.first)
            #expect(failure["failure"] == "clock" && failure["count"] == 5)
            #expect(failure["title"] == "Clock is wrong")
        }
    }

    @Test("says what to do about what failed, and nothing of what did not")
    func advice() async throws {
        try await APIServer.run { server in
            try await Self.fill(server)
            let items = try await server.done(.get, "/exchanges", by: server.root).json["items"]?.array ?? []
            for item in items {
                let hasFailed = item["outcome"] == "refused"
                #expect((item["cause"]?.text?.contains("clock") == true) == hasFailed)
                #expect((item["cure"]?.text != nil) == hasFailed)
            }
        }
    }
}
