import Foundation
import Testing

@testable import Registry

@Suite("What was changed", .freshDatabase)
struct RecordedStateTests {
    /// The states of the newest event, before and after.
    private static func newest(_ registry: Registry) async throws -> [String?] {
        let event = try await registry.events(limit: 1).first
        return [event?.object, event?.before, event?.after]
    }

    @Test("of templates is recorded before and after", arguments: DatabaseDriver.available)
    func templates(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let (old, new) = (
            TemplateRecord(name: "Phones", settings: #"{"days":1}"#),
            TemplateRecord(name: "Phones", settings: #"{"days":2}"#)
        )
        #expect(try await registry.insert(old, by: "anna", at: TestRecords.now))
        #expect(try await Self.newest(registry) == ["template Phones", nil, old.settings])
        #expect(try await registry.update(new, from: old, by: "anna", at: TestRecords.now))
        #expect(try await Self.newest(registry) == ["template Phones", old.settings, new.settings])
        _ = try await registry.deleteTemplate("Phones", named: TemplateTests.naming, by: "anna", at: TestRecords.now)
        #expect(try await Self.newest(registry) == ["template Phones", new.settings, nil])
    }

    @Test("of challenges is recorded without their digests", arguments: DatabaseDriver.available)
    func challenges(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let challenge = NewChallenge(
            profile: "default", digest: Array("very secret".utf8), label: "l", device: "d", user: "u",
            binding: #"{"template":"vpn"}"#, maximumUses: 1, expiresAt: Date(timeIntervalSince1970: 0))
        guard
            case .inserted(let ids) = try await registry.insert([challenge], by: "anna", at: TestRecords.now)
        else {
            Issue.record("not recorded")
            return
        }
        func state(_ state: String) -> String {
            #"{"binding":{"template":"vpn"},"device":"d","expiresAt":"1970-01-01T00:00:00Z","label":"l","#
                + #""maximumUses":1,"state":"\#(state)","user":"u"}"#
        }
        #expect(try await Self.newest(registry) == [nil, nil, state("usable")])
        #expect(try await registry.revokeChallenge(ids[0], by: "anna", at: TestRecords.now))
        #expect(try await Self.newest(registry) == [nil, state("usable"), state("revoked")])
    }

    @Test("of requests is recorded as they go on", arguments: DatabaseDriver.available)
    func requests(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        _ = try await registry.install()
        let pending = #"{"state":"pending"}"#
        let rejected = try await registry.waiting(TestRecords.request(1, transactionID: "1"))
        #expect(try await Self.newest(registry) == [nil, nil, pending])
        _ = try await registry.reject(rejected, reason: "no", by: "anna", at: TestRecords.now)
        #expect(try await Self.newest(registry) == [nil, pending, #"{"reason":"no","state":"rejected"}"#])
        let approved = try await registry.waiting(TestRecords.request(2, transactionID: "2"))
        _ = try await registry.approve(
            approved, TestRecords.certificate(2), by: "anna", terms: "", needed: 2, at: TestRecords.now)
        #expect(try await Self.newest(registry) == [nil, pending, #"{"approvals":1,"state":"pending"}"#])
        _ = try await registry.approve(
            approved, TestRecords.certificate(2), by: "bert", terms: "", needed: 2, at: TestRecords.now)
        #expect(try await Self.newest(registry) == [nil, pending, #"{"state":"issued"}"#])
        let expired = TestRecords.request(3, transactionID: "3", expiresAt: TestRecords.now)
        _ = try await registry.waiting(expired, at: TestRecords.now.addingTimeInterval(-1))
        #expect(try await registry.expireRequests(at: TestRecords.now).count == 1)
        #expect(try await Self.newest(registry) == [nil, pending, #"{"state":"expired"}"#])
    }

    @Test("of certificates is recorded: revoked, on hold, released, superseded", arguments: DatabaseDriver.available)
    func certificates(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let authority = try await registry.install()
        _ = try await registry.grant(TestRecords.request(1), TestRecords.certificate(1), at: TestRecords.now)
        #expect(try await Self.newest(registry) == [nil, nil, nil])
        let serialNumber = TestRecords.certificate(1).serialNumber
        let id = try #require(try await registry.certificate(serialNumber: serialNumber, authority: authority)?.id)
        let good = #"{"state":"good"}"#
        let hold = #"{"reason":6,"since":"2027-01-15T08:00:00Z","state":"hold"}"#
        _ = try await registry.revoke([id], RevocationOrder(reason: 6, note: "", by: "anna"), at: TestRecords.now)
        #expect(try await Self.newest(registry) == [nil, good, hold])
        _ = try await registry.release([id], by: "anna", note: "", at: TestRecords.now)
        #expect(try await Self.newest(registry) == [nil, hold, good])
        var renewal = TestRecords.request(2, transactionID: "2")
        renewal.signerCertificate = id
        _ = try await registry.grant(renewal, TestRecords.certificate(2), superseding: id, at: TestRecords.now)
        #expect(try await Self.newest(registry) == [nil, nil, #"{"superseded":\#(id)}"#])
        #expect(try await registry.certificate(id)?.revocation?.reason == 4)
    }

    @Test("of CAs is recorded: made, retired, the default, followed", arguments: DatabaseDriver.available)
    func authorities(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let first = try await registry.install()
        let other = try await registry.addAuthority("other")
        #expect(try await Self.newest(registry) == ["CA other", nil, #"{"number":\#(other),"state":"active"}"#])
        _ = try await registry.setDefault(authority: other, by: "anna", at: TestRecords.now)
        #expect(try await Self.newest(registry) == ["CA other", #"{"default":"CA"}"#, #"{"default":"other"}"#])
        _ = try await registry.setDefault(authority: first, by: "anna", at: TestRecords.now)
        let (active, retired) = (#"{"state":"active"}"#, #"{"state":"retired"}"#)
        #expect(try await registry.retire(authority: other, by: "anna", at: TestRecords.now) == .retired)
        #expect(try await Self.newest(registry) == ["CA other", active, retired])
        #expect(try await registry.reinstate(authority: other, by: "anna", at: TestRecords.now))
        #expect(try await Self.newest(registry) == ["CA other", retired, active])
        _ = try await RolloverTests.next(after: first, in: registry)
        let later = TestRecords.now.addingTimeInterval(60)
        #expect(try await registry.reschedule(rolloverOf: first, to: later, by: "anna", at: TestRecords.now))
        let event = try #require(try await registry.events(limit: 1).first)
        #expect(event.object == "CA CA")
        #expect(event.after == #"{"switchAt":"2027-01-15T08:01:00Z"}"#)
        _ = try await registry.switchAuthorities(at: later)
        let switched = try await Self.newest(registry)
        #expect(switched[1] == #"{"default":"CA"}"#)
        #expect(switched[2]?.hasSuffix(#""profiles":["default"]}"#) == true)
        #expect(try await registry.auditFault() == nil)
    }

    @Test("by whom and from where is recorded", arguments: DatabaseDriver.available)
    func deciders(_ driver: DatabaseDriver) async throws {
        let registry = try await driver.openRegistry()
        let anna = Decider("anna", means: "the token deploy", address: "2001:db8::1")
        try await registry.set("limits", to: "{}", by: anna, at: TestRecords.now)
        let event = try #require(try await registry.events(limit: 1).first)
        #expect([event.actor, event.via, event.origin] == ["anna", "the token deploy", "2001:db8::1"])
        #expect(event.clientAddress == nil)
    }
}
