import Foundation
import Testing

@testable import Registry

@Suite("The digest of an entry of the audit log", .freshDatabase)
struct AuditDigestTests {
    @Test("is what it was in the first version that wrote one", arguments: DatabaseDriver.available)
    func stable(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let event = NewEvent(
            .refused,
            by: Decider("device", means: "the token deploy", address: "192.0.2.1"),
            profile: "default",
            request: 1,
            challenge: 2,
            certificate: 3,
            clientAddress: "192.0.2.7",
            subject: "CN=device",
            object: "profile vpn",
            detail: "the challenge is wrong",
            explanation: "challenge: fails",
            before: ["a": 1],
            after: ["a": "b"]
        )
        try await registry.record(event, at: TestRecords.now)
        try await registry.record(NewEvent(.guessingAlarm, by: Decider.server), at: TestRecords.now)
        // Computed by another program from what AuditDigest says.
        let digests = [
            "15b5b2f83fb2bb8783eac886d94d78dcc5a2ea2b34bc3876e41bd3d5119b959a",
            "b9c95279043a9540dea44f3ef6eb3374bd1f003fd704595761db80a2601f5de0",
        ]
        let events = try await registry.events(order: .oldestFirst, limit: 10)
        #expect(events.map { $0.link?.digestText } == digests)
        #expect(try await registry.auditHeads().map { "\($0.head)" } == ["2:" + digests[1]])
        #expect(try await registry.auditHeads().map(\.entries) == [2])
    }

    @Test("is another one wherever something is, and tells nothing from an empty text")
    func distinct() {
        let empty = [SQLValue](repeating: .null, count: 16)
        var digests: Set<[UInt8]> = []
        var count = 0
        func add(_ content: [SQLValue], chain: Int64 = 1, sequence: Int64 = 1, previous: [UInt8] = AuditLink.start) {
            digests.insert(AuditDigest.digest(after: previous, chain: chain, sequence: sequence, content))
            count += 1
        }
        add(empty)
        add(empty, chain: 2)
        add(empty, sequence: 2)
        add(empty, previous: [UInt8](repeating: 1, count: 32))
        let values: [SQLValue] = [
            .text(""), .text("a"), .text("aa"), .text("1"), .integer(0), .integer(1), .integer(-1), .integer(.min),
            .bytes([]), .bytes([1]),
        ]
        for column in empty.indices {
            for value in values {
                var content = empty
                content[column] = value
                add(content)
            }
        }
        // The end of one text is not the beginning of the next.
        for (first, second) in [("ab", "c"), ("a", "bc"), ("", "abc"), ("abc", "")] {
            add([.text(first), .text(second)] + empty.dropFirst(2))
        }
        #expect(digests.count == count)
    }
}
