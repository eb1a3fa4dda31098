import Foundation
import Testing

@testable import Registry

@Suite("What nodes tell each other of addresses", .freshDatabase)
struct AddressUseTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)

    @Test("comes once to each of the others", arguments: DatabaseDriver.available)
    func telling(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let told = [
            AddressUse(limit: "failures", address: "192.0.2.1", count: 3),
            AddressUse(limit: "crls", address: "2001:db8::/64", count: 1),
        ]
        try await registry.tell(told, by: "one", at: Self.now)
        try await registry.tell([], by: "one", at: Self.now)
        let mine = try await registry.uses(toldTo: "one", after: nil, since: Self.now)
        #expect(mine.uses.isEmpty)
        let first = try await registry.uses(toldTo: "two", after: nil, since: Self.now)
        #expect(first.uses == told)
        #expect(try await registry.uses(toldTo: "two", after: first.last, since: Self.now).uses.isEmpty)
        try await registry.tell([told[0]], by: "three", at: Self.now)
        #expect(try await registry.uses(toldTo: "two", after: first.last, since: Self.now).uses == [told[0]])
        #expect(try await registry.uses(toldTo: "one", after: mine.last, since: Self.now).uses == [told[0]])
    }

    @Test("counts no more when it is old, and is forgotten", arguments: DatabaseDriver.available)
    func forgetting(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let use = AddressUse(limit: "failures", address: String(repeating: "x", count: 10_000), count: 3)
        try await registry.tell([use], by: "one", at: Self.now)
        let later = Self.now.addingTimeInterval(61)
        #expect(try await registry.uses(toldTo: "two", after: nil, since: later).uses.isEmpty)
        try await registry.tell([use], by: "one", at: later)
        try await registry.pruneAddressUse(before: later)
        let left = try await registry.uses(toldTo: "two", after: nil, since: .distantPast).uses
        #expect(left.count == 1)
        #expect(left.first?.address.utf8.count ?? 0 < 300)
    }
}
