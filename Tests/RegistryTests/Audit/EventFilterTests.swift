import Foundation
import Testing

@testable import Registry

@Suite("Events that are looked for", .freshDatabase)
struct EventFilterTests {
    private static func fill(_ registry: Registry) async throws {
        let objects = [nil, "profile vpn", "CA UCM CA"]
        for number in 0..<60 {
            try await registry.record(
                NewEvent(
                    number.isMultiple(of: 2) ? .issued : .profileChanged,
                    by: number.isMultiple(of: 4) ? Decider.device : Decider(number.isMultiple(of: 3) ? "anna" : "bert"),
                    request: Int64(number % 7),
                    challenge: Int64(number % 11),
                    certificate: Int64(number % 13),
                    subject: "CN=Gerät \(number)",
                    object: objects[number % 3],
                    detail: "\(number)"
                ),
                at: TestRecords.now.addingTimeInterval(Double(number))
            )
        }
    }

    static let filters: [(filter: EventFilter, matches: @Sendable (Int) -> Bool)] = [
        (EventFilter(), { _ in true }),
        (EventFilter(actors: ["device"]), { $0 % 4 == 0 }),
        (EventFilter(actors: ["anna"]), { $0 % 4 != 0 && $0 % 3 == 0 }),
        (EventFilter(actors: ["anna", "bert"]), { $0 % 4 != 0 }),
        (EventFilter(actors: ["device", "bert"]), { $0 % 4 == 0 || $0 % 3 != 0 }),
        (EventFilter(actors: ["nobody"]), { _ in false }),
        (EventFilter(object: "profile vpn"), { $0 % 3 == 1 }),
        (EventFilter(object: "profile"), { _ in false }),
        (EventFilter(request: 3), { $0 % 7 == 3 }),
        (EventFilter(challenge: 3), { $0 % 11 == 3 }),
        (EventFilter(certificate: 3), { $0 % 13 == 3 }),
        (EventFilter(kinds: [.profileChanged]), { $0 % 2 == 1 }),
        (EventFilter(kinds: [.issued, .renewed]), { $0 % 2 == 0 }),
        (EventFilter(kinds: [.issued, .profileChanged], request: 1), { $0 % 7 == 1 }),
        (
            EventFilter(
                since: TestRecords.now.addingTimeInterval(10), until: TestRecords.now.addingTimeInterval(20)),
            { (10..<20).contains($0) }
        ),
        (EventFilter(text: "ucm ca"), { $0 % 3 == 2 }),
        (EventFilter(text: "UCM"), { $0 % 3 == 2 }),
        (EventFilter(text: "cn=gerät 7"), { $0 == 7 }),
        (EventFilter(text: "CN=GERÄT 7"), { $0 == 7 }),
        (EventFilter(text: "Gerät"), { _ in true }),
        (EventFilter(text: "%"), { _ in false }),
        (EventFilter(text: "_"), { _ in false }),
        (EventFilter(text: "\\"), { _ in false }),
        (EventFilter(text: "'"), { _ in false }),
        (EventFilter(kinds: [.profileChanged], actors: ["anna"], text: "vpn"), { _ in false }),
        (
            EventFilter(kinds: [.profileChanged], actors: ["bert"], text: "vpn"),
            { $0 % 2 == 1 && $0 % 3 == 1 }
        ),
    ]

    @Test("are those that are meant, in both orders, page by page", arguments: DatabaseDriver.available)
    func found(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        try await Self.fill(registry)
        for (index, (filter, matches)) in Self.filters.enumerated() {
            let expected = (0..<60).filter(matches)
            for order in ListOrder.allCases {
                var found: [Int] = []
                var last: Int64?
                while true {
                    let page = try await registry.events(filter, after: last, order: order, limit: 7)
                    found += page.compactMap { Int($0.detail) }
                    guard let end = page.last else { break }
                    last = end.id
                }
                #expect(found == (order == .oldestFirst ? expected : expected.reversed()), "filter \(index)")
            }
        }
    }

    @Test(
        "of all kinds are looked for with their text by hostile ones as well", arguments: HostileTextTests.texts.indices
    )
    func hostile(index: Int) async throws {
        let text = HostileTextTests.texts[index]
        let registry = try await DatabaseDriver.sqlite.openRegistry()
        try await registry.record(
            NewEvent(
                .accountChanged, by: Decider(text, means: text, address: text), profile: text, clientAddress: text,
                subject: text, object: text, detail: text, explanation: text, before: ["a": .text(text)],
                after: AuditState(json: text)),
            at: TestRecords.now
        )
        let filters = [
            EventFilter(actors: [text]), EventFilter(object: text), EventFilter(clientAddress: text),
            EventFilter(text: String(text.prefix(20))),
        ]
        for filter in filters { #expect(try await registry.events(filter, limit: 2).count == 1) }
        #expect(try await registry.auditFault() == nil)
    }

    static let plans: [(filter: EventFilter, index: String)] = [
        (EventFilter(actors: ["anna"]), "event_actor"), (EventFilter(kinds: [.profileChanged]), "event_kind"),
        (EventFilter(kinds: [.refused, .signInFailed]), "event_kind"), (EventFilter(request: 1), "event_request"),
    ]

    @Test("are found by an index where they are rare", arguments: plans.indices)
    func useOfIndexes(index: Int) async throws {
        let registry = try await DatabaseDriver.sqlite.openRegistry()
        let (filter, name) = Self.plans[index]
        let conditions = filter.query.conditions
        let plan = try await registry.database.read { connection in
            try connection.query(
                "EXPLAIN QUERY PLAN SELECT * FROM event \(conditions.clause) ORDER BY id DESC LIMIT 100",
                conditions.values
            ).map { try $0.text(3) }.joined()
        }
        #expect(plan.contains("INDEX \(name) "), "\(plan)")
    }

    @Test("because anybody can cause them are found by an index")
    func forgettable() async throws {
        let registry = try await DatabaseDriver.sqlite.openRegistry()
        let plan = try await registry.database.read { connection in
            try connection.query(
                """
                EXPLAIN QUERY PLAN SELECT id FROM event WHERE kind = 'refused' AND \(EventKind.isForgettable)
                AND at < 7 ORDER BY at, id LIMIT 500
                """,
                []
            ).map { try $0.text(3) }.joined()
        }
        #expect(plan.contains("COVERING INDEX event_forgettable "), "\(plan)")
        #expect(!plan.contains("B-TREE"), "\(plan)")
        for kind in EventKind.allCases {
            #expect(EventKind.isForgettable.contains("'\(kind)'") == EventKind.forgettable.contains(kind))
            #expect(EventKind.isExtraordinary.contains("'\(kind)'") == EventKind.ordinary.contains(kind))
        }
    }
}
