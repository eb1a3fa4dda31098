import Foundation
import Testing

@testable import Registry

@Suite("An event", .freshDatabase)
struct EventTests {
    @Test("comes back as it was put in", arguments: DatabaseDriver.available)
    func roundTrip(_ driver: DatabaseDriver) async throws {
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
        let records = try await registry.events(limit: 10)
        #expect(
            records.map(\.unlinked) == [
                EventRecord(
                    id: 2, milliseconds: TestRecords.now.milliseconds, kindName: "guessingAlarm", actor: "server"),
                EventRecord(
                    id: 1, milliseconds: TestRecords.now.milliseconds, kindName: "refused", actor: "device",
                    via: "the token deploy", origin: "192.0.2.1", profile: "default", request: 1, challenge: 2,
                    certificate: 3, clientAddress: "192.0.2.7", subject: "CN=device", object: "profile vpn",
                    detail: "the challenge is wrong", explanation: "challenge: fails", before: #"{"a":1}"#,
                    after: #"{"a":"b"}"#),
            ]
        )
        #expect(records.map { $0.link?.sequence } == [2, 1])
        #expect(records.map(\.date) == [TestRecords.now, TestRecords.now])
        #expect(records.map(\.kind) == [.guessingAlarm, .refused])
    }

    @Test("of every kind is known by its name", arguments: EventKind.allCases, DatabaseDriver.available)
    func kinds(_ kind: EventKind, on driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        try await registry.record(NewEvent(kind, by: "anna"), at: TestRecords.now)
        #expect(try await registry.events(limit: 10).map(\.kind) == [kind])
        #expect(try await registry.events(EventFilter(kinds: [kind]), limit: 10).count == 1)
    }

    @Test(
        "of a kind that this version does not know is read all the same", arguments: ["", "teleported", "Issued"],
        DatabaseDriver.available)
    func unknownKind(name: String, on driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        try await registry.record(NewEvent(.issued, by: "anna", request: 1), at: TestRecords.now)
        _ = try await registry.database.write { try $0.execute("UPDATE event SET kind = $1", [.text(name)]) }
        let records = try await registry.events(limit: 10)
        #expect(records.map(\.kind) == [nil])
        #expect(records.map(\.kindName) == [name])
        #expect(try await registry.events(request: 1) == records)
    }

    @Test("tells of everything that a device does and that is decided on it", arguments: DatabaseDriver.available)
    func ofRequests(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let authority = try await registry.install()
        let challenge = try await registry.makeChallenge(1)
        let request = TestRecords.request(1, transactionID: "1", challenge: challenge)
        let certificate = TestRecords.certificate(1)
        guard case .recorded(let first) = try await registry.grant(request, certificate, at: TestRecords.now) else {
            Issue.record("not granted")
            return
        }
        let issued = try await registry.certificate(serialNumber: certificate.serialNumber, authority: authority)
        let event = try #require(try await registry.events(request: first).first)
        let expected = EventRecord(
            id: event.id, milliseconds: TestRecords.now.milliseconds, kindName: "issued", actor: "device",
            profile: "default", request: first, challenge: challenge.id, certificate: issued?.id,
            clientAddress: "192.0.2.7", subject: "CN=device 1")
        #expect(event.unlinked == expected)
        // What the rules said is with the request.
        #expect(try await registry.request(first)?.request.explanation == "challenge: holds")

        var renewal = TestRecords.request(2, transactionID: "2")
        renewal.signerCertificate = issued?.id
        _ = try await registry.grant(renewal, TestRecords.certificate(2), at: TestRecords.now)
        let approved = try await registry.waiting(TestRecords.request(3, transactionID: "3"))
        _ = try await registry.approve(approved, TestRecords.certificate(3), by: "bert")
        let rejected = try await registry.waiting(TestRecords.request(4, transactionID: "4"))
        _ = try await registry.reject(rejected, reason: "unknown device", by: "anna", at: TestRecords.now)
        #expect(
            try await registry.eventKinds() == [.issued, .renewed, .pending, .approved, .pending, .rejected]
        )
        let newest = try await registry.events(limit: 3)
        #expect(newest.map(\.actor) == ["anna", "device", "bert"])
        #expect(newest.map(\.request) == [rejected, rejected, approved])
        #expect(newest.map(\.subject) == ["CN=device 4", "CN=device 4", "CN=device 3"])
        #expect(newest[0].detail == "unknown device")
        #expect(newest[2].certificate != nil)
    }

    static let dates: [(milliseconds: Int64, text: String)] = [
        (0, "1970-01-01T00:00:00.000Z"), (1_800_000_000_125, "2027-01-15T08:00:00.125Z"),
        (1_795_431_501_952, "2026-11-23T10:58:21.952Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (-1_000, "1969-12-31T23:59:59.000Z"), (7, "1970-01-01T00:00:00.007Z"),
        (.max, "9999-12-31T23:59:59.999Z"), (.min, "1600-01-01T00:00:00.000Z"),
    ]

    @Test("says when it was to the millisecond, whatever is stored", arguments: dates.indices)
    func dateText(index: Int) {
        let (milliseconds, text) = Self.dates[index]
        #expect(EventRecord(id: 1, milliseconds: milliseconds, kindName: "x", actor: "x").dateText == text)
    }

    @Test(
        "is not written twice for the same request again, nor for what is answered from memory",
        arguments: DatabaseDriver.available)
    func onceOnly(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let now = TestRecords.now
        for _ in 0..<3 { _ = try await registry.grant(TestRecords.request(1), TestRecords.certificate(1), at: now) }
        for _ in 0..<3 { _ = try await registry.pend(TestRecords.request(2, transactionID: "2"), at: now) }
        for number in 3..<6 {
            _ = try await registry.pend(TestRecords.request(2, transactionID: "\(number)"), at: now)
        }
        #expect(try await registry.eventKinds() == [.issued, .pending])
    }

    @Test("tells of profiles and who changed them", arguments: DatabaseDriver.available)
    func ofProfiles(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let authority = try await registry.install()
        _ = try await registry.addProfile("routers")
        let old = ProfileRecord(name: "routers", authority: authority, settings: "{}")
        var new = old
        new.settings = #"{"isOpen":true}"#
        #expect(try await registry.update(new, from: old, by: "bert", at: TestRecords.now))
        #expect(try await !registry.update(new, from: old, by: "carl", at: TestRecords.now))
        #expect(try await registry.deleteProfile("routers", by: "dora", at: TestRecords.now))
        #expect(try await !registry.deleteProfile("routers", by: "dora", at: TestRecords.now))
        let events = try await registry.events(EventFilter(profile: "routers"), limit: 10)
        #expect(events.map(\.kind) == [.profileDeleted, .profileChanged, .profileCreated])
        #expect(events.map(\.actor) == ["dora", "bert", "anna"])
        #expect(events.allSatisfy { $0.object == "profile routers" })
        let (first, second) = (
            #"{"authority":"CA","settings":{}}"#, #"{"authority":"CA","settings":{"isOpen":true}}"#
        )
        #expect(events.map(\.before) == [second, first, nil])
        #expect(events.map(\.after) == [nil, second, first])
        #expect(try await registry.events(EventFilter(profile: "default"), limit: 1).first?.actor == "first start")
    }

    @Test("is found by profile, kind, address and time, page by page", arguments: DatabaseDriver.available)
    func filters(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let kinds: [EventKind] = [.issued, .refused, .pending]
        for number in 0..<60 {
            try await registry.record(
                NewEvent(
                    kinds[number % 3],
                    by: Decider.device,
                    profile: number % 2 == 0 ? "default" : nil,
                    clientAddress: "192.0.2.\(number % 5)",
                    detail: "\(number)"
                ),
                at: TestRecords.now.addingTimeInterval(Double(number))
            )
        }
        func numbers(_ filter: EventFilter, limit: Int = 100) async throws -> [Int] {
            try await registry.events(filter, limit: limit).compactMap { Int($0.detail) }
        }
        let all = Array((0..<60).reversed())
        #expect(try await numbers(EventFilter()) == all)
        #expect(try await numbers(EventFilter(), limit: 7) == Array(all.prefix(7)))
        #expect(try await numbers(EventFilter(profile: "default")) == all.filter { $0 % 2 == 0 })
        #expect(try await numbers(EventFilter(kinds: [.issued, .pending])) == all.filter { $0 % 3 != 1 })
        #expect(try await numbers(EventFilter(kinds: [.expired])).isEmpty)
        #expect(try await numbers(EventFilter(clientAddress: "192.0.2.3")) == all.filter { $0 % 5 == 3 })
        let since = TestRecords.now.addingTimeInterval(40)
        #expect(try await numbers(EventFilter(since: since)) == all.filter { $0 >= 40 })
        let everything = EventFilter(
            profile: "default", kinds: [.refused], clientAddress: "192.0.2.0", since: TestRecords.now)
        #expect(try await numbers(everything) == [40, 10])
        var pages: [Int] = []
        var last: Int64?
        while true {
            let page = try await registry.events(EventFilter(profile: "default"), after: last, limit: 8)
            pages += page.compactMap { Int($0.detail) }
            last = page.last?.id
            if page.isEmpty { break }
        }
        #expect(pages == all.filter { $0 % 2 == 0 })
    }

    @Test(
        "that is a refusal is forgotten after a while or when there are many; no other is",
        arguments: DatabaseDriver.available)
    func pruning(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        for number in 0..<2_600 {
            try await registry.record(
                NewEvent(number % 2 == 0 ? .refused : .issued, by: Decider.device, detail: "\(number)"),
                // Many in the same millisecond.
                at: TestRecords.now.addingTimeInterval(Double(number / 650))
            )
        }
        func refusals() async throws -> [Int] {
            try await registry.events(EventFilter(kinds: [.refused]), limit: 10_000).compactMap { Int($0.detail) }
        }
        #expect(try await registry.prune(refusalsBefore: TestRecords.now, keepingAtMost: 2_000) == 0)
        let next = TestRecords.now.addingTimeInterval(1)
        #expect(try await registry.prune(refusalsBefore: next, keepingAtMost: 2_000) == 325)
        #expect(try await refusals() == (650..<2_600).reversed().filter { $0 % 2 == 0 })
        #expect(try await registry.prune(refusalsBefore: next, keepingAtMost: 100) == 875)
        #expect(try await refusals() == (2_400..<2_600).reversed().filter { $0 % 2 == 0 })
        #expect(try await registry.prune(refusalsBefore: next, keepingAtMost: 0) == 100)
        #expect(try await registry.prune(refusalsBefore: .distantFuture, keepingAtMost: -1) == 0)
        #expect(try await registry.count("event") == 1_300)
    }
}

extension EventRecord {
    /// The event without its place in the audit log.
    var unlinked: EventRecord {
        var event = self
        event.link = nil
        return event
    }
}
