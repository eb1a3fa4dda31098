import Foundation
import Registry
import TestSupport
import Testing

@testable import Enrollment

@Suite("A limit of several nodes")
struct SharedLimitTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)

    /// Limits of two nodes on one registry.
    private static func run(_ body: (Registry, ClientLimits, ClientLimits) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let registry = try await Registry(database: try SQLiteDatabase(path: directory + "/ucm.sqlite"))
            let (one, other) = (ClientLimits(), ClientLimits())
            for limits in [one, other] {
                limits.settings.failuresPerMinute = 10
                limits.settings.requestsPerMinute = 20
            }
            try await body(registry, one, other)
            try registry.close()
        }
    }

    private static func share(_ registry: Registry, _ limits: ClientLimits..., at now: Date) async throws {
        for limits in limits { try await limits.share(in: registry, at: now) }
    }

    @Test("counts what came to the others")
    func counting() async throws {
        try await Self.run { registry, one, other in
            for _ in 0..<10 { one.countFailure(of: "192.0.2.7", at: Self.now) }
            #expect(one.obstacle(to: "192.0.2.7", at: Self.now) != nil)
            #expect(other.obstacle(to: "192.0.2.7", at: Self.now) == nil)
            try await Self.share(registry, one, other, at: Self.now)
            #expect(other.obstacle(to: "192.0.2.7", at: Self.now) != nil)
            #expect(other.obstacle(to: "192.0.2.8", at: Self.now) == nil)
            // It is not told back, and not told again.
            try await Self.share(registry, one, other, one, other, at: Self.now)
            #expect(one.failures.untold(perMinute: 10).isEmpty)
            #expect(other.failures.untold(perMinute: 10).isEmpty)
            // A minute later there is as much as before at both.
            let later = Self.now.addingTimeInterval(60)
            try await Self.share(registry, one, other, at: later)
            #expect(one.obstacle(to: "192.0.2.7", at: later) == nil)
            #expect(other.obstacle(to: "192.0.2.7", at: later) == nil)
        }
    }

    @Test("counts an address in IPv6 by its network")
    func networks() async throws {
        try await Self.run { registry, one, other in
            for number in 0..<10 { one.countFailure(of: "2001:db8::\(number + 1)", at: Self.now) }
            try await Self.share(registry, one, other, at: Self.now)
            #expect(other.obstacle(to: "2001:db8::99", at: Self.now) != nil)
            #expect(other.obstacle(to: "2001:db8:0:1::99", at: Self.now) == nil)
        }
    }

    @Test("of a kind is not that of another one")
    func kinds() async throws {
        try await Self.run { registry, one, other in
            for _ in 0..<20 { _ = one.obstacle(to: "192.0.2.7", at: Self.now) }
            for _ in 0..<20 { _ = one.allowsRevocationList(to: "192.0.2.8", at: Self.now) }
            try await Self.share(registry, one, other, at: Self.now)
            #expect(other.obstacle(to: "192.0.2.7", at: Self.now) != nil)
            #expect(other.allowsRevocationList(to: "192.0.2.7", at: Self.now))
            #expect(!other.allowsRevocationList(to: "192.0.2.8", at: Self.now))
        }
    }

    @Test("does not tell what is little, but tells it when it is more")
    func little() {
        let limit = AddressLimit()
        for _ in 0..<19 { _ = limit.take("192.0.2.7", perMinute: 1_000, at: Self.now) }
        #expect(limit.untold(perMinute: 1_000).isEmpty)
        _ = limit.take("192.0.2.7", perMinute: 1_000, at: Self.now)
        #expect(limit.untold(perMinute: 1_000) == ["192.0.2.7": 20])
        #expect(limit.untold(perMinute: 1_000).isEmpty)
    }

    @Test("bears whatever somebody tells", arguments: [0, -5, Int.max, Int.min])
    func nonsense(_ count: Int) {
        let limit = AddressLimit()
        limit.take("192.0.2.7", told: count, perMinute: 10, at: Self.now)
        limit.take("192.0.2.7", told: count, perMinute: 10, at: Self.now)
        let left = (0..<30).count { _ in limit.take("192.0.2.7", perMinute: 10, at: Self.now) == nil }
        #expect(left <= 10)
    }
}
