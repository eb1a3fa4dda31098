import Foundation
import Testing

@testable import Registry

@Suite("A request in whose place its device sent another one", .freshDatabase)
struct PruningTests {
    /// A device that corrects its request again and again.
    static func replace(_ numbers: Range<Int>, in registry: Registry) async throws -> [Int64] {
        var ids: [Int64] = []
        for number in numbers {
            let now = TestRecords.now.addingTimeInterval(Double(number))
            ids.append(try await registry.waiting(TestRecords.request(number), at: now))
        }
        return ids
    }

    @Test("is forgotten after a while, with the events of its waiting", arguments: DatabaseDriver.available)
    func old(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let ids = try await Self.replace(0..<6, in: registry)
        let third = TestRecords.now.addingTimeInterval(3)
        #expect(try await registry.prune(idleRequestsBefore: TestRecords.now, keepingAtMost: 100) == 0)
        #expect(try await registry.prune(idleRequestsBefore: third, keepingAtMost: 100) == 3)
        for (number, id) in ids.enumerated() {
            let record = try await registry.request(id)
            #expect((record != nil) == (number >= 3))
            #expect(try await registry.events(request: id).isEmpty == (number < 3))
        }
        // The one that waits is no older one, however old it is.
        #expect(try await registry.prune(idleRequestsBefore: .distantFuture, keepingAtMost: 100) == 2)
        #expect(try await registry.request(ids[5])?.state == .pending)
    }

    @Test("is forgotten where there are many, the oldest first", arguments: DatabaseDriver.available)
    func many(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        // More than are deleted in one step.
        let ids = try await Self.replace(0..<1_211, in: registry)
        #expect(try await registry.prune(idleRequestsBefore: .distantPast, keepingAtMost: 1_210) == 0)
        #expect(try await registry.prune(idleRequestsBefore: .distantPast, keepingAtMost: 10) == 1_200)
        #expect(try await registry.request(ids[1_199]) == nil)
        #expect(try await registry.request(ids[1_200]) != nil)
        #expect(try await registry.prune(idleRequestsBefore: .distantPast, keepingAtMost: -1) == 10)
        #expect(try await registry.count("request") == 1)
    }

    @Test(
        "frees the challenge that it held, and forgetting it changes nothing about that",
        arguments: DatabaseDriver.available)
    func challenge(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let challenge = try await registry.makeChallenge(1, uses: 1)
        _ = try await registry.waiting(TestRecords.request(1, challenge: challenge))
        _ = try await registry.waiting(TestRecords.request(2, challenge: challenge))
        #expect(try await registry.usage(of: challenge) == .init(uses: 0, reserved: 1))
        #expect(try await registry.prune(idleRequestsBefore: .distantFuture, keepingAtMost: 0) == 1)
        #expect(try await registry.usage(of: challenge) == .init(uses: 0, reserved: 1))
        #expect(try await registry.count("challenge_use") == 1)
    }
}
